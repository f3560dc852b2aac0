{{ config(
    materialized='incremental',
    incremental_strategy='insert_overwrite',
    partition_by={'field': 'day', 'data_type': 'date'},
    cluster_by=['campaign_id', 'hashtag'],
) }}

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

),

sentiment as (

    select * from {{ ref('stg_ml__tweet_sentiment') }}
    where {{ in_hours_of_days('created_at') }}

),

labelled as (

    select
        originals.campaign_id,
        originals.hashtag,
        originals.day,
        sentiment.sentiment_label,
        sentiment.p_negative,
        sentiment.p_positive
    from originals
    inner join sentiment
        on originals.campaign_id = sentiment.campaign_id
        and originals.tweet_id = sentiment.tweet_id

)

select
    campaign_id,
    hashtag,
    day,
    count(*) as posts,
    cast(countif(sentiment_label != 'not_scored') as int64) as scored,
    cast(countif(sentiment_label = 'not_scored') as int64) as not_scored,
    cast(countif(sentiment_label = 'negative') as int64) as negative,
    cast(countif(sentiment_label = 'neutral') as int64) as neutral,
    cast(countif(sentiment_label = 'positive') as int64) as positive,
    safe_divide(
        countif(sentiment_label = 'positive') - countif(sentiment_label = 'negative'),
        nullif(countif(sentiment_label != 'not_scored'), 0)
    ) as net_sentiment,
    -- Summed as whole millionths: a sum of fractions depends on the order of the rows, by one in the last digit.
    round(
        safe_divide(sum(cast(round((p_positive - p_negative) * 1000000) as int64)), countif(p_positive is not null) * 1000000), 6
    ) as mean_score
from labelled
group by campaign_id, hashtag, day
