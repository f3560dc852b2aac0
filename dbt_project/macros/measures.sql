{#-
  The measures, each written once; docs of the same names in models/_docs.md say formula, unit and denominator.
  A group is the posts of a campaign, hashtag and period: rows of int_tweet_hashtags.
-#}

{#- Engagement of one post: NULL when none of the four metrics is known, else the sum of the known ones. -#}
{% macro engagement_of() -%}
    if(
        like_count is null and reply_count is null and quote_count is null and repost_count is null,
        null,
        coalesce(like_count, 0) + coalesce(reply_count, 0) + coalesce(quote_count, 0) + coalesce(repost_count, 0)
    )
{%- endmacro %}

{#- How far a post was passed on: NULL when neither count is known. -#}
{% macro shares_of() -%}
    if(repost_count is null and quote_count is null, null, coalesce(repost_count, 0) + coalesce(quote_count, 0))
{%- endmacro %}

{#- The casts change nothing on BigQuery; DuckDB widens a sum of integers. -#}
{% macro whole(sum) -%}
    cast({{ sum }} as int64)
{%- endmacro %}

{#-
  Engagement of a group: summed over its originals, NULL when it has originals and not one of them has a known metric.
  A group without originals has none to sum: 0.
-#}
{% macro engagement_sum() -%}
    if(
        countif(not is_repost) > 0 and countif(not is_repost and engagement is not null) = 0,
        null,
        {{ whole('coalesce(sum(if(is_repost, null, engagement)), 0)') }}
    )
{%- endmacro %}

{#- Posts of a group and what they are. -#}
{% macro volume() -%}
    count(*) as posts,
    {{ whole('countif(not is_repost)') }} as originals,
    {{ whole('countif(is_repost)') }} as reposts,
    {{ whole("countif(kind = 'reply')") }} as reply_posts,
    {{ whole("countif(kind = 'quote')") }} as quote_posts
{%- endmacro %}

{#- X wrote 0 impressions for every post before it counted them; a post that somebody answered was seen. -#}
{% macro _seen() -%}
    not is_repost and impression_count > 0 and engagement is not null
{%- endmacro %}

{% macro _followed() -%}
    not is_repost and author_followers is not null and engagement is not null
{%- endmacro %}

{#- Sums that add up over hours, days and hashtags' posts; the rates are ratios of them. -#}
{% macro interactions() -%}
    {%- for metric in ['like_count', 'reply_count', 'quote_count', 'repost_count', 'bookmark_count'] %}
    {{ whole('sum(if(is_repost, null, ' ~ metric ~ '))') }} as {{ metric }},
    {%- endfor %}
    {{ whole('countif(' ~ _seen() ~ ')') }} as posts_with_impressions,
    {{ whole('coalesce(sum(if(' ~ _seen() ~ ', impression_count, null)), 0)') }} as impressions,
    {{ whole('coalesce(sum(if(' ~ _seen() ~ ', engagement, null)), 0)') }} as engagement_with_impressions,
    {{ whole('coalesce(sum(if(' ~ _seen() ~ ', ' ~ shares_of() ~ ', null)), 0)') }} as shares_with_impressions,
    {{ whole('countif(' ~ _followed() ~ ')') }} as posts_with_followers,
    {{ whole('coalesce(sum(if(' ~ _followed() ~ ', author_followers, null)), 0)') }} as followers,
    {{ whole('coalesce(sum(if(' ~ _followed() ~ ', engagement, null)), 0)') }} as engagement_with_followers,
    {{ whole('coalesce(sum(if(' ~ _followed() ~ ', ' ~ shares_of() ~ ', null)), 0)') }} as shares_with_followers,
    {#- Summed as whole seconds: a sum of fractions depends on the order of the rows. #}
    {{ whole('coalesce(sum(if(engagement is not null, round(engagement_age_hours * 3600), null)), 0)') }} as engagement_age_seconds,
    {{ whole('coalesce(sum(if(engagement_age_hours is not null, engagement, null)), 0)') }} as engagement_with_age
{%- endmacro %}

{% macro additive_columns() -%}
    {{ return([
        'posts', 'originals', 'reposts', 'reply_posts', 'quote_posts', 'like_count', 'reply_count', 'quote_count', 'repost_count', 'bookmark_count',
        'posts_with_impressions', 'impressions', 'engagement_with_impressions', 'shares_with_impressions',
        'posts_with_followers', 'followers', 'engagement_with_followers', 'shares_with_followers',
        'engagement_age_seconds', 'engagement_with_age',
    ]) }}
{%- endmacro %}

{#- Ratios of sums, never means of ratios: small posts would otherwise dominate. NULL where there is nothing to divide by. -#}
{% macro rates(of='') -%}
    safe_divide({{ of }}engagement, nullif({{ of }}engagement_measured, 0)) as engagement_per_post,
    safe_divide({{ of }}engagement_with_impressions, nullif({{ of }}impressions, 0)) as engagement_rate_by_impressions,
    safe_divide({{ of }}engagement_with_followers, nullif({{ of }}followers, 0)) as engagement_rate_by_followers,
    safe_divide({{ of }}shares_with_impressions, nullif({{ of }}impressions, 0)) as virality,
    safe_divide({{ of }}shares_with_followers, nullif({{ of }}followers, 0)) as amplification,
    safe_divide({{ of }}engagement_with_age * 3600, nullif({{ of }}engagement_age_seconds, 0)) as engagement_velocity
{%- endmacro %}

{#-
  Hours from one TIMESTAMP to a later one; NULL when either is, or when a clock was wrong and it is not later. In microseconds: of any
  larger unit the local server counts the boundaries between.
-#}
{% macro hours_between(start, end) -%}
    if({{ end }} < {{ start }}, null, round(timestamp_diff({{ end }}, {{ start }}, microsecond) / 3600000000.0, 4))
{%- endmacro %}

{#- Hours that begin on a DATE in a zone: 24; 23 or 25 where the clocks change. The local server takes no zone of a column in TIMESTAMP(). -#}
{% macro hours_in_day(day, zone) -%}
    (
        select count(*)
        from unnest(generate_timestamp_array(
            timestamp_sub(timestamp({{ day }}), interval 14 hour), timestamp_add(timestamp({{ day }}), interval 36 hour), interval 1 hour
        )) as hour_of_day
        where date(hour_of_day, {{ zone }}) = {{ day }}
    )
{%- endmacro %}

{#-
  At which age the engagement of a group was measured, in words for people; then how many of its originals have a figure of
  that age, wait for it, are gone without one, and will never have one. NULL words for a group with nothing to measure.
-#}
{% macro engagement_ages() -%}
    {%- set age = env_var('PULSE_ENGAGEMENT_AGE_HOURS', '24') -%}
    {%- set live = "engagement is not null and engagement_state in ('at_age', 'older')" -%}
    {#- Rows of before the state was kept are of archives. -#}
    {%- set observed = "countif(engagement is not null and coalesce(engagement_state, 'observed') = 'observed')" -%}
    case
        when countif({{ live }}) > 0 then concat(
            if({{ observed }} > 0, 'observed and ', ''),
            if(
                countif({{ live }} and engagement_state = 'older') = 0,
                'at {{ age }} h',
                concat(
                    cast(cast(floor(min(if({{ live }}, engagement_age_hours, null))) as int64) as string), ' to ',
                    cast(cast(ceil(max(if({{ live }}, engagement_age_hours, null))) as int64) as string), ' h'
                )
            )
        )
        when {{ observed }} > 0 then 'observed'
        when countif(engagement_state = 'not_yet') > 0 then 'not yet {{ age }} h old'
        when countif(engagement_state = 'missed') > 0 then 'not measured'
        when countif(engagement_state = 'deleted') > 0 then 'deleted'
    end as engagement_age,
    {{ whole('countif(engagement is not null and not is_repost)') }} as engagement_measured,
    {{ whole("countif(engagement_state = 'not_yet')") }} as engagement_waiting,
    {{ whole("countif(engagement_state = 'deleted')") }} as engagement_deleted,
    {{ whole("countif(engagement_state = 'missed')") }} as engagement_missed
{%- endmacro %}

{#- Everything that is measured of a group of posts, in this order. -#}
{% macro measured_columns() -%}
    {{ return(
        ['posts', 'originals', 'reposts', 'reply_posts', 'quote_posts', 'authors', 'engagement', 'engagement_age', 'engagement_measured',
         'engagement_waiting', 'engagement_deleted', 'engagement_missed']
        + additive_columns()[5:]
    ) }}
{%- endmacro %}

{% macro measures() -%}
    {{ volume() }},
    count(distinct author_key) as authors,
    {{ engagement_sum() }} as engagement,
    {{ engagement_ages() }},
    {{ interactions() }}
{%- endmacro %}

{#- The same columns of a group without posts: nothing was said, which is known. What nobody was asked for is NULL. -#}
{% macro silence() -%}
    {%- for column in measured_columns() %}
    {% if column == 'engagement_age' -%}cast(null as string){%- else -%}0{%- endif %} as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- Share of the posts there were that was captured; NULL when nobody counted them, or there were none. -#}
{% macro coverage_of(captured, counted) -%}
    least(1.0, safe_divide({{ captured }}, nullif({{ counted }}, 0)))
{%- endmacro %}

{#- Below it an hour or a day has lost its later part, which is the louder one; ml_assets/peaks/series.py says the same. -#}
{% macro lowest_coverage() -%}
    0.9
{%- endmacro %}

{#- (positive - negative) / scored: neutral posts stand in the denominator. -#}
{% macro net_sentiment_of(negative, positive, scored) -%}
    safe_divide({{ positive }} - {{ negative }}, nullif({{ scored }}, 0))
{%- endmacro %}
