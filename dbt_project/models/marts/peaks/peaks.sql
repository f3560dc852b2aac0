{{ config(materialized='table', cluster_by=['campaign_id', 'hashtag']) }}

select
    campaign_id,
    hashtag,
    peak_id,
    series,
    grain,
    start_at,
    top_at,
    end_at,
    top_day,
    value,
    expected,
    times_expected,
    score,
    posts,
    authors,
    coverage,
    is_counted,
    code_version,
    run_id,
    loaded_at
from {{ ref('stg_ml__detected_peaks') }}
where status = 'notable'
