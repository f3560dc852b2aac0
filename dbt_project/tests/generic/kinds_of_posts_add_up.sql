{#- Every post is an original or a repost; replies and quotes are originals. -#}
{% test kinds_of_posts_add_up(model) %}
select * from {{ model }}
where originals + reposts != posts
    or reply_posts + quote_posts > originals
{% endtest %}
