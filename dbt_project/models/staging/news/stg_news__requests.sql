with received as (

    select * from {{ source('raw', 'news_requests') }}

),

renamed as (

    select
        campaign_id,
        hashtag,
        peak_day,
        source,
        query,
        status,
        reason,
        articles,
        run_id,
        loaded_at
    from received

)

select * from renamed
