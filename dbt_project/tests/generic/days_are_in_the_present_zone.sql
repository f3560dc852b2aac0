{#- A campaign whose zone was changed has days of both zones until its hours are run again; `days` are the days that were built. -#}
{% test days_are_in_the_present_zone(model, days) %}
select
    days.campaign_id,
    days.zone,
    campaigns.zone as present_zone,
    min(days.day) as first_day,
    max(days.day) as last_day
from {{ model }} as campaigns
inner join {{ days }} as days
    on campaigns.campaign_id = days.campaign_id
where {{ ever('days.day') }}
    and days.zone != campaigns.zone
group by days.campaign_id, days.zone, campaigns.zone
{% endtest %}
