{#- Of the changes that are called clear, at most this share may be chance (Benjamini and Hochberg's level). -#}
{% macro false_discoveries() -%}
    0.05
{%- endmacro %}

{#-
  Adjusted p-value: with p ranked from 1, the least of p * tests / rank over this rank and all later ones, at most 1.
  `rank` counts from 1 within `family`, NULL p last. Benjamini and Hochberg (1995), JRSS B 57(1), section 3; in this form
  Yekutieli and Benjamini (1999). Rounded: 0.03 * 5 / 3 must be 0.05 and not a little less or more on either side of the level.
-#}
{% macro q_value(p, tests, rank, family) -%}
    round(least(1.0, min({{ p }} * {{ tests }} / {{ rank }}) over (
        partition by {{ family }}
        order by {{ rank }} desc
        rows between unbounded preceding and current row
    )), 12)
{%- endmacro %}
