{{ config(materialized='table', cluster_by=['campaign_id', 'hashtag']) }}

with peaks as (

    select campaign_id, hashtag, peak_day, is_most_engagement from {{ ref('peak_days') }}

),

explanations as (

    select * from {{ ref('stg_ml__peak_explanations') }}

),

articles as (

    select * from {{ ref('stg_news__articles') }}

),

requests as (

    select * from {{ ref('stg_news__requests') }}

)

select
    peaks.campaign_id,
    peaks.hashtag,
    peaks.peak_day,
    peaks.is_most_engagement,
    coalesce(explanations.verdict, 'not_compared') as verdict,
    explanations.story_id,
    explanations.headline,
    articles.source_name as headline_source,
    articles.url as headline_url,
    articles.published_at as headline_published_at,
    coalesce(explanations.story_articles, 0) as story_articles,
    coalesce(explanations.story_sources, 0) as story_sources,
    explanations.score,
    explanations.confidence,
    coalesce(explanations.placebo_days, 0) as placebo_days,
    explanations.placebo_lower,
    explanations.basis,
    coalesce(explanations.posts_compared, 0) as posts_compared,
    coalesce(explanations.articles, 0) as articles,
    coalesce(explanations.shared_terms, []) as shared_terms,
    coalesce(explanations.shared_entities, []) as shared_entities,
    coalesce(explanations.day_terms, []) as day_terms,
    coalesce(requests.status, 'not_asked') as news_status,
    requests.reason as news_reason,
    explanations.code_version,
    explanations.run_id,
    explanations.loaded_at
from peaks
left join explanations
    on peaks.campaign_id = explanations.campaign_id
    and peaks.hashtag = explanations.hashtag
    and peaks.peak_day = explanations.peak_day
left join articles
    on explanations.campaign_id = articles.campaign_id
    and explanations.hashtag = articles.hashtag
    and explanations.peak_day = articles.peak_day
    and explanations.headline_article_id = articles.article_id
left join requests
    on peaks.campaign_id = requests.campaign_id
    and peaks.hashtag = requests.hashtag
    and peaks.peak_day = requests.peak_day
