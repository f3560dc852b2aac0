{{ config(materialized='table', cluster_by=['campaign_id', 'hashtag']) }}

select
    campaign_id,
    hashtag,
    series,
    grain,
    any_value(status) as status,
    any_value(reason) as reason,
    {{ whole("countif(status = 'notable')") }} as events,
    any_value(points_judged) as points_judged,
    any_value(days_known) as days_known
from {{ ref('stg_ml__detected_peaks') }}
group by campaign_id, hashtag, series, grain
