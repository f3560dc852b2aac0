{{ config(
    materialized='incremental',
    incremental_strategy='insert_overwrite',
    partition_by={'field': 'day', 'data_type': 'date'},
    cluster_by=['campaign_id', 'hashtag'],
) }}

{%- set labels = ['negative', 'neutral', 'positive'] %}
{%- set corrected_as = {'negative': 'negative', 'neutral': 'neutral', 'positive': 'positive', 'net': 'net_sentiment'} %}
{#- What labelled a post. -#}
{%- set scorer = ['model_id', 'model_revision', 'code_version'] %}

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
        sentiment.p_positive,
        if(sentiment.sentiment_label = 'not_scored', null, sentiment.model_id) as model_id,
        if(sentiment.sentiment_label = 'not_scored', null, sentiment.model_revision) as model_revision,
        if(sentiment.sentiment_label = 'not_scored', null, sentiment.code_version) as code_version
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
        ) as mean_score,
        {%- for part in scorer %}
        if(min({{ part }}) = max({{ part }}), min({{ part }}), null) as {{ part }}{{ ',' if not loop.last }}
        {%- endfor %}
    from labelled
    group by campaign_id, hashtag, day

),

corrections as (

    select * from {{ ref('stg_ml__sentiment_confusion') }}

),

-- A confusion says something of the posts of its own model only: a day of two models is not corrected.
estimated as (

    select
        with_shares.*,
        corrections.labelled as correction_labels,
        {{ corrected_estimates('corrections') }}
    from with_shares
    left join corrections
        on with_shares.campaign_id = corrections.campaign_id
        {%- for part in scorer %}
        and with_shares.{{ part }} = corrections.{{ part }}
        {%- endfor %}

),

corrected as (

    select
        *,
        {{ corrected_values() }}
    from estimated

)

select
    campaign_id,
    hashtag,
    day,
    posts,
    scored,
    not_scored,
    negative,
    neutral,
    positive,
    mean_score,
    {{ net_sentiment_of('negative', 'positive', 'scored') }} as net_sentiment,
    {{ net_sentiment_error_of('negative', 'positive', 'scored') }} as net_sentiment_error,
    {%- for label in labels %}
    safe_divide({{ label }}, nullif(scored, 0)) as {{ label }}_share,
    {{ wilson('low', label, 'scored') }} as {{ label }}_share_low,
    {{ wilson('high', label, 'scored') }} as {{ label }}_share_high,
    {%- endfor %}
    safe_divide(scored, posts) as scored_share,
    scored >= {{ fewest_for_a_verdict() }} as has_verdict,
    {%- for measure, name in corrected_as.items() %}
    round(corrected_{{ measure }}, 12) as corrected_{{ name }},
    {{ corrected_end('low', measure) }} as corrected_{{ name }}_low,
    {{ corrected_end('high', measure) }} as corrected_{{ name }}_high,
    {%- endfor %}
    if(scored > 0, correction_labels, null) as correction_labels,
    {{ scorer | join(',\n    ') }}
from corrected
