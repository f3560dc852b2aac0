with received as (

    select * from {{ source('raw', 'tweet_metrics') }}

),

renamed as (

    select
        campaign_id,
        tweet_id,
        created_at,
        age_hours as snapshot_age_hours,
        status,
        observed_at,
        observed_age_hours,
        like_count,
        reply_count,
        quote_count,
        repost_count,
        bookmark_count,
        impression_count
    from received

)

select * from renamed
