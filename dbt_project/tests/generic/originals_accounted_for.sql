{#- An original is measured, waiting, deleted or missed; of an archive, it may also be without any metric. -#}
{% test originals_accounted_for(model) %}
select * from {{ model }}
where engagement_measured + engagement_waiting + engagement_deleted + engagement_missed > originals
    or (engagement_measured = 0 and originals > 0 and engagement is not null)
{% endtest %}
