{{ config(
    materialized='incremental',
    incremental_strategy='insert_overwrite',
    partition_by={'field': 'day', 'data_type': 'date'},
    cluster_by=['campaign_id', 'hashtag'],
) }}

{#- A hashtag's day has words of its own from this many originals on; below, they would be one post's words. -#}
{%- set fewest_posts = 10 -%}
{%- set words_kept = 200 -%}

with posts as (

    select
        campaign_id,
        tweet_id,
        day,
        lang,
        text_clean,
        array_concat(['*'], hashtags) as hashtags
    from {{ ref('int_tweets_cleaned') }}
    where {{ in_hours_of_days('created_at') }}
        and {{ in_days('day') }}
        and not is_repost
        and text_clean is not null

),

words as (

    select
        posts.campaign_id,
        posts.tweet_id,
        posts.day,
        posts.lang,
        word
    from posts
    cross join unnest(regexp_extract_all(lower(normalize(posts.text_clean, nfkc)), r"[\p{L}\p{M}\p{N}_'’]+")) as word

),

telling_words as (

    select
        words.campaign_id,
        words.tweet_id,
        words.day,
        trim(words.word, "'’_") as word,
        count(*) as occurrences
    from words
    left join {{ ref('int_stop_words') }} as stop_words
        on coalesce(words.lang, 'en') = stop_words.lang
        and replace(words.word, '’', "'") = stop_words.word
    where stop_words.word is null
        and char_length(trim(words.word, "'’_")) between 2 and 30
        and regexp_contains(words.word, r'\p{L}')
    group by words.campaign_id, words.tweet_id, words.day, trim(words.word, "'’_")

),

hashtags as (

    select
        posts.campaign_id,
        posts.tweet_id,
        posts.day,
        hashtag
    from posts
    cross join unnest(posts.hashtags) as hashtag
    where true
    qualify hashtag = '*' or count(*) over (partition by posts.campaign_id, posts.day, hashtag) >= {{ fewest_posts }}

),

counted as (

    select
        hashtags.campaign_id,
        hashtags.hashtag,
        hashtags.day,
        telling_words.word,
        count(*) as posts,
        cast(sum(telling_words.occurrences) as int64) as occurrences
    from hashtags
    inner join telling_words
        on hashtags.campaign_id = telling_words.campaign_id
        and hashtags.tweet_id = telling_words.tweet_id
        and hashtags.day = telling_words.day
    group by hashtags.campaign_id, hashtags.hashtag, hashtags.day, telling_words.word

)

select * from counted
where true
qualify row_number() over (
    partition by campaign_id, hashtag, day
    order by posts desc, occurrences desc, word
) <= {{ words_kept }}
