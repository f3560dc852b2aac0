{{ config(
    materialized='incremental',
    incremental_strategy='insert_overwrite',
    partition_by={'field': 'created_at', 'data_type': 'timestamp', 'granularity': 'day'},
    cluster_by=['campaign_id', 'tweet_id'],
) }}

{%- set figures = ['like_count', 'reply_count', 'quote_count', 'repost_count', 'bookmark_count', 'impression_count', 'engagement'] -%}

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

-- Reposts come cut when their source does not carry the original. Only an original of the same hour is looked for: a run writes
-- its hours and the one before, so anything further would depend on the order in which hours are loaded.
originals as (

    select campaign_id, known_id, created_at, text
    from posts
    cross join unnest([tweet_id, root_id]) as known_id
    where not is_repost
    qualify row_number() over (partition by campaign_id, known_id, timestamp_trunc(created_at, hour) order by created_at desc, tweet_id desc) = 1

),

resolved as (

    select
        in_campaign_day.*,
        if({{ is_cut('in_campaign_day.text') }}, coalesce(originals.text, in_campaign_day.text), in_campaign_day.text) as text_known
    from in_campaign_day
    left join originals
        on in_campaign_day.campaign_id = originals.campaign_id
        -- As a value and not as a condition of its own, which the local server would join by comparing all with all.
        and if(in_campaign_day.is_repost, in_campaign_day.referenced_id, null) = originals.known_id
        and timestamp_trunc(in_campaign_day.created_at, hour) = timestamp_trunc(originals.created_at, hour)

),

shown as (

    select
        * except (text_known),
        {{ is_cut('text_known') }} as is_truncated,
        {{ shown_text('text_known') }} as text_shown
    from resolved

),

whole_words as (

    select
        *,
        {{ without_handles(without_links(
            'if(is_truncated, ' ~ without_cut_word('text_shown') ~ ', text_shown)'
        )) }} as text_own
    from shown

),

cleaned as (

    select
        * except (text_shown, text_own),
        {{ language_of('lang') }} as language,
        {{ trimmed('text_shown') }} as text_shown,
        {{ collapsed(hashtags_as_words('text_own')) }} as text_clean,
        {{ collapsed(without_hashtags('text_own')) }} as text_without_hashtags,
        {{ emojis_of('text_own') }} as emojis
    from whole_words

),

hashed as (

    select
        *,
        to_hex(md5({{ compared_text('text_clean') }})) as text_hash
    from cleaned

)

select * from hashed
