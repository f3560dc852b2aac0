with received as (

    select * from {{ source('ml', 'article_entities') }}

),

renamed as (

    select
        article_id,
        entity_label,
        entity_name,
        surface_forms,
        mentions
    from received

)

select * from renamed
