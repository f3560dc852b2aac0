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
        {{ measures() }}
    from posts
    group by campaign_id, hashtag, hour

),

-- A captured hour without posts is a known zero of the whole campaign.
silent as (

    select
        captured_hours.campaign_id,
        '*' as hashtag,
        captured_hours.hour,
        {{ silence() }}
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
    all_hours.*,
    captured_hours.captured,
    captured_hours.counted,
    {{ coverage_of('captured_hours.captured', 'captured_hours.counted') }} as coverage,
    {{ rates('all_hours.') }}
from all_hours
left join captured_hours
    on all_hours.campaign_id = captured_hours.campaign_id
    and all_hours.hour = captured_hours.hour
