with received as (

    select * from {{ source('raw', 'news_articles') }}

),

renamed as (

    select
        campaign_id,
        hashtag,
        peak_day,
        article_id,
        title,
        description,
        url,
        source_name,
        language,
        published_at,
        matched_terms,
        copies,
        source_names,
        source,
        run_id,
        loaded_at
    from received

)

select * from renamed
