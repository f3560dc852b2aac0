{{ config(
    materialized='incremental',
    incremental_strategy='insert_overwrite',
    partition_by={'field': 'created_at', 'data_type': 'timestamp', 'granularity': 'day'},
    cluster_by=['campaign_id', 'tweet_id'],
) }}

with posts as (

    select
        campaign_id,
        tweet_id,
        created_at,
        day,
        language,
        text_hash,
        -- A part of a text is like no other text.
        if(is_truncated, null, text_hash) as whole_text_hash,
        text_clean,
        if(is_truncated, {{ without_cut_word('text_shown') }}, text_shown) as text_whole_words
    from {{ ref('int_tweets_cleaned') }}
    where {{ in_window('created_at') }}

),

tokens as (

    select
        posts.campaign_id,
        posts.tweet_id,
        posts.language,
        regexp_replace(token, r"^['’_]+|['’_\x{200C}\x{200D}]+$", '') as token,
        token_offset as place
    from posts
    cross join unnest({{ tokens_of('posts.text_whole_words') }}) as token with offset as token_offset

),

weighed as (

    select
        tokens.campaign_id,
        tokens.tweet_id,
        tokens.token,
        tokens.place,
        regexp_contains(tokens.token, r'^[\p{Han}々]') as is_han,
        -- Hiragana alone is grammar, and a lone Han character mostly the stem of a verb: 使, 思 and 出 led a day of a Japanese archive.
        stop_words.word is null
        and regexp_contains(tokens.token, r'\p{L}')
        and not regexp_contains(tokens.token, r'^\p{Hiragana}')
        and char_length(tokens.token) >= 2
        and (char_length(tokens.token) <= 30 or regexp_contains(tokens.token, r'^[\p{Han}々]')) as is_telling
    from tokens
    left join {{ ref('stop_words') }} as stop_words
        on coalesce(tokens.language, 'en') = stop_words.language
        and replace(tokens.token, '’', "'") = stop_words.word

),

neighbours as (

    select
        *,
        lead(if(is_telling and not is_han, token, null)) over (partition by campaign_id, tweet_id order by place) as next_token
    from weighed

),

terms as (

    -- A run of Han characters holds several words and no space: its pairs of characters stand for them.
    select
        campaign_id,
        tweet_id,
        array_agg(if(is_han, substr(token, start, 2), token) order by place, start) as words,
        array_agg(if(is_han, null, concat(token, ' ', next_token)) ignore nulls order by place, start) as bigrams
    from neighbours
    cross join unnest(generate_array(1, if(is_han, char_length(token) - 1, 1))) as start
    where is_telling
    group by campaign_id, tweet_id

),

texts as (

    select
        whole_text_hash as text_hash,
        {{ compared_text('text_clean') }} as text_compared
    from posts
    where whole_text_hash is not null
    qualify row_number() over (partition by whole_text_hash order by created_at, tweet_id) = 1

),

likened as (

    select
        texts.text_hash,
        token,
        lead(token) over (partition by texts.text_hash order by token_offset) as next_token,
        count(*) over (partition by texts.text_hash) as tokens
    from texts
    cross join unnest({{ likened_tokens('texts.text_compared') }}) as token with offset as token_offset

),

shingles as (

    select
        text_hash,
        {{ shingle_hash("concat(token, ' ', next_token)") }} as shingle
    from likened
    -- Shorter texts are alike by chance.
    where tokens >= 4 and next_token is not null

),

signatures as (

    select
        text_hash,
        {{ minhash_bands('shingle') }} as bands
    from shingles
    group by text_hash

)

select
    posts.campaign_id,
    posts.tweet_id,
    posts.created_at,
    posts.day,
    posts.text_hash,
    coalesce(terms.words, []) as words,
    coalesce(terms.bigrams, []) as bigrams,
    coalesce(signatures.bands, []) as bands
from posts
left join terms
    on posts.campaign_id = terms.campaign_id
    and posts.tweet_id = terms.tweet_id
left join signatures
    on posts.whole_text_hash = signatures.text_hash
