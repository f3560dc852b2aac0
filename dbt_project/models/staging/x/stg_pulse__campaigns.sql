with received as (

    select * from {{ source('raw', 'campaigns') }}

),

renamed as (

    select
        campaign_id,
        name,
        hashtags,
        competitors,
        languages,
        zone,
        start_day,
        end_day,
        source
    from received

)

select * from renamed
