{{ config(materialized='table', cluster_by=['campaign_id', 'hashtag']) }}

{#- Measure: the column that counts the posts behind it, its unit, whether it waits for engagement at the common age. -#}
{%- set measures = {
    'posts': ('posts', 'posts', false),
    'originals': ('posts', 'posts', false),
    'reposts': ('posts', 'posts', false),
    'authors': ('posts', 'authors', false),
    'posts_per_hour': ('posts', 'posts per hour', false),
    'potential_reach': ('posts', 'followers', false),
    'engagement': ('engagement_measured', 'engagements', true),
    'engagement_per_post': ('engagement_measured', 'engagements per post', true),
    'engagement_velocity': ('engagement_measured', 'engagements per post and hour', true),
    'impressions': ('posts_with_impressions', 'impressions', true),
    'engagement_rate_by_impressions': ('posts_with_impressions', 'ratio', true),
    'virality': ('posts_with_impressions', 'ratio', true),
    'engagement_rate_by_followers': ('posts_with_followers', 'ratio', true),
    'amplification': ('posts_with_followers', 'ratio', true),
    'net_sentiment': ('scored', 'ratio', false),
    'negative_share': ('scored', 'ratio', false),
    'neutral_share': ('scored', 'ratio', false),
    'positive_share': ('scored', 'ratio', false),
} -%}

with figures as (

    select * from {{ ref('int_period_figures') }}
    where side in ('current', 'previous')

),

measured as (

    select
        figures.campaign_id,
        figures.hashtag,
        figures.period,
        figures.side,
        figures.first_day,
        figures.last_day,
        figures.days,
        figures.captured_days,
        figures.coverage,
        figures.engagement_waiting,
        measure.name as measure,
        measure.unit,
        measure.value,
        measure.n,
        measure.waits
    from figures
    cross join unnest([
        {%- for name, (n, unit, waits) in measures.items() %}
        struct(
            '{{ name }}' as name, '{{ unit }}' as unit, cast(figures.{{ name }} as float64) as value, figures.{{ n }} as n, {{ waits }} as waits
        ){{ ',' if not loop.last }}
        {%- endfor %}
    ]) as measure

)

select * from measured
