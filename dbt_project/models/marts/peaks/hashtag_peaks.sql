{{ config(materialized='table', cluster_by=['campaign_id', 'hashtag']) }}

{%- set followed_by_default = env_var('PULSE_FOLLOWED_HASHTAGS', '5') | int %}

with days as (

    select * from {{ ref('engagement_daily') }}

),

campaigns as (

    select campaign_id, hashtags from {{ ref('stg_pulse__campaigns') }}

),

totals as (

    select
        campaign_id,
        hashtag,
        cast(sum(posts) as int64) as posts
    from days
    group by campaign_id, hashtag

),

-- The whole campaign; the campaign's own list; without a list, the hashtags seen most.
followed as (

    select
        totals.campaign_id,
        totals.hashtag,
        totals.posts,
        totals.hashtag = '*'
        or if(
            coalesce(array_length(campaigns.hashtags), 0) > 0,
            totals.hashtag in unnest(campaigns.hashtags),
            row_number() over (
                partition by totals.campaign_id, totals.hashtag = '*'
                order by totals.posts desc, totals.hashtag
            ) <= {{ followed_by_default }}
        ) as followed
    from totals
    left join campaigns on totals.campaign_id = campaigns.campaign_id

),

ranked as (

    select
        campaign_id,
        hashtag,
        day,
        engagement,
        coverage,
        lead(day) over by_engagement as runner_up_day,
        lead(engagement) over by_engagement as runner_up_engagement,
        row_number() over by_engagement as place
    from days
    where engagement > 0
    window by_engagement as (
        partition by campaign_id, hashtag
        order by engagement desc, day
    )

)

select
    ranked.campaign_id,
    ranked.hashtag,
    ranked.day as peak_day,
    ranked.engagement,
    ranked.runner_up_day,
    ranked.runner_up_engagement,
    ranked.coverage,
    followed.posts,
    followed.followed
from ranked
inner join followed
    on ranked.campaign_id = followed.campaign_id
    and ranked.hashtag = followed.hashtag
where ranked.place = 1
