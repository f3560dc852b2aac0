with received as (

    select * from {{ source('ml', 'article_entities') }}

),

renamed as (

    select
        article_id,
        entity_label,
        entity_name,
        mentions
    from received

)

select * from renamed
