{{ config(materialized='table', cluster_by=['campaign_id', 'hashtag']) }}

with peaks as (

    select campaign_id, hashtag, peak_day, is_most_engagement from {{ ref('peak_days') }}

),

requests as (

    select * from {{ ref('stg_news__requests') }}

)

select
    peaks.campaign_id,
    peaks.hashtag,
    peaks.peak_day,
    peaks.is_most_engagement,
    requests.source,
    requests.query,
    coalesce(requests.status, 'not_asked') as status,
    coalesce(requests.reason, 'Nobody has asked for the news of this day yet.') as reason,
    coalesce(requests.articles, 0) as articles,
    requests.run_id,
    requests.loaded_at
from peaks
left join requests
    on peaks.campaign_id = requests.campaign_id
    and peaks.hashtag = requests.hashtag
    and peaks.peak_day = requests.peak_day
