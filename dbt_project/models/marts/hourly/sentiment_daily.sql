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

),

with_shares as (

    select
        campaign_id,
        hashtag,
        day,
        count(*) as posts,
        {{ whole("countif(sentiment_label != 'not_scored')") }} as scored,
        {{ whole("countif(sentiment_label = 'not_scored')") }} as not_scored,
        {{ whole("countif(sentiment_label = 'negative')") }} as negative,
        {{ whole("countif(sentiment_label = 'neutral')") }} as neutral,
        {{ whole("countif(sentiment_label = 'positive')") }} as positive,
        -- Summed as whole millionths: a sum of fractions depends on the order of the rows, by one in the last digit.
        round(
            safe_divide(sum(cast(round((p_positive - p_negative) * 1000000) as int64)), countif(p_positive is not null) * 1000000), 6
        ) as mean_score
    from labelled
    group by campaign_id, hashtag, day

)

select
    *,
    {{ net_sentiment_of('negative', 'positive', 'scored') }} as net_sentiment,
    safe_divide(negative, nullif(scored, 0)) as negative_share,
    safe_divide(neutral, nullif(scored, 0)) as neutral_share,
    safe_divide(positive, nullif(scored, 0)) as positive_share,
    safe_divide(scored, posts) as scored_share,
    {%- for label in ['negative', 'neutral', 'positive'] %}
    {{ wilson('low', label, 'scored') }} as {{ label }}_share_low,
    {{ wilson('high', label, 'scored') }} as {{ label }}_share_high,
    {%- endfor %}
    {{ net_sentiment_error_of('negative', 'positive', 'scored') }} as net_sentiment_error,
    scored >= {{ fewest_for_a_verdict() }} as has_verdict
from with_shares
