{{ config(materialized='table', cluster_by=['campaign_id']) }}

{%- set rolling = {'day': 1, 'week': 7, 'four_weeks': 28} -%}

with days as (

    select campaign_id, day, captured_hours, hours_in_day
    from {{ ref('engagement_daily') }}
    where {{ ever('day') }}
        and hashtag = '*'

),

-- A day that is still being captured would always look worse than the day before: periods end with the last whole day.
captured as (

    select
        campaign_id,
        min(day) as first_day,
        coalesce(max(if(captured_hours = hours_in_day, day, null)), max(day)) as last_day
    from days
    group by campaign_id

),

campaigns as (

    select
        captured.campaign_id,
        captured.last_day,
        coalesce(campaigns.start_day, captured.first_day) as campaign_first_day,
        least(coalesce(campaigns.end_day, captured.last_day), captured.last_day) as campaign_last_day,
        campaigns.start_day,
        campaigns.end_day
    from captured
    left join {{ ref('stg_pulse__campaigns') }} as campaigns
        on captured.campaign_id = campaigns.campaign_id

),

current_periods as (

    {% for period, length in rolling.items() -%}
    select
        campaign_id,
        '{{ period }}' as period,
        date_sub(last_day, interval {{ length - 1 }} day) as first_day,
        last_day
    from campaigns
    union all
    {% endfor -%}
    select
        campaign_id,
        'campaign' as period,
        campaign_first_day as first_day,
        campaign_last_day as last_day
    from campaigns
    where campaign_first_day <= campaign_last_day

),

-- The days of the campaign, and as many before and after them.
during as (

    select
        campaign_id,
        start_day as first_day,
        coalesce(end_day, last_day) as last_day,
        date_diff(coalesce(end_day, last_day), start_day, day) + 1 as days,
        end_day is not null as has_ended
    from campaigns
    where start_day <= coalesce(end_day, last_day)

),

all_periods as (

    select campaign_id, period, 'current' as side, first_day, last_day
    from current_periods
    union all
    select
        campaign_id,
        period,
        'previous' as side,
        date_sub(first_day, interval date_diff(last_day, first_day, day) + 1 day) as first_day,
        date_sub(first_day, interval 1 day) as last_day
    from current_periods
    union all
    select campaign_id, 'during' as period, 'phase' as side, first_day, last_day
    from during
    union all
    select
        campaign_id,
        'before' as period,
        'phase' as side,
        date_sub(first_day, interval days day) as first_day,
        date_sub(first_day, interval 1 day) as last_day
    from during
    union all
    select
        campaign_id,
        'after' as period,
        'phase' as side,
        date_add(last_day, interval 1 day) as first_day,
        date_add(last_day, interval days day) as last_day
    from during
    where has_ended

)

select
    *,
    date_diff(last_day, first_day, day) + 1 as days
from all_periods
