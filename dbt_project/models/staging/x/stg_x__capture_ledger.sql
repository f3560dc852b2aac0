with received as (

    select * from {{ source('raw', 'capture_ledger') }}

),

renamed as (

    select
        campaign_id,
        hour,
        source,
        capture_mode,
        captured,
        counted,
        capped,
        capped_at,
        hourly_cap,
        observations,
        ids_exact,
        notes,
        run_id,
        loaded_at
    from received

)

select * from renamed
