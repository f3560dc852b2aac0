{{ config(materialized='table', cluster_by=['campaign_id', 'hashtag']) }}

-- The days that are asked about: news, explanation and alerts begin here.
select
    campaign_id,
    hashtag,
    peak_day,
    true as is_most_engagement,
    false as is_notable,
    posts as posts_of_hashtag
from {{ ref('hashtag_peaks') }}
where followed
