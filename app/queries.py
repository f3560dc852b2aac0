"""Every question the site asks, as parameterised SQL on the marts; answers are data frames with these columns."""

from datetime import date
from typing import Any

import pandas as pd

from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.statements import ever
from orchestration.windows import FIRST_DAY

WHOLE_CAMPAIGN = "*"


class Marts:
    """Raises WarehouseError: TableMissing before the first run."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def _frame(self, sql: str, **parameters: Any) -> pd.DataFrame:
        """`sql` names marts as {table}; {days} and {hours} bound the partitions, without which BigQuery reads no mart."""
        names = {name: self._warehouse.qualified(f"marts.{name}") for name in TABLES}
        # What people say of the model is no mart: it says nothing of a campaign.
        names["sentiment_confusion"] = self._warehouse.qualified("ml.sentiment_confusion")
        names |= {"days": ever("day", "DATE"), "hours": ever("hour", "TIMESTAMP")}
        rows = self._warehouse.query(sql.format(**names), **parameters)
        return pd.DataFrame(rows)

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

    def days(self, campaign_id: str, hashtag: str) -> pd.DataFrame:
        """Every captured day of the campaign: day, posts, ..., engagement, at which age and of how many, captured, counted, coverage."""
        return self._frame(
            """
            select w.day, coalesce(h.posts, 0) as posts, coalesce(h.originals, 0) as originals, coalesce(h.reposts, 0) as reposts,
                coalesce(h.authors, 0) as authors, if(h.day is null, 0, h.engagement) as engagement, h.engagement_age,
                coalesce(h.engagement_measured, 0) as engagement_measured, coalesce(h.engagement_waiting, 0) as engagement_waiting,
                coalesce(h.engagement_deleted, 0) as engagement_deleted, coalesce(h.engagement_missed, 0) as engagement_missed,
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
        """negative, neutral, positive, authors: how many authors have these labels on their scored originals, from day `start` up to, not including, `end`."""
        return self._frame(
            """
            select negative, neutral, positive, count(*) as authors
            from (
                select author_key, countif(sentiment_label = 'negative') as negative, countif(sentiment_label = 'neutral') as neutral,
                    countif(sentiment_label = 'positive') as positive
                from {tweets}
                where campaign_id = @campaign and created_at >= timestamp '2006-03-21' and not is_repost and sentiment_label != 'not_scored'
                    and (@hashtag = '*' or @hashtag in unnest(hashtags)) and day >= @start and day < @end
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

    def articles(self, campaign_id: str, hashtag: str) -> pd.DataFrame:
        """published_at, title, source_name, url, matched_terms, peak_day."""
        return self._frame(
            """
            select published_at, title, source_name, url, matched_terms, peak_day from {related_articles}
            where campaign_id = @campaign and hashtag = @hashtag and is_most_engagement order by article_rank limit 25
            """,
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

    def news_status(self, campaign_id: str, hashtag: str) -> pd.DataFrame:
        """status, reason, source, articles; empty when the hashtag is not followed."""
        return self._frame(
            "select status, reason, source, articles from {news_status} where campaign_id = @campaign and hashtag = @hashtag and is_most_engagement",
            campaign=campaign_id,
            hashtag=hashtag,
        )

    def organizations(self, campaign_id: str, hashtag: str) -> pd.DataFrame:
        """name, articles, sources, mentions, surface_forms (spellings, a list): by articles, then sources, then mentions."""
        return self._names("top_organizations", campaign_id, hashtag)

    def locations(self, campaign_id: str, hashtag: str) -> pd.DataFrame:
        """name, articles, sources, mentions, surface_forms (spellings, a list): by articles, then sources, then mentions."""
        return self._names("top_locations", campaign_id, hashtag)

    def _names(self, table: str, campaign_id: str, hashtag: str) -> pd.DataFrame:
        return self._frame(
            f"""
            select name, articles, sources, mentions, surface_forms from {{{table}}}
            where campaign_id = @campaign and hashtag = @hashtag and is_most_engagement order by entity_rank limit 10
            """,
            campaign=campaign_id,
            hashtag=hashtag,
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

    def top_posts(self, campaign_id: str, hashtag: str, day: date | None = None) -> pd.DataFrame:
        """day, text, lang, engagement, engagement_age_hours, sentiment_label, tweet_id, run_id, ...: of one day, or of all."""
        of_day = "day = @day" if day else "{days}"
        return self._frame(
            f"""
            select day, text, lang, engagement, engagement_age_hours, like_count, repost_count, sentiment_label, tweet_id, run_id from {{top_posts}}
            where campaign_id = @campaign and hashtag = @hashtag and {of_day}
            order by engagement desc, created_at, tweet_id limit 10
            """,
            campaign=campaign_id,
            hashtag=hashtag,
            **({"day": day} if day else {}),
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
        """model_id, model_revision, posts: which models decided."""
        return self._frame(
            """
            select model_id, model_revision, count(*) as posts from {tweets}
            where campaign_id = @campaign and created_at >= timestamp '2006-03-21' and model_id is not null
            group by model_id, model_revision order by posts desc
            """,
            campaign=campaign_id,
        )


TABLES = (
    "api_spend_daily",
    "campaign_effects",
    "campaigns",
    "capture_coverage",
    "engagement_daily",
    "engagement_hourly",
    "hashtag_peaks",
    "news_status",
    "peak_days",
    "peak_explanations",
    "peak_verdicts",
    "peaks",
    "related_articles",
    "sentiment_daily",
    "top_locations",
    "top_organizations",
    "top_posts",
    "tweets",
    "word_frequencies_daily",
)
