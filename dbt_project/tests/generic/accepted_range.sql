{#- Where known, the column lies between the bounds. -#}
{% test accepted_range(model, column, lowest=none, highest=none) %}
select * from {{ model }}
where false
    {% if lowest is not none %}or {{ column }} < {{ lowest }}{% endif %}
    {% if highest is not none %}or {{ column }} > {{ highest }}{% endif %}
{% endtest %}
