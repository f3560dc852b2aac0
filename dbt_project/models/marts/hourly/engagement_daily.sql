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
        coalesce(campaigns.zone, 'UTC') as zone,
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
        zone,
        count(*) as captured_hours,
        {{ whole('sum(captured)') }} as captured,
        -- One hour that nobody counted makes the day's count unknown.
        if(countif(counted is null) > 0, null, {{ whole('sum(counted)') }}) as counted
    from captured_hours
    where {{ in_days('day') }}
    group by campaign_id, day, zone

),

authors as (

    select
        campaign_id,
        hashtag,
        day,
        {{ whole('sum(followers)') }} as potential_reach
    from {{ ref('int_authors_daily') }}
    where {{ in_days('day') }}
    group by campaign_id, hashtag, day

),

measured as (

    select
        campaign_id,
        hashtag,
        day,
        {{ measures() }}
    from posts
    group by campaign_id, hashtag, day

),

-- A captured day without posts is a known zero of the whole campaign.
silent as (

    select
        captured_days.campaign_id,
        '*' as hashtag,
        captured_days.day,
        {{ silence() }}
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
    all_days.*,
    captured_days.captured,
    captured_days.counted,
    {{ coverage_of('captured_days.captured', 'captured_days.counted') }} as coverage,
    {{ rates('all_days.') }},
    authors.potential_reach,
    captured_days.zone,
    captured_days.captured_hours,
    {{ hours_in_day('all_days.day', 'captured_days.zone') }} as hours_in_day,
    safe_divide(all_days.posts, captured_days.captured_hours) as posts_per_hour
from all_days
left join captured_days
    on all_days.campaign_id = captured_days.campaign_id
    and all_days.day = captured_days.day
left join authors
    on all_days.campaign_id = authors.campaign_id
    and all_days.hashtag = authors.hashtag
    and all_days.day = authors.day
