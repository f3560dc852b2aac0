{{ config(
    materialized='incremental',
    incremental_strategy='insert_overwrite',
    partition_by={'field': 'created_at', 'data_type': 'timestamp', 'granularity': 'day'},
    cluster_by=['campaign_id', 'hashtag'],
) }}

with posts as (

    select
        campaign_id,
        tweet_id,
        created_at,
        day,
        hashtags,
        author_key,
        author_followers,
        kind,
        is_repost,
        like_count,
        reply_count,
        quote_count,
        repost_count,
        bookmark_count,
        impression_count,
        engagement,
        engagement_state,
        engagement_age_hours
    from {{ ref('int_tweets_cleaned') }}
    where {{ in_window('created_at') }}

),

by_hashtag as (

    -- `*` is the whole campaign: every measure exists for it as for any hashtag.
    select
        posts.campaign_id,
        posts.tweet_id,
        posts.created_at,
        posts.day,
        hashtag,
        posts.author_key,
        posts.author_followers,
        posts.kind,
        posts.is_repost,
        posts.like_count,
        posts.reply_count,
        posts.quote_count,
        posts.repost_count,
        posts.bookmark_count,
        posts.impression_count,
        posts.engagement,
        posts.engagement_state,
        posts.engagement_age_hours
    from posts
    cross join unnest(array_concat(['*'], posts.hashtags)) as hashtag

)

select * from by_hashtag
