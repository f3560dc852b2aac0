{{ config(
    materialized='incremental',
    incremental_strategy='insert_overwrite',
    partition_by={'field': 'created_at', 'data_type': 'timestamp', 'granularity': 'day'},
    cluster_by=['campaign_id'],
) }}

with posts as (

    select * from {{ ref('int_tweets_cleaned') }}
    where {{ in_window('created_at') }}

),

sentiment as (

    select * from {{ ref('stg_ml__tweet_sentiment') }}
    where {{ in_window('created_at') }}

),

joined as (

    select
        posts.tweet_id,
        posts.campaign_id,
        posts.created_at,
        posts.author_key,
        posts.lang,
        posts.text,
        posts.text_clean,
        posts.hashtags,
        posts.is_repost,
        posts.like_count,
        posts.reply_count,
        posts.quote_count,
        posts.repost_count,
        posts.impression_count,
        posts.engagement,
        sentiment.sentiment_label,
        sentiment.p_negative,
        sentiment.p_neutral,
        sentiment.p_positive,
        posts.run_id,
        posts.loaded_at,
        sentiment.model_id,
        sentiment.model_revision,
        sentiment.not_scored_reason,
        posts.day,
        posts.kind,
        posts.root_id,
        posts.referenced_id,
        posts.id_is_exact,
        posts.source,
        posts.source_ref,
        posts.engagement_state,
        posts.engagement_age_hours,
        posts.language,
        posts.text_shown,
        posts.text_without_hashtags,
        posts.text_hash,
        posts.is_truncated,
        posts.emojis,
        posts.bookmark_count,
        posts.author_followers
    from posts
    left join sentiment
        on posts.campaign_id = sentiment.campaign_id
        and posts.tweet_id = sentiment.tweet_id

)

select * from joined
