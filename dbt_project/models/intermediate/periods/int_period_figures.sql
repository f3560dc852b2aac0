{{ config(materialized='table', cluster_by=['campaign_id', 'hashtag']) }}

{%- set sums = additive_columns() + ['engagement_measured', 'engagement_waiting', 'engagement_deleted', 'engagement_missed'] -%}

with periods as (

    select * from {{ ref('int_campaign_periods') }}

),

followed as (

    select campaign_id, hashtag from {{ ref('int_hashtags_followed') }}
    where followed

),

wanted as (

    select
        periods.campaign_id,
        followed.hashtag,
        periods.period,
        periods.side,
        periods.first_day,
        periods.last_day,
        periods.days
    from periods
    inner join followed on periods.campaign_id = followed.campaign_id

),

days as (

    select * from {{ ref('engagement_daily') }}
    where {{ ever('day') }}

),

-- Capture is the whole campaign's: a hashtag has no row on a captured day on which nobody used it.
captured as (

    select
        periods.campaign_id,
        periods.period,
        periods.side,
        count(*) as captured_days,
        {{ whole('sum(days.captured_hours)') }} as captured_hours,
        {{ whole('sum(days.captured)') }} as captured,
        if(countif(days.counted is null) > 0, null, {{ whole('sum(days.counted)') }}) as counted
    from periods
    inner join days
        on periods.campaign_id = days.campaign_id
        and days.day between periods.first_day and periods.last_day
    where days.hashtag = '*'
        and days.captured_hours is not null
    group by periods.campaign_id, periods.period, periods.side

),

summed as (

    select
        wanted.campaign_id,
        wanted.hashtag,
        wanted.period,
        wanted.side,
        {%- for column in sums %}
        {{ whole('sum(days.' ~ column ~ ')') }} as {{ column }},
        {%- endfor %}
        -- NULL where there are originals and nobody knows the engagement of any.
        if(sum(days.originals) > 0 and sum(days.engagement_measured) = 0, null, {{ whole('sum(days.engagement)') }}) as engagement
    from wanted
    inner join days
        on wanted.campaign_id = days.campaign_id
        and wanted.hashtag = days.hashtag
        and days.day between wanted.first_day and wanted.last_day
    group by wanted.campaign_id, wanted.hashtag, wanted.period, wanted.side

),

author_totals as (

    select
        wanted.campaign_id,
        wanted.hashtag,
        wanted.period,
        wanted.side,
        authors.author_key,
        max(authors.followers) as followers
    from wanted
    inner join {{ ref('int_authors_daily') }} as authors
        on wanted.campaign_id = authors.campaign_id
        and wanted.hashtag = authors.hashtag
        and authors.day between wanted.first_day and wanted.last_day
    where {{ ever('authors.day') }}
    group by wanted.campaign_id, wanted.hashtag, wanted.period, wanted.side, authors.author_key

),

-- An author of three days is one author of the period.
authors as (

    select
        campaign_id,
        hashtag,
        period,
        side,
        count(*) as authors,
        {{ whole('sum(followers)') }} as potential_reach
    from author_totals
    group by campaign_id, hashtag, period, side

),

sentiment as (

    select
        wanted.campaign_id,
        wanted.hashtag,
        wanted.period,
        wanted.side,
        {{ whole('sum(sentiment.scored)') }} as scored,
        {{ whole('sum(sentiment.not_scored)') }} as not_scored,
        {{ whole('sum(sentiment.negative)') }} as negative,
        {{ whole('sum(sentiment.neutral)') }} as neutral,
        {{ whole('sum(sentiment.positive)') }} as positive
    from wanted
    inner join {{ ref('sentiment_daily') }} as sentiment
        on wanted.campaign_id = sentiment.campaign_id
        and wanted.hashtag = sentiment.hashtag
        and sentiment.day between wanted.first_day and wanted.last_day
    where {{ ever('sentiment.day') }}
    group by wanted.campaign_id, wanted.hashtag, wanted.period, wanted.side

),

-- A captured period without posts is a known zero; a period that nobody captured is NULL.
figures as (

    select
        wanted.campaign_id,
        wanted.hashtag,
        wanted.period,
        wanted.side,
        wanted.first_day,
        wanted.last_day,
        wanted.days,
        coalesce(captured.captured_days, 0) as captured_days,
        coalesce(captured.captured_hours, 0) as captured_hours,
        captured.captured,
        captured.counted,
        {%- for column in sums + ['engagement'] %}
        if(captured.captured_days > 0 and summed.campaign_id is null, 0, summed.{{ column }}) as {{ column }},
        {%- endfor %}
        if(captured.captured_days > 0, coalesce(authors.authors, 0), null) as authors,
        authors.potential_reach,
        sentiment.scored,
        sentiment.not_scored,
        sentiment.negative,
        sentiment.neutral,
        sentiment.positive
    from wanted
    left join captured
        on wanted.campaign_id = captured.campaign_id
        and wanted.period = captured.period
        and wanted.side = captured.side
    {%- for other in ['summed', 'authors', 'sentiment'] %}
    left join {{ other }}
        on wanted.campaign_id = {{ other }}.campaign_id
        and wanted.hashtag = {{ other }}.hashtag
        and wanted.period = {{ other }}.period
        and wanted.side = {{ other }}.side
    {%- endfor %}

)

select
    *,
    {{ coverage_of('captured', 'counted') }} as coverage,
    {{ rates() }},
    safe_divide(posts, nullif(captured_hours, 0)) as posts_per_hour,
    {{ net_sentiment_of('negative', 'positive', 'scored') }} as net_sentiment,
    safe_divide(negative, nullif(scored, 0)) as negative_share,
    safe_divide(neutral, nullif(scored, 0)) as neutral_share,
    safe_divide(positive, nullif(scored, 0)) as positive_share
from figures
