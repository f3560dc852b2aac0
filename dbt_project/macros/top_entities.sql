{#- Names of one kind in the articles of each current peak, by articles and then by mentions. -#}
{% macro top_entities(label) -%}
with articles as (

    select campaign_id, hashtag, peak_day, article_id from {{ ref('related_articles') }}

),

entities as (

    select * from {{ ref('stg_ml__article_entities') }}
    where entity_label = '{{ label }}'

),

named as (

    select
        articles.campaign_id,
        articles.hashtag,
        articles.peak_day,
        entities.entity_name as name,
        count(*) as articles,
        cast(sum(entities.mentions) as int64) as mentions,
        array_agg(articles.article_id order by articles.article_id) as article_ids
    from articles
    inner join entities on articles.article_id = entities.article_id
    group by articles.campaign_id, articles.hashtag, articles.peak_day, entities.entity_name

)

select
    *,
    row_number() over (
        partition by campaign_id, hashtag
        order by articles desc, mentions desc, name
    ) as entity_rank
from named
{%- endmacro %}
