with received as (

    select * from {{ source('ml', 'sentiment_confusion') }}

),

renamed as (

    select
        campaign_id,
        model_id,
        model_revision,
        code_version,
        labelled,
        {%- for measure in ['negative', 'neutral', 'positive', 'net'] %}
        {%- for label in ['negative', 'neutral', 'positive'] %}
        w_{{ measure }}_{{ label }},
        s_{{ measure }}_{{ label }}{{ ',' if not (loop.last and measure == 'net') }}
        {%- endfor %}
        {%- endfor %}
    from received
    where reason is null

)

select * from renamed
