{#- Engagement of one post: NULL when none of the four metrics is known, else the sum of the known ones. -#}
{% macro engagement_of() -%}
    if(
        like_count is null and reply_count is null and quote_count is null and repost_count is null,
        null,
        coalesce(like_count, 0) + coalesce(reply_count, 0) + coalesce(quote_count, 0) + coalesce(repost_count, 0)
    )
{%- endmacro %}

{#-
  The cast changes nothing on BigQuery; DuckDB widens a sum of integers.
  Engagement of a group: summed over its originals, NULL when it has originals and not one of them has a known metric.
  A group without originals has none to sum: 0.
-#}
{% macro engagement_sum() -%}
    if(
        countif(not is_repost) > 0 and countif(not is_repost and engagement is not null) = 0,
        null,
        cast(coalesce(sum(if(is_repost, null, engagement)), 0) as int64)
    )
{%- endmacro %}

{#- Hours from one TIMESTAMP to a later one, to the second; NULL when either is. -#}
{% macro hours_between(start, end) -%}
    round(timestamp_diff({{ end }}, {{ start }}, second) / 3600.0, 4)
{%- endmacro %}

{#-
  At which age the engagement of a group was measured, in words for people; then how many of its originals have a figure of
  that age, wait for it, are gone without one, and will never have one. NULL words for a group with nothing to measure.
-#}
{% macro engagement_ages() -%}
    {%- set age = env_var('PULSE_ENGAGEMENT_AGE_HOURS', '24') -%}
    {%- set live = "engagement is not null and engagement_state in ('at_age', 'older')" -%}
    {#- Rows of before the state was kept are of archives. -#}
    {%- set observed = "countif(engagement is not null and coalesce(engagement_state, 'observed') = 'observed')" -%}
    case
        when countif({{ live }}) > 0 then concat(
            if({{ observed }} > 0, 'observed and ', ''),
            if(
                countif({{ live }} and engagement_state = 'older') = 0,
                'at {{ age }} h',
                concat(
                    cast(cast(floor(min(if({{ live }}, engagement_age_hours, null))) as int64) as string), ' to ',
                    cast(cast(ceil(max(if({{ live }}, engagement_age_hours, null))) as int64) as string), ' h'
                )
            )
        )
        when {{ observed }} > 0 then 'observed'
        when countif(engagement_state = 'not_yet') > 0 then 'not yet {{ age }} h old'
        when countif(engagement_state = 'missed') > 0 then 'not measured'
        when countif(engagement_state = 'deleted') > 0 then 'deleted'
    end as engagement_age,
    cast(countif(engagement is not null and not is_repost) as int64) as engagement_measured,
    cast(countif(engagement_state = 'not_yet') as int64) as engagement_waiting,
    cast(countif(engagement_state = 'deleted') as int64) as engagement_deleted,
    cast(countif(engagement_state = 'missed') as int64) as engagement_missed
{%- endmacro %}

{#- The same columns of a group without posts. -#}
{% macro engagement_ages_of_silence() -%}
    cast(null as string) as engagement_age,
    0 as engagement_measured,
    0 as engagement_waiting,
    0 as engagement_deleted,
    0 as engagement_missed
{%- endmacro %}

{#- Share of the posts there were that was captured; NULL when nobody counted them, or there were none. -#}
{% macro coverage_of(captured, counted) -%}
    least(1.0, safe_divide({{ captured }}, nullif({{ counted }}, 0)))
{%- endmacro %}
