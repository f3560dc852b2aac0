"""Words, pairs of words, and the posts that have them."""

from datetime import date

import pandas as pd

from app.questions.base import Questions
from orchestration.windows import FIRST_DAY


class TopicQuestions(Questions):
    def words(self, campaign_id: str, hashtag: str, most: int = 150, start: date = FIRST_DAY, end: date = date.max) -> pd.DataFrame:
        """word, posts: the words of most posts, from day `start` up to, not including, `end`."""
        return self._frame(
            """
            select word, sum(posts) as posts from {word_frequencies_daily}
            where campaign_id = @campaign and hashtag = @hashtag and {days} and day >= @start and day < @end
            group by word order by posts desc, word limit @most
            """,
            campaign=campaign_id,
            hashtag=hashtag,
            most=most,
            start=start,
            end=end,
        )

    def bigrams(self, campaign_id: str, hashtag: str, most: int = 50, start: date = FIRST_DAY, end: date = date.max) -> pd.DataFrame:
        """bigram, posts: pairs of words of most posts."""
        return self._frame(
            """
            select bigram, sum(posts) as posts from {bigram_frequencies_daily}
            where campaign_id = @campaign and hashtag = @hashtag and {days} and day >= @start and day < @end
            group by bigram order by posts desc, bigram limit @most
            """,
            campaign=campaign_id,
            hashtag=hashtag,
            most=most,
            start=start,
            end=end,
        )

    def posts_with(self, campaign_id: str, hashtag: str, word: str, start: date = FIRST_DAY, end: date = date.max, most: int = 20) -> pd.DataFrame:
        """As `top_posts`: distinct texts with the word, those of most engagement. A word is found as a part of the cleaned text, whatever its case."""
        return self._frame(
            """
            select day, text, lang, engagement, engagement_age_hours, like_count, reply_count, repost_count, quote_count, sentiment_label,
                tweet_id, run_id
            from {tweets}
            where campaign_id = @campaign and {times} and not is_repost and strpos(lower(text_clean), lower(@word)) > 0
                and (@hashtag = '*' or @hashtag in unnest(hashtags)) and day >= @start and day < @end
            qualify row_number() over (partition by coalesce(text_hash, tweet_id) order by engagement desc, tweet_id) = 1
            order by engagement desc, tweet_id limit @most
            """,
            campaign=campaign_id,
            hashtag=hashtag,
            word=word,
            start=start,
            end=end,
            most=most,
        )
