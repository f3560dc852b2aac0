{{ config(materialized='table', cluster_by=['campaign_id', 'hashtag']) }}

with peaks as (

    select campaign_id, hashtag, peak_day, is_most_engagement from {{ ref('peak_days') }}

),

articles as (

    select * from {{ ref('stg_news__articles') }}

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

)

select
    campaign_id,
    hashtag,
    peak_day,
    is_most_engagement,
    row_number() over (
        partition by campaign_id, hashtag, peak_day
        order by array_length(matched_terms) desc, seconds_away, article_id
    ) as article_rank,
    article_id,
    title,
    description,
    url,
    source_name,
    language,
    published_at,
    matched_terms,
    source,
    run_id,
    loaded_at
from of_current_peaks
