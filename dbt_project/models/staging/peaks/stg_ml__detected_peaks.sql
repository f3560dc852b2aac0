with received as (

    select * from {{ source('ml', 'detected_peaks') }}

),

renamed as (

    select
        campaign_id,
        hashtag,
        series,
        grain,
        peak_id,
        status,
        reason,
        points_judged,
        days_known,
        start_at,
        top_at,
        end_at,
        top_day,
        value,
        expected,
        times_expected,
        score,
        posts,
        authors,
        coverage,
        is_counted,
        code_version,
        run_id,
        loaded_at
    from received

)

select * from renamed
