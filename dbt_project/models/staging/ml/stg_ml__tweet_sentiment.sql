with received as (

    select * from {{ source('ml', 'tweet_sentiment') }}

),

renamed as (

    select
        campaign_id,
        tweet_id,
        created_at,
        sentiment_label,
        not_scored_reason,
        p_negative,
        p_neutral,
        p_positive,
        model_id,
        model_revision,
        code_version
    from received

)

select * from renamed
