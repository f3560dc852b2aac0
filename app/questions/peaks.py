"""Which hours and days stand out, and which news explains them."""

from datetime import date

import pandas as pd

from app.questions.base import Questions


class PeakQuestions(Questions):
    def peaks(self, campaign_id: str, hashtag: str) -> pd.DataFrame:
        """peak_id, series, grain, start_at, top_at, end_at (UTC, end not included), top_day, value, expected, times_expected, score, ...: strongest first."""
        return self._frame(
            """
            select peak_id, series, grain, start_at, top_at, end_at, top_day, value, expected, times_expected, score, posts, authors, coverage, is_counted
            from {peaks} where campaign_id = @campaign and hashtag = @hashtag order by score desc, peak_id
            """,
            campaign=campaign_id,
            hashtag=hashtag,
        )

    def peak_verdicts(self, campaign_id: str, hashtag: str) -> pd.DataFrame:
        """series, grain, status, reason, events: a row per series, which says why there is no event; empty when the hashtag is not followed."""
        return self._frame(
            "select series, grain, status, reason, events from {peak_verdicts} where campaign_id = @campaign and hashtag = @hashtag order by series, grain",
            campaign=campaign_id,
            hashtag=hashtag,
        )

    def peak_days(self, campaign_id: str) -> pd.DataFrame:
        """hashtag, peak_day, is_most_engagement, is_notable: the days of the campaign that want an explanation."""
        return self._frame(
            "select hashtag, peak_day, is_most_engagement, is_notable from {peak_days} where campaign_id = @campaign order by peak_day, hashtag",
            campaign=campaign_id,
        )

    def explanations(self, campaign_id: str) -> pd.DataFrame:
        """A row for each of those days: verdict, story, confidence and what it rests on; see marts.peak_explanations."""
        return self._frame(
            """
            select hashtag, peak_day, verdict, story_id, headline, headline_source, headline_published_at, story_articles, story_sources, score,
                confidence, placebo_days, basis, posts_compared, articles, shared_terms, shared_entities, day_terms, news_status, news_reason
            from {peak_explanations} where campaign_id = @campaign order by peak_day, hashtag
            """,
            campaign=campaign_id,
        )

    def evidence(self, campaign_id: str, hashtag: str, day: date) -> pd.DataFrame:
        """article_rank, title, source_name, url, published_at, relevance, shared_entities, shared_terms, spans, story_id, copy_of: articles of one day."""
        return self._frame(
            """
            select article_rank, title, source_name, url, published_at, relevance, shared_entities, shared_terms, spans, story_id, copy_of
            from {related_articles}
            where campaign_id = @campaign and hashtag = @hashtag and peak_day = @day order by article_rank limit 100
            """,
            campaign=campaign_id,
            hashtag=hashtag,
            day=day,
        )
