{{ config(
    materialized='incremental',
    incremental_strategy='insert_overwrite',
    partition_by={'field': 'day', 'data_type': 'date'},
    cluster_by=['campaign_id', 'tweet_id'],
) }}

{#- A chain of texts, each near the next, is followed this far. -#}
{%- set rounds = 4 -%}

with posts as (

    select
        campaign_id,
        tweet_id,
        created_at,
        day,
        author_key,
        is_repost,
        is_truncated,
        text_hash,
        if(is_repost, coalesce(referenced_id, tweet_id), tweet_id) as passed_on_id
    from {{ ref('int_tweets_cleaned') }}
    where {{ in_hours_of_days('created_at') }}
        and {{ in_days('day') }}

),

signatures as (

    select campaign_id, day, text_hash, bands
    from {{ ref('int_tweet_terms') }}
    where {{ in_hours_of_days('created_at') }}
        and {{ in_days('day') }}
        and array_length(bands) > 0
    qualify row_number() over (partition by campaign_id, day, text_hash order by tweet_id) = 1

),

-- A repost says what its original says, however it was cut: by its link first, by its text otherwise.
with_content as (

    select
        *,
        coalesce(
            first_value(if(is_repost and is_truncated, null, text_hash) ignore nulls) over (
                partition by campaign_id, day, passed_on_id
                order by is_repost, created_at, tweet_id
                rows between unbounded preceding and unbounded following
            ),
            concat('post ', passed_on_id)
        ) as content
    from posts

),

contents as (

    select
        campaign_id,
        day,
        content,
        row_number() over (partition by campaign_id, day order by min(created_at), content) as number
    from with_content
    group by campaign_id, day, content

),

signed as (

    select
        contents.campaign_id,
        contents.day,
        contents.number,
        signatures.bands
    from contents
    inner join signatures
        on contents.campaign_id = signatures.campaign_id
        and contents.day = signatures.day
        and contents.content = signatures.text_hash

),

banded as (

    select
        signed.campaign_id,
        signed.day,
        signed.number,
        band_offset as band_place,
        band
    from signed
    cross join unnest(signed.bands) as band with offset as band_offset

),

-- Each text of a band is compared with the first one only: a thousand copies make a thousand pairs, not half a million.
met as (

    select
        *,
        min(number) over (partition by campaign_id, day, band_place, band) as first_number
    from banded

),

pairs as (

    select distinct campaign_id, day, number, first_number from met
    where number != first_number

),

-- Counted in the two arrays: bands joined by their values meet in thousands where many texts share one (see `make bench-dbt`).
near as (

    select
        pairs.campaign_id,
        pairs.day,
        pairs.number,
        pairs.first_number
    from pairs
    inner join signed as one
        on pairs.campaign_id = one.campaign_id
        and pairs.day = one.day
        and pairs.number = one.number
    inner join signed as other
        on pairs.campaign_id = other.campaign_id
        and pairs.day = other.day
        and pairs.first_number = other.number
    cross join unnest(one.bands) as one_band with offset as one_place
    cross join unnest(other.bands) as other_band with offset as other_place
    where one_place = other_place
        and one_band = other_band
    group by pairs.campaign_id, pairs.day, pairs.number, pairs.first_number
    having count(*) >= {{ shared_bands_when_near() }}

),

edges as (

    select campaign_id, day, number, first_number as neighbour from near
    union distinct
    select campaign_id, day, first_number as number, number as neighbour from near
    union distinct
    select campaign_id, day, number, number as neighbour from near
    union distinct
    select campaign_id, day, first_number as number, first_number as neighbour from near

),

labels_0 as (

    select campaign_id, day, number, number as label from edges where number = neighbour

),
{% for round in range(1, rounds + 1) %}
labels_{{ round }} as (

    select
        edges.campaign_id,
        edges.day,
        edges.number,
        min(labels.label) as label
    from edges
    inner join labels_{{ round - 1 }} as labels
        on edges.campaign_id = labels.campaign_id
        and edges.day = labels.day
        and edges.neighbour = labels.number
    group by edges.campaign_id, edges.day, edges.number

),
{% endfor %}
grouped as (

    select
        with_content.campaign_id,
        with_content.day,
        with_content.tweet_id,
        with_content.created_at,
        with_content.author_key,
        with_content.is_repost,
        with_content.content,
        coalesce(labels.label, contents.number) as label
    from with_content
    inner join contents
        on with_content.campaign_id = contents.campaign_id
        and with_content.day = contents.day
        and with_content.content = contents.content
    left join labels_{{ rounds }} as labels
        on contents.campaign_id = labels.campaign_id
        and contents.day = labels.day
        and contents.number = labels.number

),

sizes as (

    select
        campaign_id,
        day,
        label,
        count(*) as posts,
        countif(not is_repost) as originals,
        count(distinct author_key) as authors
    from grouped
    group by campaign_id, day, label

),

firsts as (

    select
        campaign_id,
        day,
        label,
        content
    from grouped
    where true
    qualify row_number() over (partition by campaign_id, day, label order by is_repost, created_at, tweet_id) = 1

)

select
    grouped.campaign_id,
    grouped.day,
    grouped.tweet_id,
    grouped.created_at,
    grouped.is_repost,
    -- No id of a post: the group outlives a post that must be deleted.
    to_hex(md5(firsts.content)) as duplicate_group,
    grouped.content = firsts.content as is_exact,
    sizes.posts,
    {{ whole('sizes.originals') }} as originals,
    sizes.authors
from grouped
inner join firsts
    on grouped.campaign_id = firsts.campaign_id
    and grouped.day = firsts.day
    and grouped.label = firsts.label
inner join sizes
    on grouped.campaign_id = sizes.campaign_id
    and grouped.day = sizes.day
    and grouped.label = sizes.label
