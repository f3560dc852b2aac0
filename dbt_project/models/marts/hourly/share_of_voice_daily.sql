{{ config(
    materialized='incremental',
    incremental_strategy='insert_overwrite',
    partition_by={'field': 'day', 'data_type': 'date'},
    cluster_by=['campaign_id'],
) }}

with campaigns as (

    select campaign_id, competitors from {{ ref('stg_pulse__campaigns') }}

),

-- The declared set of each campaign: itself and its competitors. Without competitors there is no voice to share.
members as (

    select
        campaigns.campaign_id,
        member_id
    from campaigns
    cross join unnest(array_concat([campaigns.campaign_id], campaigns.competitors)) as member_id
    where array_length(campaigns.competitors) > 0

),

days as (

    select campaign_id, day, posts, captured, counted, coverage
    from {{ ref('engagement_daily') }}
    where {{ in_days('day') }}
        and hashtag = '*'

),

capture_modes as (

    select
        ledger.campaign_id,
        date(ledger.hour, engagement.zone) as day,
        string_agg(distinct ledger.capture_mode, ', ' order by ledger.capture_mode) as capture_modes
    from {{ ref('stg_x__capture_ledger') }} as ledger
    inner join (
        select distinct campaign_id, zone
        from {{ ref('engagement_daily') }}
        where {{ in_days('day') }}
            and zone is not null
    ) as engagement
        on ledger.campaign_id = engagement.campaign_id
    where {{ in_hours_of_days('ledger.hour') }}
    group by ledger.campaign_id, day

),

voices as (

    select
        members.campaign_id,
        own.day,
        members.member_id,
        days.posts,
        days.counted,
        days.coverage,
        capture_modes.capture_modes
    from members
    inner join days as own
        on members.campaign_id = own.campaign_id
    left join days
        on members.member_id = days.campaign_id
        and own.day = days.day
    left join capture_modes
        on members.member_id = capture_modes.campaign_id
        and own.day = capture_modes.day

),

sets as (

    select
        campaign_id,
        day,
        count(*) as members,
        {{ whole('countif(posts is null)') }} as members_missing,
        -- What was counted is compared where everybody was counted, else what was captured.
        if(countif(counted is null) = 0, 'counted', 'captured') as basis,
        if(countif(posts is null) = 0, {{ whole('sum(counted)') }}, null) as set_counted,
        if(countif(posts is null) = 0, {{ whole('sum(posts)') }}, null) as set_captured,
        min(coverage) as lowest_coverage,
        count(distinct capture_modes) <= 1 as is_captured_alike
    from voices
    group by campaign_id, day

),

with_volume as (

    select
        voices.campaign_id,
        voices.day,
        voices.member_id,
        voices.member_id = voices.campaign_id as is_own,
        if(sets.basis = 'counted', voices.counted, voices.posts) as volume,
        if(sets.basis = 'counted', sets.set_counted, sets.set_captured) as set_volume,
        sets.basis,
        voices.coverage,
        sets.lowest_coverage,
        sets.members,
        sets.members_missing,
        sets.is_captured_alike
    from voices
    inner join sets
        on voices.campaign_id = sets.campaign_id
        and voices.day = sets.day

)

select
    *,
    safe_divide(volume, nullif(set_volume, 0)) as share_of_voice
from with_volume
