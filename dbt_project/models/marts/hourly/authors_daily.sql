{{ config(
    materialized='incremental',
    incremental_strategy='insert_overwrite',
    partition_by={'field': 'day', 'data_type': 'date'},
    cluster_by=['campaign_id', 'hashtag'],
) }}

with posts as (

    select
        campaign_id,
        day,
        hashtags,
        author_key,
        is_repost,
        sentiment_label
    from {{ ref('tweets') }}
    where {{ in_hours_of_days('created_at') }}
        and {{ in_days('day') }}

),

by_hashtag as (

    select
        posts.campaign_id,
        hashtag,
        posts.day,
        -- A key is never NULL.
        coalesce(posts.author_key, '') as author_key,
        posts.is_repost,
        if(posts.is_repost, null, posts.sentiment_label) as sentiment_label
    from posts
    cross join unnest(array_concat(['*'], posts.hashtags)) as hashtag

)

select
    campaign_id,
    hashtag,
    day,
    author_key,
    count(*) as posts,
    {{ whole('countif(not is_repost)') }} as originals,
    {{ whole("countif(sentiment_label = 'negative')") }} as negative,
    {{ whole("countif(sentiment_label = 'neutral')") }} as neutral,
    {{ whole("countif(sentiment_label = 'positive')") }} as positive
from by_hashtag
group by campaign_id, hashtag, day, author_key
