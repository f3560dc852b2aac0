{{ config(
    materialized='incremental',
    incremental_strategy='insert_overwrite',
    partition_by={'field': 'day', 'data_type': 'date'},
    cluster_by=['campaign_id', 'hashtag'],
) }}

{%- set posts_kept = 10 %}

with originals as (

    select
        campaign_id,
        tweet_id,
        hashtag,
        day
    from {{ ref('int_tweet_hashtags') }}
    where {{ in_hours_of_days('created_at') }}
        and {{ in_days('day') }}
        and not is_repost
        and engagement is not null

),

posts as (

    select * from {{ ref('tweets') }}
    where {{ in_hours_of_days('created_at') }}

),

ranked as (

    select
        originals.campaign_id,
        originals.hashtag,
        originals.day,
        row_number() over (
            partition by originals.campaign_id, originals.hashtag, originals.day
            order by posts.engagement desc, posts.created_at, posts.tweet_id
        ) as rank,
        posts.tweet_id,
        posts.created_at,
        posts.author_key,
        posts.lang,
        posts.text,
        posts.engagement,
        posts.like_count,
        posts.reply_count,
        posts.quote_count,
        posts.repost_count,
        posts.impression_count,
        posts.sentiment_label,
        posts.run_id,
        posts.engagement_state,
        posts.engagement_age_hours
    from originals
    inner join posts
        on originals.campaign_id = posts.campaign_id
        and originals.tweet_id = posts.tweet_id

)

select * from ranked
where rank <= {{ posts_kept }}
