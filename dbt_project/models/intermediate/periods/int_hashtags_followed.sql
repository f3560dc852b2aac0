{{ config(materialized='table', cluster_by=['campaign_id', 'hashtag']) }}

{%- set followed_by_default = env_var('PULSE_FOLLOWED_HASHTAGS', '5') | int %}

with totals as (

    select
        campaign_id,
        hashtag,
        {{ whole('sum(posts)') }} as posts
    from {{ ref('engagement_daily') }}
    where {{ ever('day') }}
    group by campaign_id, hashtag

),

campaigns as (

    select campaign_id, hashtags from {{ ref('stg_pulse__campaigns') }}

)

-- The whole campaign; the campaign's own list; without a list, the hashtags seen most.
select
    totals.campaign_id,
    totals.hashtag,
    totals.posts,
    totals.hashtag = '*'
    or if(
        coalesce(array_length(campaigns.hashtags), 0) > 0,
        totals.hashtag in unnest(campaigns.hashtags),
        row_number() over (
            partition by totals.campaign_id, totals.hashtag = '*'
            order by totals.posts desc, totals.hashtag
        ) <= {{ followed_by_default }}
    ) as followed
from totals
left join campaigns on totals.campaign_id = campaigns.campaign_id
