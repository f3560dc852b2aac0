"""A made-up campaign of a million posts in the marts of a copy of a home, to see what a first screen of it costs.

The sample's 29,846 posts are there 34 times, over 90 days before the sample's own, by other authors each time; each author writes in two of the six spells of
15 days. Authors are counted from these posts, as dbt does. The other daily and hourly marts have the rows that such a campaign gives: each of the 90 days,
and ten times as many hashtags. Their figures are the sample's: they cost the same to read.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.settings import Settings
from orchestration.warehouse import server_control
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.server_files import ServerFiles

FROM, CAMPAIGN, NAME = "sample", "million", "Million posts"
POSTS = 1_000_000
SPELLS, SPELL_DAYS = 6, 15
HASHTAGS = 10
# By the column that says when; all other marts of the campaign are copied as they are.
DATED = {
    "day": (
        "bigram_frequencies_daily", "engagement_daily", "sentiment_daily", "sentiment_models_daily", "share_of_voice_daily", "top_posts",
        "word_frequencies_daily",
    ),
    "hour": ("capture_coverage", "engagement_hourly"),
}  # fmt: skip
UNDATED = (
    "campaign_effects", "campaign_scorecard", "hashtag_peaks", "news_status", "peak_days", "peak_explanations", "peak_verdicts", "peaks", "related_articles",
    "top_locations", "top_organizations",
)  # fmt: skip
WITHOUT_HASHTAG = {"sentiment_models_daily", "share_of_voice_daily", "capture_coverage"}


@contextmanager
def filled(home: Path) -> Iterator[Path]:
    """A copy of the home with the campaign in its warehouse, which is running; it is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="pulse-bench-") as folder:
        copy = Path(folder) / "home"
        # A file of DuckDB is whole only while nobody writes it.
        was_running = server_control.halt(ServerFiles(Settings(home=home).warehouse_dir))
        shutil.copytree(home, copy)
        if was_running:
            server_control.start(Settings(home=home))
        settings = Settings(home=copy)
        server_control.start(settings)
        try:
            fill(Warehouse(settings))
            yield copy
        finally:
            server_control.halt(ServerFiles(settings.warehouse_dir))


def fill(warehouse: Warehouse) -> None:
    began = time.monotonic()
    ever = "timestamp '2006-03-21'"
    held = warehouse.query(f"select count(*) as posts from marts.tweets where created_at >= {ever} and campaign_id = @one", one=FROM)[0]["posts"]
    if not held:
        raise SystemExit(f"This home has no campaign '{FROM}'. Make it:  PULSE_HOME=FOLDER pulse pipeline")
    times = -(-POSTS // held)
    warehouse.execute(
        f"""
        insert into marts.tweets
        select * except (k) replace (
            '{CAMPAIGN}' as campaign_id, concat(tweet_id, '-', cast(k as string)) as tweet_id, concat(author_key, '-', cast(mod(k, {times // 2}) as string)) as author_key,
            timestamp_sub(created_at, interval {SPELL_DAYS} * (1 + mod(k, {SPELLS})) day) as created_at,
            date_sub(day, interval {SPELL_DAYS} * (1 + mod(k, {SPELLS})) day) as day
        )
        from marts.tweets cross join unnest(generate_array(0, {times - 1})) as k
        where campaign_id = '{FROM}' and created_at >= {ever}
        """
    )
    warehouse.execute(
        f"""
        insert into marts.authors_daily (campaign_id, hashtag, day, author_key, posts, originals, negative, neutral, positive)
        select campaign_id, hashtag, day, coalesce(author_key, ''), count(*), countif(not is_repost), countif(not is_repost and sentiment_label = 'negative'),
            countif(not is_repost and sentiment_label = 'neutral'), countif(not is_repost and sentiment_label = 'positive')
        from marts.tweets cross join unnest(array_concat(['*'], hashtags)) as hashtag
        where campaign_id = '{CAMPAIGN}' and created_at >= {ever} group by campaign_id, hashtag, day, author_key
        """
    )
    for column, tables in DATED.items():
        for table in tables:
            warehouse.execute(_moved(table, column))
    for table in UNDATED:
        warehouse.execute(f"insert into marts.{table} select * replace ('{CAMPAIGN}' as campaign_id) from marts.{table} where campaign_id = '{FROM}'")
    warehouse.execute(
        f"insert into marts.campaigns select * replace ('{CAMPAIGN}' as campaign_id, '{NAME}' as name) from marts.campaigns where campaign_id = '{FROM}'"
    )
    rows = {
        table: warehouse.query(f"select count(*) as n from marts.{table} where {bound} and campaign_id = @one", one=CAMPAIGN)[0]["n"]
        for table, bound in (("tweets", f"created_at >= {ever}"), ("authors_daily", "day >= date '2006-03-21'"), ("engagement_daily", "day >= date '2006-03-21'"))
    }
    print(f"made in {time.monotonic() - began:.0f} s: " + ", ".join(f"{count:,} rows of {table}" for table, count in rows.items()), flush=True)


def _moved(table: str, column: str) -> str:
    """Each day, or hour, of the sample in each of the spells; a hashtag of its own is ten."""
    moved, since = ("date_sub", "date") if column == "day" else ("timestamp_sub", "timestamp")
    hashtag = "" if table in WITHOUT_HASHTAG else ", if(h = 0, hashtag, concat(hashtag, cast(h as string))) as hashtag"
    once = "h = 0" if table in WITHOUT_HASHTAG else "(h = 0 or hashtag != '*')"
    return f"""
        insert into marts.{table}
        select * except (spell, h) replace ('{CAMPAIGN}' as campaign_id, {moved}({column}, interval {SPELL_DAYS} * spell day) as {column}{hashtag})
        from marts.{table} cross join unnest(generate_array(1, {SPELLS})) as spell cross join unnest(generate_array(0, {HASHTAGS - 1})) as h
        where campaign_id = '{FROM}' and {column} >= {since} '2006-03-21' and {once}
    """
