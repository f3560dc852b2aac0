"""Articles around the peaks, and the names in them."""

import pandas as pd

from app.questions.base import Questions


class NewsQuestions(Questions):
    def articles(self, campaign_id: str, hashtag: str) -> pd.DataFrame:
        """article_id, published_at, title, source_name, url, matched_terms, peak_day."""
        return self._frame(
            """
            select article_id, published_at, title, source_name, url, matched_terms, peak_day from {related_articles}
            where campaign_id = @campaign and hashtag = @hashtag and is_most_engagement order by article_rank limit 25
            """,
            campaign=campaign_id,
            hashtag=hashtag,
        )

    def news_status(self, campaign_id: str, hashtag: str) -> pd.DataFrame:
        """status, reason, source, articles; empty when the hashtag is not followed."""
        return self._frame(
            "select status, reason, source, articles from {news_status} where campaign_id = @campaign and hashtag = @hashtag and is_most_engagement",
            campaign=campaign_id,
            hashtag=hashtag,
        )

    def organizations(self, campaign_id: str, hashtag: str) -> pd.DataFrame:
        """name, articles, sources, mentions, surface_forms (spellings), article_ids: by articles, then sources, then mentions."""
        return self._names("top_organizations", campaign_id, hashtag)

    def locations(self, campaign_id: str, hashtag: str) -> pd.DataFrame:
        """name, articles, sources, mentions, surface_forms (spellings), article_ids: by articles, then sources, then mentions."""
        return self._names("top_locations", campaign_id, hashtag)

    def _names(self, table: str, campaign_id: str, hashtag: str) -> pd.DataFrame:
        return self._frame(
            f"""
            select name, articles, sources, mentions, surface_forms, article_ids from {{{table}}}
            where campaign_id = @campaign and hashtag = @hashtag and is_most_engagement order by entity_rank limit 10
            """,
            campaign=campaign_id,
            hashtag=hashtag,
        )
