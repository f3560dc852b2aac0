{#- An event starts no later than its top, ends after it, and stands above what was expected. -#}
{% test events_end_after_their_top(model) %}
select * from {{ model }}
where start_at > top_at or top_at >= end_at or value <= expected
{% endtest %}
