{{ config(
    materialized='incremental',
    incremental_strategy='insert_overwrite',
    partition_by={'field': 'day', 'data_type': 'date'},
    cluster_by=['campaign_id', 'hashtag'],
) }}

with posts as (

    select * from {{ ref('int_tweet_hashtags') }}
    where {{ in_hours_of_days('created_at') }}
        and {{ in_days('day') }}

),

campaigns as (

    select campaign_id, zone from {{ ref('stg_pulse__campaigns') }}

),

captured_hours as (

    select
        ledger.campaign_id,
        date(ledger.hour, coalesce(campaigns.zone, 'UTC')) as day,
        ledger.captured,
        ledger.counted
    from {{ ref('stg_x__capture_ledger') }} as ledger
    left join campaigns on ledger.campaign_id = campaigns.campaign_id
    where {{ in_hours_of_days('ledger.hour') }}

),

captured_days as (

    select
        campaign_id,
        day,
        cast(sum(captured) as int64) as captured,
        -- One hour that nobody counted makes the day's count unknown.
        if(countif(counted is null) > 0, null, cast(sum(counted) as int64)) as counted
    from captured_hours
    where {{ in_days('day') }}
    group by campaign_id, day

),

measured as (

    select
        campaign_id,
        hashtag,
        day,
        count(*) as posts,
        cast(countif(not is_repost) as int64) as originals,
        cast(countif(is_repost) as int64) as reposts,
        count(distinct author_key) as authors,
        {{ engagement_sum() }} as engagement,
        {{ engagement_ages() }}
    from posts
    group by campaign_id, hashtag, day

),

-- A captured day without posts is a known zero of the whole campaign.
silent as (

    select
        captured_days.campaign_id,
        '*' as hashtag,
        captured_days.day,
        0 as posts,
        0 as originals,
        0 as reposts,
        0 as authors,
        0 as engagement,
        {{ engagement_ages_of_silence() }}
    from captured_days
    left join measured
        on captured_days.campaign_id = measured.campaign_id
        and captured_days.day = measured.day
        and measured.hashtag = '*'
    where measured.campaign_id is null

),

all_days as (

    select * from measured
    union all
    select * from silent

)

select
    all_days.campaign_id,
    all_days.hashtag,
    all_days.day,
    all_days.posts,
    all_days.originals,
    all_days.reposts,
    all_days.authors,
    all_days.engagement,
    captured_days.captured,
    captured_days.counted,
    {{ coverage_of('captured_days.captured', 'captured_days.counted') }} as coverage,
    all_days.engagement_age,
    all_days.engagement_measured,
    all_days.engagement_waiting,
    all_days.engagement_deleted,
    all_days.engagement_missed
from all_days
left join captured_days
    on all_days.campaign_id = captured_days.campaign_id
    and all_days.day = captured_days.day
