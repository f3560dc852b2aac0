{#- Scored posts are negative, neutral or positive, and every post is scored or not. -#}
{% test labels_add_up(model) %}
select * from {{ model }}
where negative + neutral + positive != scored
    or scored + not_scored != posts
{% endtest %}
