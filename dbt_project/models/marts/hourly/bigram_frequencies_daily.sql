{{ config(
    materialized='incremental',
    incremental_strategy='insert_overwrite',
    partition_by={'field': 'day', 'data_type': 'date'},
    cluster_by=['campaign_id', 'hashtag'],
) }}

with posts as (

    select
        campaign_id,
        tweet_id,
        day,
        array_concat(['*'], hashtags) as hashtags
    from {{ ref('int_tweets_cleaned') }}
    where {{ in_hours_of_days('created_at') }}
        and {{ in_days('day') }}
        and text_clean is not null

),

copies as (

    select campaign_id, tweet_id, day, created_at, is_repost, duplicate_group
    from {{ ref('int_tweet_duplicates') }}
    where {{ in_days('day') }}

),

terms as (

    select
        posts.campaign_id,
        posts.tweet_id,
        posts.day,
        bigram,
        count(*) as occurrences
    from {{ ref('int_tweet_terms') }} as posts
    cross join unnest(posts.bigrams) as bigram
    where {{ in_hours_of_days('posts.created_at') }}
        and {{ in_days('posts.day') }}
    group by posts.campaign_id, posts.tweet_id, posts.day, bigram

),

{{ term_frequencies('bigram') }}

select * from term_frequencies
