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

{#- Share of the posts there were that was captured; NULL when nobody counted them, or there were none. -#}
{% macro coverage_of(captured, counted) -%}
    least(1.0, safe_divide({{ captured }}, nullif({{ counted }}, 0)))
{%- endmacro %}
