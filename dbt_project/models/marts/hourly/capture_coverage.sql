{{ config(
    materialized='incremental',
    incremental_strategy='insert_overwrite',
    partition_by={'field': 'hour', 'data_type': 'timestamp', 'granularity': 'day'},
    cluster_by=['campaign_id'],
) }}

with captured_hours as (

    select * from {{ ref('stg_x__capture_ledger') }}
    where {{ in_window('hour') }}

)

select
    campaign_id,
    hour,
    source,
    capture_mode,
    captured,
    counted,
    {{ coverage_of('captured', 'counted') }} as coverage,
    capped,
    capped_at,
    hourly_cap,
    observations,
    ids_exact,
    notes,
    run_id,
    loaded_at
from captured_hours
