{{ config(
    materialized='incremental',
    incremental_strategy='insert_overwrite',
    partition_by={'field': 'created_at', 'data_type': 'timestamp', 'granularity': 'day'},
    cluster_by=['campaign_id', 'tweet_id'],
) }}

{%- set figures = ['like_count', 'reply_count', 'quote_count', 'repost_count', 'impression_count', 'engagement'] -%}

with posts as (

    select * except ({{ figures | join(', ') }})
    from {{ ref('int_tweets_deduplicated') }}
    where {{ in_window('created_at') }}

),

at_age as (

    select * from {{ ref('int_tweet_engagement') }}
    where {{ in_window('created_at') }}

),

measured as (

    select
        posts.*,
        {%- for figure in figures %}
        at_age.{{ figure }},
        {%- endfor %}
        at_age.engagement_state,
        at_age.engagement_age_hours
    from posts
    left join at_age
        on posts.campaign_id = at_age.campaign_id
        and posts.tweet_id = at_age.tweet_id

),

campaigns as (

    select campaign_id, zone from {{ ref('stg_pulse__campaigns') }}

),

in_campaign_day as (

    select
        measured.*,
        date(measured.created_at, coalesce(campaigns.zone, 'UTC')) as day
    from measured
    left join campaigns on measured.campaign_id = campaigns.campaign_id

),

decoded as (

    select
        *,
        -- `&amp;` last, so that `&amp;lt;` becomes `&lt;` and no markup.
        replace(replace(replace(replace(replace(replace(
            normalize(text, nfc),
            '&lt;', '<'), '&gt;', '>'), '&quot;', '"'), '&#39;', "'"), '&nbsp;', ' '), '&amp;', '&'
        ) as text_decoded
    from in_campaign_day

),

without_controls as (

    select
        *,
        -- Control, bidi and zero-width characters; the joiners stay, emoji and some scripts need them.
        regexp_replace(
            text_decoded, r'[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{200b}\x{200e}\x{200f}\x{202a}-\x{202e}\x{2060}\x{2066}-\x{2069}\x{feff}]', ''
        ) as text_visible
    from decoded

),

cleaned as (

    select
        * except (text_decoded, text_visible),
        -- Links, the mark of a repost and handles go, hashtags stay as words.
        nullif(trim(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
            text_visible,
            r'https?://[^\s]+', ' '),
            r'^RT @[A-Za-z0-9_]+:?', ' '),
            r'[@＠][A-Za-z0-9_]+', ' '),
            r'[#＃\s]+', ' ')
        ), '') as text_clean
    from without_controls

)

select * from cleaned
