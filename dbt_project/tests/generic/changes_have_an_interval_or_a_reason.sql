{#- A change says how sure it is, or why nobody can say; its interval holds it; and no direction without one. -#}
{% test changes_have_an_interval_or_a_reason(model) %}
select * from {{ model }}
where (low is null or high is null) = (not_comparable_because is null)
    or low > change
    or high < change
    or (direction in ('rose', 'fell') and low <= 0 and high >= 0)
{% endtest %}
