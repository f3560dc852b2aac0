{#-
  What a count says of the posts that were not counted. The same formulas are functions in ml_assets/sentiment/shares.py, and
  tests/dbt/test_intervals.py proves that the two agree. Bounds are rounded to 12 decimals: two engines need not add alike.
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
        ), 12),
        null
    )
{%- endmacro %}

{#- Standard error of net sentiment, a mean of +1, 0 and -1: the root of (p + q - (p - q)²) / n. NULL without posts. -#}
{% macro net_sentiment_error_of(negative, positive, scored) -%}
    if(
        {{ scored }} > 0,
        round(sqrt(
            (({{ positive }} + {{ negative }}) / {{ scored }} - pow(({{ positive }} - {{ negative }}) / {{ scored }}, 2)) / {{ scored }}
        ), 12),
        null
    )
{%- endmacro %}

{#-
  Shares corrected for the classifier's own errors, in three steps that a query takes one after the other, for a step reads the
  columns of the one before. The formulas, and why, stand at `Correction` in shares.py. All are NULL without scored posts or
  without a correction: that is asked for each time, because the local server's GREATEST leaves a NULL out.

  First: of each share, and of net sentiment, the estimate, the mean square of its weights and the part of its variance that
  comes from the posts on which the confusion was measured. Reads the counts, `w_*` and `s_*`.
-#}
{% macro corrected_estimates(weights) -%}
    {%- for measure in ['negative', 'neutral', 'positive', 'net'] %}
    {%- set w = weights ~ '.w_' ~ measure %}
    if(
        scored > 0,
        ({{ w }}_negative * negative + {{ w }}_neutral * neutral + {{ w }}_positive * positive) / scored,
        null
    ) as estimate_{{ measure }},
    if(
        scored > 0,
        (pow({{ w }}_negative, 2) * negative + pow({{ w }}_neutral, 2) * neutral + pow({{ w }}_positive, 2) * positive) / scored,
        null
    ) as square_{{ measure }},
    {%- for label in ['negative', 'neutral', 'positive'] %}
    {{ weights }}.s_{{ measure }}_{{ label }}{{ ',' if measure != 'net' or not loop.last }}
    {%- endfor %}
    {%- endfor %}
{%- endmacro %}

{% macro _cut(estimate, lowest='0.0') -%}
    least(1.0, greatest({{ lowest }}, {{ estimate }}))
{%- endmacro %}

{#- Second: the corrected values, and half the width of their intervals. Reads the columns of the first step. -#}
{% macro corrected_values() -%}
    {%- set sum = _cut('estimate_negative') ~ ' + ' ~ _cut('estimate_neutral') ~ ' + ' ~ _cut('estimate_positive') %}
    {%- for label in ['negative', 'neutral', 'positive'] %}
    if(estimate_{{ label }} is null, null, {{ _cut('estimate_' ~ label) }} / ({{ sum }})) as corrected_{{ label }},
    {%- endfor %}
    if(
        estimate_net is null,
        null,
        ({{ _cut('estimate_positive') }} - {{ _cut('estimate_negative') }}) / ({{ sum }})
    ) as corrected_net,
    {%- for measure in ['negative', 'neutral', 'positive', 'net'] %}
    if(
        estimate_{{ measure }} is null,
        null,
        {{ normal_quantile() }} * sqrt(greatest(
            0.0,
            (square_{{ measure }} - pow(estimate_{{ measure }}, 2)) / scored
            {%- for label in ['negative', 'neutral', 'positive'] %}
            + s_{{ measure }}_{{ label }} * pow({{ _cut('estimate_' ~ label) }}, 2)
            {%- endfor %}
        ))
    ) as half_{{ measure }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- Third: an end, `low` or `high`, of the interval of a corrected value, which it holds. Reads the columns of the other two. -#}
{% macro corrected_end(end, measure) -%}
    {%- set lowest = '-1.0' if measure == 'net' else '0.0' -%}
    {%- set edge = 'estimate_' ~ measure ~ (' - ' if end == 'low' else ' + ') ~ 'half_' ~ measure -%}
    if(
        estimate_{{ measure }} is null,
        null,
        round({{ 'least' if end == 'low' else 'greatest' }}(corrected_{{ measure }}, {{ _cut(edge, lowest) }}), 12)
    )
{%- endmacro %}
