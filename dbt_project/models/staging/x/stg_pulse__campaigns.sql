with source as (

    select * from {{ source('raw', 'campaigns') }}

),

renamed as (

    select
        campaign_id,
        name,
        hashtags,
        zone,
        start_day,
        end_day,
        source
    from source

)

select * from renamed
