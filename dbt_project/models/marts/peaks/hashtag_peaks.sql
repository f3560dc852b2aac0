{{ config(materialized='table', cluster_by=['campaign_id', 'hashtag']) }}

{%- set followed_by_default = env_var('PULSE_FOLLOWED_HASHTAGS', '5') | int %}

with days as (

    select
        *,
        coalesce(engagement_waiting, 0) > 0 as provisional
    from {{ ref('engagement_daily') }}

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

-- A day with posts that are not yet measured at the common age is compared with its like only: its figure still grows.
ranked as (

    select
        *,
        lead(day) over by_engagement as runner_up_day,
        lead(engagement) over by_engagement as runner_up_engagement,
        row_number() over by_engagement as place
    from days
    where engagement > 0
    window by_engagement as (
        partition by campaign_id, hashtag, provisional
        order by engagement desc, day
    )

),

-- The first of the complete days; of the provisional ones where no day is complete.
firsts as (

    select * from ranked
    where place = 1
    qualify row_number() over (
        partition by campaign_id, hashtag
        order by provisional
    ) = 1

)

select
    firsts.campaign_id,
    firsts.hashtag,
    firsts.day as peak_day,
    firsts.engagement,
    firsts.runner_up_day,
    firsts.runner_up_engagement,
    firsts.coverage,
    followed.posts,
    followed.followed,
    firsts.engagement_age,
    firsts.provisional,
    firsts.engagement_waiting
from firsts
inner join followed
    on firsts.campaign_id = followed.campaign_id
    and firsts.hashtag = followed.hashtag
