{{ config(materialized='table', cluster_by=['campaign_id', 'hashtag']) }}

{%- set fewest = fewest_for_a_verdict() -%}

with measured as (

    select * from {{ ref('int_period_measures') }}

),

compared as (

    select
        now.campaign_id,
        now.hashtag,
        now.period,
        now.measure,
        now.unit,
        now.first_day,
        now.last_day,
        now.value,
        now.n,
        now.coverage,
        before.first_day as previous_first_day,
        before.last_day as previous_last_day,
        before.value as previous_value,
        before.n as previous_n,
        before.coverage as previous_coverage,
        case
            when before.captured_days = 0 then 'The period before was not captured.'
            when now.captured_days < now.days or before.captured_days < before.days then 'Not every day of both periods was captured.'
            when now.value is null or before.value is null then 'Not known in one of the periods.'
            when now.waits and coalesce(now.engagement_waiting, 0) + coalesce(before.engagement_waiting, 0) > 0 then 'Some posts are still to be measured.'
            when least(coalesce(now.n, 0), coalesce(before.n, 0)) < {{ fewest }} then 'Too few posts to compare (fewer than {{ fewest }}).'
        end as not_comparable_because
    from measured as now
    inner join measured as before
        on now.campaign_id = before.campaign_id
        and now.hashtag = before.hashtag
        and now.period = before.period
        and now.measure = before.measure
        and before.side = 'previous'
    where now.side = 'current'

)

select
    *,
    value - previous_value as change,
    safe_divide(value - previous_value, abs(nullif(previous_value, 0))) as relative_change,
    not_comparable_because is null as is_comparable
from compared
