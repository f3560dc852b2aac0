"""Lists of posts."""

from datetime import date

import pandas as pd

from app.questions.base import Questions
from orchestration.windows import FIRST_DAY


class PostQuestions(Questions):
    def top_posts(
        self,
        campaign_id: str,
        hashtag: str,
        day: date | None = None,
        start: date = FIRST_DAY,
        end: date = date.max,
        most: int = 10,
    ) -> pd.DataFrame:
        """day, text, lang, engagement, engagement_age_hours, its parts, sentiment_label, tweet_id, run_id: of one day, or of a period.

        The mart keeps the ten posts of most engagement of each day: beyond ten, a period's list is of those.
        """
        of_days = "day = @day" if day else "{days} and day >= @start and day < @end"
        return self._frame(
            f"""
            select day, text, lang, engagement, engagement_age_hours, like_count, reply_count, repost_count, quote_count, sentiment_label,
                tweet_id, run_id
            from {{top_posts}}
            where campaign_id = @campaign and hashtag = @hashtag and {of_days}
            order by engagement desc, created_at, tweet_id limit @most
            """,
            campaign=campaign_id,
            hashtag=hashtag,
            most=most,
            **({"day": day} if day else {"start": start, "end": end}),
        )
