{{ config(materialized='table', cluster_by=['campaign_id', 'hashtag']) }}

with effects as (

    select * from {{ ref('stg_ml__campaign_effects') }}

),

followed as (

    select campaign_id, hashtag from {{ ref('int_hashtags_followed') }}
    where followed

),

-- Of the changes of a campaign that are looked at together, the least likely by chance first; those without an interval last.
ranked as (

    select
        effects.*,
        count(effects.p_value) over (partition by effects.campaign_id) as judged_at_once,
        row_number() over (
            partition by effects.campaign_id
            order by effects.p_value is null, effects.p_value, effects.hashtag, effects.measure, effects.phase, effects.control
        ) as p_rank
    from effects
    inner join followed
        on effects.campaign_id = followed.campaign_id
        and effects.hashtag = followed.hashtag

),

adjusted as (

    select
        *,
        if(p_value is null, null, {{ q_value('p_value', 'judged_at_once', 'p_rank', 'campaign_id') }}) as q_value
    from ranked

)

select
    campaign_id,
    hashtag,
    measure,
    phase,
    control,
    unit,
    basis,
    first_day,
    last_day,
    baseline_first_day,
    baseline_last_day,
    days_before,
    days_in_phase,
    days_left_out,
    left_out_because,
    posts_before,
    posts_in_phase,
    value,
    baseline,
    change,
    low,
    high,
    relative_change,
    relative_low,
    relative_high,
    p_value,
    q_value,
    judged_at_once,
    -- The only word about a direction: no sentence may say more.
    case
        when not_comparable_because is not null or low is null or high is null then 'unknown'
        when low > 0 and q_value <= {{ false_discoveries() }} then 'rose'
        when high < 0 and q_value <= {{ false_discoveries() }} then 'fell'
        else 'not_clear'
    end as direction,
    assumption,
    not_comparable_because,
    code_version,
    run_id,
    loaded_at
from adjusted
