{{ config(materialized='table', cluster_by=['campaign_id', 'hashtag']) }}

{%- set most_notable = env_var('PULSE_NOTABLE_DAYS', '5') | int %}

with most_engagement as (

    select campaign_id, hashtag, peak_day from {{ ref('hashtag_peaks') }}
    where followed

),

-- The strongest event of each day: a day that stands out by several series is one day.
notable as (

    select
        campaign_id,
        hashtag,
        top_day as peak_day,
        peak_id as strongest_peak_id,
        score
    from {{ ref('peaks') }}
    qualify row_number() over (
        partition by campaign_id, hashtag, top_day
        order by score desc, peak_id
    ) = 1

),

-- News cost money: of the days that are notable for the whole campaign, the strongest are asked about.
asked_about as (

    select
        campaign_id,
        hashtag,
        peak_day
    from notable
    where hashtag = '*'
    qualify row_number() over (
        partition by campaign_id
        order by score desc, peak_day
    ) <= {{ most_notable }}

),

days as (

    select campaign_id, hashtag, peak_day from most_engagement
    union distinct
    select campaign_id, hashtag, peak_day from asked_about

),

hashtags as (

    select campaign_id, hashtag, posts from {{ ref('int_hashtags_followed') }}

)

-- The days that are asked about: news, explanation and alerts begin here.
select
    days.campaign_id,
    days.hashtag,
    days.peak_day,
    most_engagement.campaign_id is not null as is_most_engagement,
    notable.campaign_id is not null as is_notable,
    hashtags.posts as posts_of_hashtag,
    notable.strongest_peak_id,
    notable.score
from days
inner join hashtags
    on days.campaign_id = hashtags.campaign_id
    and days.hashtag = hashtags.hashtag
left join most_engagement
    on days.campaign_id = most_engagement.campaign_id
    and days.hashtag = most_engagement.hashtag
    and days.peak_day = most_engagement.peak_day
left join notable
    on days.campaign_id = notable.campaign_id
    and days.hashtag = notable.hashtag
    and days.peak_day = notable.peak_day
