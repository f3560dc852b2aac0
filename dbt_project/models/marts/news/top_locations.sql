{{ config(materialized='table', cluster_by=['campaign_id', 'hashtag']) }}

{{ top_entities('LOC') }}
