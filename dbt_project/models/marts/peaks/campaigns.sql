{{ config(materialized='table') }}

select
    campaign_id,
    name,
    zone,
    hashtags,
    start_day,
    end_day,
    source
from {{ ref('stg_pulse__campaigns') }}
