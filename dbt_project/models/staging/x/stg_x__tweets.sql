with received as (

    select * from {{ source('raw', 'tweets') }}

),

renamed as (

    select
        campaign_id,
        tweet_id,
        root_id,
        created_at,
        observed_at,
        author_key,
        lang,
        text,
        hashtags,
        mentions,
        cashtags,
        urls,
        kind,
        is_repost,
        referenced_id,
        author_followers,
        id_is_exact,
        source,
        source_ref,
        run_id,
        loaded_at,
        -- A repost repeats its original's metrics: counting them again would multiply engagement (98-fold on one real day).
        if(is_repost, null, like_count) as like_count,
        if(is_repost, null, reply_count) as reply_count,
        if(is_repost, null, quote_count) as quote_count,
        if(is_repost, null, repost_count) as repost_count,
        if(is_repost, null, bookmark_count) as bookmark_count,
        if(is_repost, null, impression_count) as impression_count,
        if(is_repost, null, {{ engagement_of() }}) as engagement
    from received

)

select * from renamed
