with received as (

    select * from {{ source('ml', 'peak_explanations') }}

),

renamed as (

    select
        campaign_id,
        hashtag,
        peak_day,
        verdict,
        basis,
        posts_compared,
        articles,
        story_id,
        headline_article_id,
        headline,
        story_articles,
        story_sources,
        score,
        confidence,
        placebo_days,
        placebo_lower,
        shared_terms,
        shared_entities,
        day_terms,
        code_version,
        run_id,
        loaded_at
    from received

)

select * from renamed
