{{ config(
    materialized='incremental',
    incremental_strategy='insert_overwrite',
    partition_by={'field': 'hour', 'data_type': 'timestamp', 'granularity': 'day'},
    cluster_by=['campaign_id', 'hashtag'],
) }}

with posts as (

    select
        *,
        timestamp_trunc(created_at, hour) as hour
    from {{ ref('int_tweet_hashtags') }}
    where {{ in_window('created_at') }}

),

captured_hours as (

    select * from {{ ref('stg_x__capture_ledger') }}
    where {{ in_window('hour') }}

),

measured as (

    select
        campaign_id,
        hashtag,
        hour,
        count(*) as posts,
        cast(countif(not is_repost) as int64) as originals,
        cast(countif(is_repost) as int64) as reposts,
        count(distinct author_key) as authors,
        {{ engagement_sum() }} as engagement,
        {{ engagement_ages() }}
    from posts
    group by campaign_id, hashtag, hour

),

-- A captured hour without posts is a known zero of the whole campaign.
silent as (

    select
        captured_hours.campaign_id,
        '*' as hashtag,
        captured_hours.hour,
        0 as posts,
        0 as originals,
        0 as reposts,
        0 as authors,
        0 as engagement,
        {{ engagement_ages_of_silence() }}
    from captured_hours
    left join measured
        on captured_hours.campaign_id = measured.campaign_id
        and captured_hours.hour = measured.hour
        and measured.hashtag = '*'
    where measured.campaign_id is null

),

all_hours as (

    select * from measured
    union all
    select * from silent

)

select
    all_hours.campaign_id,
    all_hours.hashtag,
    all_hours.hour,
    all_hours.posts,
    all_hours.originals,
    all_hours.reposts,
    all_hours.authors,
    all_hours.engagement,
    captured_hours.captured,
    captured_hours.counted,
    {{ coverage_of('captured_hours.captured', 'captured_hours.counted') }} as coverage,
    all_hours.engagement_age,
    all_hours.engagement_measured,
    all_hours.engagement_waiting,
    all_hours.engagement_deleted,
    all_hours.engagement_missed
from all_hours
left join captured_hours
    on all_hours.campaign_id = captured_hours.campaign_id
    and all_hours.hour = captured_hours.hour
