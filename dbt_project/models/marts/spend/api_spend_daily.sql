{{ config(materialized='table') }}

with calls as (

    select
        day,
        api,
        campaign_id,
        kind,
        status,
        requests,
        posts,
        usd,
        prices_as_of
    from {{ ref('stg_x__api_spend') }}

)

select
    day,
    api,
    campaign_id,
    kind,
    coalesce(sum(if(status = 'planned', usd, null)), 0) as planned_usd,
    coalesce(sum(if(status = 'used', usd, null)), 0) as used_usd,
    cast(coalesce(sum(if(status = 'planned', requests, null)), 0) as int64) as planned_requests,
    cast(coalesce(sum(if(status = 'planned', posts, null)), 0) as int64) as planned_posts,
    cast(coalesce(sum(if(status = 'used', requests, null)), 0) as int64) as requests,
    cast(coalesce(sum(if(status = 'used', posts, null)), 0) as int64) as posts,
    cast(countif(status = 'refused') as int64) as refused,
    max(prices_as_of) as prices_as_of
from calls
group by day, api, campaign_id, kind
