{{ config(
    materialized='incremental',
    incremental_strategy='insert_overwrite',
    partition_by={'field': 'created_at', 'data_type': 'timestamp', 'granularity': 'day'},
    cluster_by=['campaign_id', 'tweet_id'],
) }}

with observed as (

    -- One hour more on both sides: a later version of a post of this window can stand there.
    select * from {{ ref('stg_x__tweets') }}
    where {{ in_window('created_at', pad=1) }}

),

latest_versions as (

    select * from observed
    where true
    qualify row_number() over (
        partition by campaign_id, root_id
        order by created_at desc, tweet_id desc
    ) = 1

)

select * from latest_versions
where {{ in_window('created_at') }}
