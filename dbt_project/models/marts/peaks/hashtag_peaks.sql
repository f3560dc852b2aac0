{{ config(materialized='table', cluster_by=['campaign_id', 'hashtag']) }}

with days as (

    select
        *,
        coalesce(engagement_waiting, 0) > 0 as provisional
    from {{ ref('engagement_daily') }}
    where {{ ever('day') }}

),

followed as (

    select * from {{ ref('int_hashtags_followed') }}

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
    firsts.engagement_waiting,
    firsts.engagement - firsts.runner_up_engagement as margin,
    firsts.coverage < {{ lowest_coverage() }} as under_covered,
    firsts.captured_hours < firsts.hours_in_day as partial
from firsts
inner join followed
    on firsts.campaign_id = followed.campaign_id
    and firsts.hashtag = followed.hashtag
