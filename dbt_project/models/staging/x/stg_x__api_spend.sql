with received as (

    select * from {{ source('raw', 'api_spend') }}

),

renamed as (

    select
        spend_id,
        spend_day as day,
        api,
        status,
        -- Calls that belong to no campaign are a campaign of their own, so that sums over campaigns are whole.
        coalesce(campaign_id, '(none)') as campaign_id,
        kind,
        requests,
        posts,
        usd,
        prices_as_of
    from received

)

select * from renamed
