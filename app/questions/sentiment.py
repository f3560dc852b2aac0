"""What the classifier said of the posts, and what people said of the classifier."""

from datetime import date

import pandas as pd

from app.questions.base import Questions
from orchestration.windows import FIRST_DAY


class SentimentQuestions(Questions):
    def sentiment(self, campaign_id: str, hashtag: str) -> pd.DataFrame:
        """day, scored, not_scored, negative, neutral, positive, and which model labelled: model_id, model_revision, code_version."""
        return self._frame(
            """
            select day, scored, not_scored, negative, neutral, positive, model_id, model_revision, code_version from {sentiment_daily}
            where campaign_id = @campaign and hashtag = @hashtag and {days} order by day
            """,
            campaign=campaign_id,
            hashtag=hashtag,
        )

    def confusions(self, campaign_id: str) -> pd.DataFrame:
        """A row for each model whose labels people have checked in the campaign: labelled, reason, w_* and s_* of the correction."""
        return self._frame("select * from {sentiment_confusion} where campaign_id = @campaign", campaign=campaign_id)

    def authors(self, campaign_id: str, hashtag: str, start: date = FIRST_DAY, end: date = date.max) -> pd.DataFrame:
        """negative, neutral, positive, authors, known: how many authors wrote or reposted, by the labels of their scored originals.

        From day `start` up to, not including, `end`. Distinct, so no sum of days. Of an author without a scored original all labels are 0; all
        posts of unknown authors are one author, who is not `known`.
        """
        return self._frame(
            """
            select negative, neutral, positive, count(*) as authors, countif(author_key != '') as known
            from (
                select author_key, sum(negative) as negative, sum(neutral) as neutral, sum(positive) as positive
                from {authors_daily}
                where campaign_id = @campaign and hashtag = @hashtag and {days} and day >= @start and day < @end
                group by author_key
            )
            group by negative, neutral, positive
            order by negative, neutral, positive
            """,
            campaign=campaign_id,
            hashtag=hashtag,
            start=start,
            end=end,
        )

    def extreme_posts(self, campaign_id: str, hashtag: str, label: str, start: date = FIRST_DAY, end: date = date.max, most: int = 5) -> pd.DataFrame:
        """day, text, lang, probability, engagement, tweet_id, run_id: distinct texts that the model is surest of, of one label."""
        return self._frame(
            """
            select day, text, lang, if(@label = 'negative', p_negative, p_positive) as probability, engagement, tweet_id, run_id
            from {tweets}
            where campaign_id = @campaign and {times} and not is_repost and sentiment_label = @label
                and (@hashtag = '*' or @hashtag in unnest(hashtags)) and day >= @start and day < @end
            qualify row_number() over (partition by coalesce(text_hash, tweet_id) order by engagement desc, tweet_id) = 1
            order by probability desc, engagement desc, tweet_id limit @most
            """,
            campaign=campaign_id,
            hashtag=hashtag,
            label=label,
            start=start,
            end=end,
            most=most,
        )
