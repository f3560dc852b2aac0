{{ config(
    materialized='incremental',
    incremental_strategy='insert_overwrite',
    partition_by={'field': 'created_at', 'data_type': 'timestamp', 'granularity': 'day'},
    cluster_by=['campaign_id', 'tweet_id'],
) }}

with posts as (

    select * from {{ ref('int_tweets_deduplicated') }}
    where {{ in_window('created_at') }}

),

campaigns as (

    select campaign_id, zone from {{ ref('stg_pulse__campaigns') }}

),

in_campaign_day as (

    select
        posts.*,
        date(posts.created_at, coalesce(campaigns.zone, 'UTC')) as day
    from posts
    left join campaigns on posts.campaign_id = campaigns.campaign_id

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
