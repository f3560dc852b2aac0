{{ config(materialized='table', cluster_by=['campaign_id', 'hashtag']) }}

with peaks as (

    select campaign_id, hashtag, peak_day, is_most_engagement from {{ ref('peak_days') }}

),

articles as (

    select * from {{ ref('stg_news__articles') }}

),

evidence as (

    select * from {{ ref('stg_ml__article_evidence') }}

),

of_current_peaks as (

    select
        articles.*,
        peaks.is_most_engagement,
        -- Nearness to the middle of the peak day in UTC: precise enough to order, and no join for the zone.
        div(abs(timestamp_diff(articles.published_at, timestamp_add(timestamp(articles.peak_day), interval 12 hour), microsecond)), 1000000) as seconds_away
    from articles
    inner join peaks
        on articles.campaign_id = peaks.campaign_id
        and articles.hashtag = peaks.hashtag
        and articles.peak_day = peaks.peak_day

),

weighed as (

    select
        of_current_peaks.*,
        evidence.score as relevance,
        evidence.names_score,
        evidence.words_score,
        evidence.similarity,
        evidence.time_proximity,
        evidence.source_breadth,
        coalesce(evidence.shared_entities, []) as shared_entities,
        coalesce(evidence.shared_terms, []) as shared_terms,
        evidence.spans,
        evidence.story_id,
        evidence.copy_of
    from of_current_peaks
    left join evidence
        on of_current_peaks.campaign_id = evidence.campaign_id
        and of_current_peaks.hashtag = evidence.hashtag
        and of_current_peaks.peak_day = evidence.peak_day
        and of_current_peaks.article_id = evidence.article_id

)

select
    campaign_id,
    hashtag,
    peak_day,
    is_most_engagement,
    -- Without evidence yet, by what they mention and when.
    row_number() over (
        partition by campaign_id, hashtag, peak_day
        order by coalesce(relevance, -1) desc, array_length(matched_terms) desc, seconds_away, article_id
    ) as article_rank,
    article_id,
    title,
    description,
    url,
    source_name,
    coalesce(source_names, []) as source_names,
    language,
    published_at,
    matched_terms,
    relevance,
    names_score,
    words_score,
    similarity,
    time_proximity,
    source_breadth,
    shared_entities,
    shared_terms,
    spans,
    story_id,
    copy_of,
    source,
    run_id,
    loaded_at
from weighed
