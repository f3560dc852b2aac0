"""Volume and engagement: by day and hour, compared with the period before, and shares of voice."""

from datetime import date

import pandas as pd

from app.questions.base import Questions
from orchestration.windows import FIRST_DAY


class EngagementQuestions(Questions):
    def days(self, campaign_id: str, hashtag: str) -> pd.DataFrame:
        """Every captured day of the campaign: day, posts, ..., engagement, at which age and of how many, by type, captured, counted, coverage."""
        return self._frame(
            """
            select w.day, coalesce(h.posts, 0) as posts, coalesce(h.originals, 0) as originals, coalesce(h.reposts, 0) as reposts,
                coalesce(h.authors, 0) as authors, if(h.day is null, 0, h.engagement) as engagement, h.engagement_age,
                coalesce(h.engagement_measured, 0) as engagement_measured, coalesce(h.engagement_waiting, 0) as engagement_waiting,
                coalesce(h.engagement_deleted, 0) as engagement_deleted, coalesce(h.engagement_missed, 0) as engagement_missed,
                h.like_count, h.reply_count, h.repost_count, h.quote_count,
                coalesce(h.posts_with_impressions, 0) as posts_with_impressions, coalesce(h.impressions, 0) as impressions,
                coalesce(h.engagement_with_impressions, 0) as engagement_with_impressions,
                w.captured, w.counted, w.coverage
            from (select day, captured, counted, coverage from {engagement_daily} where campaign_id = @campaign and hashtag = '*' and {days}) as w
            left join (select * from {engagement_daily} where campaign_id = @campaign and hashtag = @hashtag and {days}) as h
                on w.day = h.day
            order by w.day
            """,
            campaign=campaign_id,
            hashtag=hashtag,
        )

    def hours(self, campaign_id: str, hashtag: str) -> pd.DataFrame:
        """hour (UTC), posts, engagement, engagement_age, coverage: hours with posts, silent hours of the whole campaign too."""
        return self._frame(
            """
            select hour, posts, engagement, engagement_age, coverage from {engagement_hourly}
            where campaign_id = @campaign and hashtag = @hashtag and {hours} order by hour
            """,
            campaign=campaign_id,
            hashtag=hashtag,
        )

    def scorecard(self, campaign_id: str, hashtag: str) -> pd.DataFrame:
        """period, measure, first_day, last_day, value, n, the same of the equal period before, change, relative_change, not_comparable_because."""
        return self._frame(
            """
            select period, measure, unit, first_day, last_day, value, n, previous_first_day, previous_last_day, previous_value, previous_n,
                change, relative_change, not_comparable_because
            from {campaign_scorecard} where campaign_id = @campaign and hashtag = @hashtag
            order by period, measure
            """,
            campaign=campaign_id,
            hashtag=hashtag,
        )

    def voices(self, campaign_id: str) -> pd.DataFrame:
        """day, member_id, name, is_own, volume, set_volume, basis, lowest_coverage, is_captured_alike: empty for a campaign without competitors."""
        return self._frame(
            """
            select v.day, v.member_id, coalesce(c.name, v.member_id) as name, v.is_own, v.volume, v.set_volume, v.basis, v.lowest_coverage,
                v.members_missing, v.is_captured_alike
            from (select * from {share_of_voice_daily} where campaign_id = @campaign and {days}) as v
            left join {campaigns} as c on v.member_id = c.campaign_id
            order by v.day, v.is_own desc, v.member_id
            """,
            campaign=campaign_id,
        )

    def hashtag_totals(self, campaign_id: str, start: date = FIRST_DAY, end: date = date.max, most: int = 50) -> pd.DataFrame:
        """hashtag, posts, engagement (NULL where none is known): the hashtags of most posts, from day `start` up to, not including, `end`."""
        return self._frame(
            """
            select hashtag, sum(posts) as posts, sum(engagement) as engagement from {engagement_daily}
            where campaign_id = @campaign and hashtag != '*' and {days} and day >= @start and day < @end
            group by hashtag order by posts desc, hashtag limit @most
            """,
            campaign=campaign_id,
            most=most,
            start=start,
            end=end,
        )
