{#-
  Names of one kind in the articles of each current peak. An article counts once for a name, however often it says it; ranked by articles,
  then by how many publications they or copies of them are of, then by mentions, then by name. Places say what they are, as far as the name tells.
-#}
{% macro top_entities(label) -%}
with peak_articles as (

    select
        campaign_id,
        hashtag,
        peak_day,
        is_most_engagement,
        article_id,
        source_name,
        source_names,
        published_at
    from {{ ref('related_articles') }}

),

entities as (

    select * from {{ ref('stg_ml__article_entities') }}
    where entity_label = '{{ label }}'

),

campaigns as (

    select campaign_id, lower(name) as own_name from {{ ref('stg_pulse__campaigns') }}

),

-- The campaign's own name is the question and no answer: a product called after a trail is no place.
named as (

    select
        peak_articles.*,
        entities.entity_name as name,
        entities.mentions,
        entities.surface_forms
    from peak_articles
    inner join entities on peak_articles.article_id = entities.article_id
    left join campaigns on peak_articles.campaign_id = campaigns.campaign_id
    where campaigns.own_name is null or lower(entities.entity_name) != campaigns.own_name

),

by_name as (

    select
        campaign_id,
        hashtag,
        peak_day,
        is_most_engagement,
        name,
        count(distinct article_id) as articles,
        -- Articles of unknown publications count as of one: they may be of one.
        if(countif(source_name is null and coalesce(array_length(source_names), 0) = 0) > 0, 1, 0) as unknown_sources,
        {{ whole('sum(mentions)') }} as mentions,
        min(published_at) as first_seen_at,
        array_agg(article_id order by article_id) as article_ids
    from named
    group by campaign_id, hashtag, peak_day, is_most_engagement, name

),

-- A wire story is one article here; each paper that printed it is a publication all the same.
publications_of_name as (

    select
        named.campaign_id,
        named.hashtag,
        named.peak_day,
        named.name,
        count(distinct publication) as sources
    from named
    cross join unnest(array_concat([named.source_name], coalesce(named.source_names, []))) as publication
    group by named.campaign_id, named.hashtag, named.peak_day, named.name

),

counted as (

    select
        by_name.*,
        publications_of_name.sources + by_name.unknown_sources as sources
    from by_name
    inner join publications_of_name
        on by_name.campaign_id = publications_of_name.campaign_id
        and by_name.hashtag = publications_of_name.hashtag
        and by_name.peak_day = publications_of_name.peak_day
        and by_name.name = publications_of_name.name

),

spellings as (

    select distinct
        named.campaign_id,
        named.hashtag,
        named.peak_day,
        named.name,
        surface_form
    from named
    cross join unnest(named.surface_forms) as surface_form

),

spellings_of_name as (

    select
        campaign_id,
        hashtag,
        peak_day,
        name,
        array_agg(surface_form order by surface_form) as surface_forms
    from spellings
    group by campaign_id, hashtag, peak_day, name

){% if label == 'LOC' %},

known_places as (

    select distinct name, kind, country_code from {{ ref('entity_names') }}
    where label = 'LOC'

){% endif %}

select
    counted.campaign_id,
    counted.hashtag,
    counted.peak_day,
    counted.is_most_engagement,
    counted.name,
    {%- if label == 'LOC' %}
    known_places.kind,
    known_places.country_code,
    {%- endif %}
    counted.articles,
    counted.sources,
    counted.mentions,
    counted.first_seen_at,
    spellings_of_name.surface_forms,
    counted.article_ids,
    row_number() over (
        partition by counted.campaign_id, counted.hashtag, counted.peak_day
        order by counted.articles desc, counted.sources desc, counted.mentions desc, counted.name
    ) as entity_rank
from counted
left join spellings_of_name
    on counted.campaign_id = spellings_of_name.campaign_id
    and counted.hashtag = spellings_of_name.hashtag
    and counted.peak_day = spellings_of_name.peak_day
    and counted.name = spellings_of_name.name
{%- if label == 'LOC' %}
left join known_places on counted.name = known_places.name
{%- endif %}
{%- endmacro %}
