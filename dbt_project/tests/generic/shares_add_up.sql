{#- Shares of one whole add up to 1, or none is known. 1e-9 is far above the rounding of three divisions. -#}
{% test shares_add_up(model, columns) %}
select * from {{ model }}
where abs({{ columns | join(' + ') }} - 1) > 1e-9
    or ({% for column in columns %}{{ column }} is null{{ ' or ' if not loop.last }}{% endfor %}) != ({% for column in columns %}{{ column }} is null{{ ' and ' if not loop.last }}{% endfor %})
{% endtest %}
