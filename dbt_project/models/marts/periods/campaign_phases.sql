{{ config(materialized='table', cluster_by=['campaign_id', 'hashtag']) }}

with phases as (

    select * from {{ ref('int_period_figures') }}
    where side = 'phase'

)

select
    campaign_id,
    hashtag,
    period as phase,
    first_day,
    last_day,
    days,
    captured_days,
    captured,
    counted,
    coverage,
    posts,
    originals,
    reposts,
    authors,
    engagement,
    engagement_measured,
    engagement_waiting,
    safe_divide(posts, nullif(captured_days, 0)) as posts_per_day,
    safe_divide(engagement, nullif(captured_days, 0)) as engagement_per_day,
    engagement_per_post,
    engagement_rate_by_impressions,
    scored,
    net_sentiment,
    negative_share,
    neutral_share,
    positive_share
from phases
