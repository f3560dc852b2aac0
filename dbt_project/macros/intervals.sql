{#-
  What a count says of the posts that were not counted. The same formulas are functions in ml_assets/sentiment/shares.py, and
  tests/dbt/test_intervals.py proves that the two agree. Bounds are rounded to 9 decimals: two engines need not add alike.
-#}

{#- Two-sided quantile of the normal distribution for 95 %. -#}
{% macro normal_quantile() -%}
    1.959963984540054
{%- endmacro %}

{#- Fewer posts than this get no verdict, and no comparison: at 29 the interval of a half is 34 points wide. -#}
{% macro fewest_for_a_verdict() -%}
    30
{%- endmacro %}

{#- An end of Wilson's score interval of `count` among `posts`: `low` or `high`. NULL without posts. -#}
{% macro wilson(end, count, posts) -%}
    {%- set z = normal_quantile() -%}
    if(
        {{ posts }} > 0,
        round({{ 'greatest(0.0' if end == 'low' else 'least(1.0' }},
            (
                {{ count }} / {{ posts }} + {{ z }} * {{ z }} / (2 * {{ posts }})
                {{ '-' if end == 'low' else '+' }} {{ z }} * sqrt(
                    {{ count }} / {{ posts }} * (1 - {{ count }} / {{ posts }}) / {{ posts }} + {{ z }} * {{ z }} / 4 / {{ posts }} / {{ posts }}
                )
            ) / (1 + {{ z }} * {{ z }} / {{ posts }})
        ), 9),
        null
    )
{%- endmacro %}

{#- Standard error of net sentiment, a mean of +1, 0 and -1: the root of (p + q - (p - q)²) / n. NULL without posts. -#}
{% macro net_sentiment_error_of(negative, positive, scored) -%}
    if(
        {{ scored }} > 0,
        round(sqrt(
            (({{ positive }} + {{ negative }}) / {{ scored }} - pow(({{ positive }} - {{ negative }}) / {{ scored }}, 2)) / {{ scored }}
        ), 9),
        null
    )
{%- endmacro %}
