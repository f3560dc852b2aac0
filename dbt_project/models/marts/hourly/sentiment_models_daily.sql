{{ config(
    materialized='incremental',
    incremental_strategy='insert_overwrite',
    partition_by={'field': 'day', 'data_type': 'date'},
    cluster_by=['campaign_id'],
) }}

with posts as (

    select campaign_id, day, model_id, coalesce(model_revision, '') as model_revision
    from {{ ref('tweets') }}
    where {{ in_hours_of_days('created_at') }}
        and {{ in_days('day') }}
        and model_id is not null

)

select
    campaign_id,
    day,
    model_id,
    model_revision,
    count(*) as posts
from posts
group by campaign_id, day, model_id, model_revision
