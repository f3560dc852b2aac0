{{ config(
    materialized='incremental',
    incremental_strategy='insert_overwrite',
    partition_by={'field': 'created_at', 'data_type': 'timestamp', 'granularity': 'day'},
    cluster_by=['campaign_id', 'tweet_id'],
) }}

{%- set age = env_var('PULSE_ENGAGEMENT_AGE_HOURS', '24') -%}
{#- Until this age a measurement stands for `age`; from the last age on, no snapshot is still to come. -#}
{%- set latest_age = env_var('PULSE_ENGAGEMENT_LATEST_AGE_HOURS', '30') -%}
{%- set last_age = env_var('PULSE_SNAPSHOT_LAST_AGE_HOURS', '168') -%}
{%- set metrics = ['like_count', 'reply_count', 'quote_count', 'repost_count', 'bookmark_count', 'impression_count'] -%}

with posts as (

    select
        *,
        {{ hours_between('created_at', 'observed_at') }} as observed_age_hours,
        not is_repost and source in ('x_search', 'x_stream') as is_measured_again
    from {{ ref('int_tweets_deduplicated') }}
    where {{ in_window('created_at') }}

),

snapshots as (

    select * from {{ ref('stg_x__tweet_metrics') }}
    where {{ in_window('created_at') }}

),

observations as (

    select campaign_id, tweet_id, observed_age_hours, true as is_capture, {{ metrics | join(', ') }}
    from posts
    where is_measured_again
    union all
    select campaign_id, tweet_id, observed_age_hours, false as is_capture, {{ metrics | join(', ') }}
    from snapshots
    where status = 'measured'

),

first_at_age as (

    select
        *,
        {{ engagement_of() }} as engagement
    from observations
    where observed_age_hours >= {{ age }}
    qualify row_number() over (
        partition by campaign_id, tweet_id
        order by observed_age_hours, is_capture
    ) = 1

),

fates as (

    -- Deleted is final. What is unavailable before the age will be asked for again, and may answer.
    select
        campaign_id,
        tweet_id,
        countif(status = 'deleted' or (status = 'unavailable' and snapshot_age_hours >= {{ age }})) > 0 as is_gone,
        countif(snapshot_age_hours >= {{ last_age }}) > 0 as is_over
    from snapshots
    group by campaign_id, tweet_id

)

select
    posts.campaign_id,
    posts.tweet_id,
    posts.created_at,
    {%- for metric in metrics + ['engagement'] %}
    if(posts.is_measured_again, first_at_age.{{ metric }}, posts.{{ metric }}) as {{ metric }},
    {%- endfor %}
    case
        when posts.is_repost then null
        when not posts.is_measured_again then 'observed'
        when first_at_age.observed_age_hours <= {{ latest_age }} then 'at_age'
        when first_at_age.observed_age_hours is not null then 'older'
        when fates.is_gone then 'deleted'
        when fates.is_over then 'missed'
        else 'not_yet'
    end as engagement_state,
    case
        when posts.is_repost then null
        when posts.is_measured_again then first_at_age.observed_age_hours
        else posts.observed_age_hours
    end as engagement_age_hours
from posts
left join first_at_age
    on posts.campaign_id = first_at_age.campaign_id
    and posts.tweet_id = first_at_age.tweet_id
left join fates
    on posts.campaign_id = fates.campaign_id
    and posts.tweet_id = fates.tweet_id
