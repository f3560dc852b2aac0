with received as (

    select * from {{ source('ml', 'article_evidence') }}

),

renamed as (

    select
        campaign_id,
        hashtag,
        peak_day,
        article_id,
        score,
        names_score,
        words_score,
        similarity,
        time_proximity,
        source_breadth,
        shared_entities,
        shared_terms,
        spans,
        story_id,
        copy_of,
        code_version
    from received

)

select * from renamed
