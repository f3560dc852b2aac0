{{ config(
    materialized='incremental',
    incremental_strategy='insert_overwrite',
    partition_by={'field': 'day', 'data_type': 'date'},
    cluster_by=['campaign_id', 'hashtag'],
) }}

with posts as (

    select campaign_id, hashtag, day, author_key, author_followers, is_repost
    from {{ ref('int_tweet_hashtags') }}
    where {{ in_hours_of_days('created_at') }}
        and {{ in_days('day') }}
        and author_key is not null

)

select
    campaign_id,
    hashtag,
    day,
    author_key,
    count(*) as posts,
    {{ whole('countif(not is_repost)') }} as originals,
    max(author_followers) as followers
from posts
group by campaign_id, hashtag, day, author_key
