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
        is_repost,
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
        posts.is_repost,
        posts.engagement,
        posts.engagement_state,
        posts.engagement_age_hours
    from posts
    cross join unnest(array_concat(['*'], posts.hashtags)) as hashtag

)

select * from by_hashtag
