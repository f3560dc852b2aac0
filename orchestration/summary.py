"""What is known of a campaign on one screen: the facts of `pulse summary`, read from the marts."""

from datetime import UTC, datetime
from typing import Any

from orchestration.ages import Measured
from orchestration.verdict import verdict
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.errors import TableMissing, WarehouseError
from orchestration.warehouse.statements import ever

FEW = 5


def summarise(warehouse: Warehouse, campaign_id: str) -> dict[str, Any]:
    """Raises WarehouseError when the campaign has no marts yet."""
    try:
        return _Facts(warehouse, campaign_id).all()
    except TableMissing as error:
        raise WarehouseError(_nothing(campaign_id)) from error


def _nothing(campaign_id: str) -> str:
    return f"There is nothing to say of {campaign_id} yet. Run it:  pulse run --campaign {campaign_id} --from DAY --to DAY"


class _Facts:
    def __init__(self, warehouse: Warehouse, campaign_id: str) -> None:
        self.warehouse, self.campaign_id = warehouse, campaign_id

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """`sql` names tables as {dataset.table}; {days} and {hours} bound the partitions of the marts."""
        import re

        sql = sql.replace("{days}", ever("day", "DATE")).replace("{hours}", ever("hour", "TIMESTAMP"))
        named = re.sub(r"\{(\w+\.\w+)\}", lambda found: self.warehouse.qualified(found[1]), sql)
        return self.warehouse.query(named, campaign=self.campaign_id)

    def all(self) -> dict[str, Any]:
        period = self.rows("""
            select min(day) as first_day, max(day) as last_day, sum(posts) as posts, sum(originals) as originals,
                sum(reposts) as reposts, sum(engagement) as engagement, sum(captured) as captured, sum(counted) as counted
            from {marts.engagement_daily} where campaign_id = @campaign and hashtag = '*' and {days}
        """)[0]
        if period["first_day"] is None:
            raise WarehouseError(_nothing(self.campaign_id))
        known = self.rows("select name, zone, source, start_day from {marts.campaigns} where campaign_id = @campaign")
        effects = self.rows("""
            select * except (run_id, loaded_at) from {marts.campaign_effects} where campaign_id = @campaign and hashtag = '*'
            order by phase desc, measure, control
        """)
        has_start = bool(known and known[0]["start_day"])
        return {
            "campaign_id": self.campaign_id,
            **(known[0] if known else {}),
            **period,
            "engagement_measured": self._measured(),
            "coverage": min(1.0, period["captured"] / period["counted"]) if period["counted"] else None,
            "capture": self.rows("""
                select count(*) as hours, countif(capped) as capped_hours, countif(not ids_exact) as hours_with_inexact_ids
                from {marts.capture_coverage} where campaign_id = @campaign and {hours}
            """)[0],
            "dead_letters": self.rows("""
                select feed, reason, count(*) as letters from {raw.dead_letters}
                where campaign_id = @campaign group by feed, reason order by letters desc, feed, reason
            """),
            "effects": effects,
            "verdict": [sentence.as_fact() for sentence in verdict(effects, has_start=has_start)],
            "sentiment": self._sentiment(),
            "peaks": self.rows("""
                select hashtag, peak_day, engagement, engagement_age, provisional, runner_up_day, runner_up_engagement, coverage
                from {marts.hashtag_peaks} where campaign_id = @campaign and followed
                order by hashtag != '*', engagement desc, hashtag
            """),
            "news": self.rows("""
                select hashtag, peak_day, status, reason, articles from {marts.news_status}
                where campaign_id = @campaign and is_most_engagement order by hashtag != '*', hashtag
            """),
            "articles": self.rows(f"""
                select article_rank, title, source_name, published_at, url from {{marts.related_articles}}
                where campaign_id = @campaign and hashtag = '*' and is_most_engagement and article_rank <= {FEW} order by article_rank
            """),
            "organizations": self._names("top_organizations"),
            "locations": self._names("top_locations"),
            "words": [
                row["word"]
                for row in self.rows("""
                    select word, sum(posts) as posts from {marts.word_frequencies_daily}
                    where campaign_id = @campaign and hashtag = '*' and {days} group by word order by posts desc, word limit 12
                """)
            ],
        }

    def _measured(self) -> dict[str, Any]:
        days = self.rows("""
            select day, engagement_age, engagement_measured, engagement_waiting, engagement_deleted, engagement_missed
            from {marts.engagement_daily} where campaign_id = @campaign and hashtag = '*' and {days} order by day
        """)
        known = Measured.of(days, self.warehouse.settings.engagement_age_hours, datetime.now(UTC).date())
        return {"at": known.at(), "is_provisional": known.is_provisional, "said": known.sentences()}

    def _sentiment(self) -> dict[str, Any]:
        """Label counts of all days, and with enough posts for a verdict `intervals`: share, low and high (fractions, 95 %) by label and `net`."""
        from ml_assets.sentiment.shares import FEWEST_FOR_A_VERDICT, LABELS, net_sentiment, quantile, wilson

        counts = self.rows("""
            select sum(scored) as scored, sum(not_scored) as not_scored, sum(negative) as negative,
                sum(neutral) as neutral, sum(positive) as positive
            from {marts.sentiment_daily} where campaign_id = @campaign and hashtag = '*' and {days}
        """)[0]
        scored = counts["scored"] or 0
        found = net_sentiment(counts["negative"], counts["positive"], scored) if scored >= FEWEST_FOR_A_VERDICT else None
        if found is None:
            return {**counts, "intervals": None}
        net, error = found
        ends = {label: wilson(counts[label], scored) for label in LABELS}
        intervals = {label: {"share": counts[label] / scored, "low": end.low, "high": end.high} for label, end in ends.items() if end is not None}
        half = quantile() * error
        return {**counts, "intervals": intervals | {"net": {"share": net / 100, "low": (net - half) / 100, "high": (net + half) / 100}}}

    def _names(self, table: str) -> list[dict[str, Any]]:
        return self.rows(f"""
            select name, articles, sources, mentions from {{marts.{table}}}
            where campaign_id = @campaign and hashtag = '*' and is_most_engagement and entity_rank <= {FEW} order by entity_rank
        """)
