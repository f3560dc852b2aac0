{#-
  How many texts of a hashtag's day hold each `term` (word or bigram; int_tweet_terms lists them as words and bigrams). A text weighs
  once, however often it was reposted or copied, exactly or nearly. Kept are the 200 terms of most texts; a hashtag has terms of its
  own from 10 texts on: below, they would be one post's.
-#}
{% macro term_frequencies(term) -%}
{%- set fewest_texts = 10 -%}
{%- set terms_kept = 200 -%}
with posts as (

    select
        campaign_id,
        tweet_id,
        day,
        array_concat(['*'], hashtags) as hashtags
    from {{ ref('int_tweets_cleaned') }}
    where {{ in_hours_of_days('created_at') }}
        and {{ in_days('day') }}
        and text_clean is not null

),

copies as (

    select campaign_id, tweet_id, day, created_at, is_repost, duplicate_group
    from {{ ref('int_tweet_duplicates') }}
    where {{ in_days('day') }}

),

terms as (

    select
        posts.campaign_id,
        posts.tweet_id,
        posts.day,
        {{ term }},
        count(*) as occurrences
    from {{ ref('int_tweet_terms') }} as posts
    cross join unnest(posts.{{ term }}s) as {{ term }}
    where {{ in_hours_of_days('posts.created_at') }}
        and {{ in_days('posts.day') }}
    group by posts.campaign_id, posts.tweet_id, posts.day, {{ term }}

),

texts as (

    select
        posts.campaign_id,
        posts.tweet_id,
        posts.day,
        hashtag
    from posts
    inner join copies
        on posts.campaign_id = copies.campaign_id
        and posts.tweet_id = copies.tweet_id
        and posts.day = copies.day
    cross join unnest(posts.hashtags) as hashtag
    where true
    qualify row_number() over (
        partition by posts.campaign_id, posts.day, hashtag, copies.duplicate_group
        order by copies.is_repost, copies.created_at, posts.tweet_id
    ) = 1

),

many_texts as (

    select * from texts
    where true
    qualify hashtag = '*' or count(*) over (partition by campaign_id, day, hashtag) >= {{ fewest_texts }}

),

counted as (

    select
        many_texts.campaign_id,
        many_texts.hashtag,
        many_texts.day,
        terms.{{ term }},
        count(*) as posts,
        {{ whole('sum(terms.occurrences)') }} as occurrences
    from many_texts
    inner join terms
        on many_texts.campaign_id = terms.campaign_id
        and many_texts.tweet_id = terms.tweet_id
        and many_texts.day = terms.day
    group by many_texts.campaign_id, many_texts.hashtag, many_texts.day, terms.{{ term }}

)

select * from counted
where true
qualify row_number() over (
    partition by campaign_id, hashtag, day
    order by posts desc, occurrences desc, {{ term }}
) <= {{ terms_kept }}
{%- endmacro %}
