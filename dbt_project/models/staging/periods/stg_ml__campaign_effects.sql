with received as (

    select * from {{ source('ml', 'campaign_effects') }}

),

renamed as (

    select
        campaign_id,
        hashtag,
        measure,
        phase,
        control,
        unit,
        basis,
        first_day,
        last_day,
        baseline_first_day,
        baseline_last_day,
        days_before,
        days_in_phase,
        days_left_out,
        left_out_because,
        posts_before,
        posts_in_phase,
        value,
        baseline,
        change,
        low,
        high,
        relative_change,
        relative_low,
        relative_high,
        p_value,
        assumption,
        not_comparable_because,
        code_version,
        run_id,
        loaded_at
    from received

)

select * from renamed
