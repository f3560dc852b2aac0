{#- The shares of a competitor set add up to 1 on each day on which they are known. -#}
{% test voices_add_up(model) %}
select campaign_id, day, sum(share_of_voice) as shares
from {{ model }}
where share_of_voice is not null
group by campaign_id, day
having abs(sum(share_of_voice) - 1) > 1e-9
{% endtest %}
