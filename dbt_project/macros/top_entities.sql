{#- Names of one kind in the articles of each current peak, by articles and then by mentions. -#}
{% macro top_entities(label) -%}
with peak_articles as (

    select campaign_id, hashtag, peak_day, article_id from {{ ref('related_articles') }}

),

entities as (

    select * from {{ ref('stg_ml__article_entities') }}
    where entity_label = '{{ label }}'

),

named as (

    select
        peak_articles.campaign_id,
        peak_articles.hashtag,
        peak_articles.peak_day,
        entities.entity_name as name,
        count(*) as articles,
        cast(sum(entities.mentions) as int64) as mentions,
        array_agg(peak_articles.article_id order by peak_articles.article_id) as article_ids
    from peak_articles
    inner join entities on peak_articles.article_id = entities.article_id
    group by peak_articles.campaign_id, peak_articles.hashtag, peak_articles.peak_day, entities.entity_name

)

select
    *,
    row_number() over (
        partition by campaign_id, hashtag
        order by articles desc, mentions desc, name
    ) as entity_rank
from named
{%- endmacro %}
