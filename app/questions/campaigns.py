"""Which campaigns there are, what was captured of them, and what stands behind their figures."""

from datetime import date

import pandas as pd

from app.questions.base import Questions


class CampaignQuestions(Questions):
    def campaigns(self) -> pd.DataFrame:
        """campaign_id, name, zone, start_day, end_day: those with captured hours, the newest first."""
        return self._frame("""
            select c.campaign_id, c.name, c.zone, c.start_day, c.end_day
            from {campaigns} as c
            inner join (select campaign_id, max(hour) as newest from {capture_coverage} where {hours} group by campaign_id) as h
                on c.campaign_id = h.campaign_id
            order by h.newest desc, c.campaign_id
        """)

    def hashtags(self, campaign_id: str) -> pd.DataFrame:
        """hashtag, followed, posts, its peak (peak_day, engagement, engagement_age, provisional, ...): followed ones first."""
        return self._frame(
            """
            select hashtag, followed, posts, peak_day, engagement, runner_up_day, runner_up_engagement, coverage,
                engagement_age, provisional
            from {hashtag_peaks} where campaign_id = @campaign
            order by hashtag = '*' desc, followed desc, posts desc, hashtag
            """,
            campaign=campaign_id,
        )

    def capture(self, campaign_id: str) -> pd.DataFrame:
        """One row: hours, capped_hours, newest_hour, loaded_at, captured, counted, inexact_hours, notes, sources."""
        return self._frame(
            """
            select count(*) as hours, countif(capped) as capped_hours, max(hour) as newest_hour, max(loaded_at) as loaded_at,
                sum(captured) as captured, if(countif(counted is null) > 0, null, sum(counted)) as counted,
                countif(not ids_exact) as inexact_hours, string_agg(distinct notes, '; ') as notes,
                string_agg(distinct source, ', ') as sources, count(distinct run_id) as runs, max(run_id) as a_run
            from {capture_coverage} where campaign_id = @campaign and {hours}
            """,
            campaign=campaign_id,
        )

    def spend(self, month: date) -> pd.DataFrame:
        """campaign_id, used_usd, planned_usd, posts, requests, refused, prices_as_of: each campaign's calls since the first of `month` (UTC)."""
        return self._frame(
            """
            select campaign_id, sum(used_usd) as used_usd, sum(planned_usd) as planned_usd, sum(posts) as posts,
                sum(requests) as requests, sum(refused) as refused, max(prices_as_of) as prices_as_of
            from {api_spend_daily} where day >= @month
            group by campaign_id order by used_usd desc, campaign_id
            """,
            month=month,
        )

    def models(self, campaign_id: str) -> pd.DataFrame:
        """model_id, model_revision, posts: which models decided; an empty revision is not known."""
        return self._frame(
            """
            select model_id, model_revision, sum(posts) as posts from {sentiment_models_daily}
            where campaign_id = @campaign and {days}
            group by model_id, model_revision order by posts desc
            """,
            campaign=campaign_id,
        )

    def effects(self, campaign_id: str) -> pd.DataFrame:
        """Rows of marts.campaign_effects: each measure of each followed hashtag during and after the campaign, against the days before."""
        return self._frame(
            """
            select * except (run_id, loaded_at) from {campaign_effects} where campaign_id = @campaign
            order by hashtag, phase desc, measure, control
            """,
            campaign=campaign_id,
        )
