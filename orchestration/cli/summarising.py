"""`pulse summary`."""

import json
from typing import Any

from orchestration import campaigns
from orchestration.cli.errors import fail
from orchestration.cli.querying import as_json
from orchestration.cli.screen import plain, show_table
from orchestration.settings import Settings
from orchestration.summary import summarise
from orchestration.warehouse.client import Warehouse


def show_summary(campaign_id: str, form: str) -> None:
    """Prints the summary; raises CampaignError for an unknown campaign, WarehouseError when there is nothing yet."""
    if form not in {"text", "json"}:
        fail(f"{form!r} is no format. Choose text or json.")
    settings = Settings()
    campaigns.find(campaigns.load(settings), campaign_id)
    facts = summarise(Warehouse(settings), campaign_id)
    if form == "json":
        print(json.dumps(facts, ensure_ascii=False, default=as_json, indent=1))
    else:
        _show(facts)


def _show(facts: dict[str, Any]) -> None:
    print(f"{plain(facts.get('name') or facts['campaign_id'])}  ({facts['first_day']} to {facts['last_day']}, days in {facts.get('zone') or 'UTC'})")
    print(f"{facts['posts']:,} posts: {facts['originals']:,} originals, {facts['reposts']:,} reposts.  Engagement {_number(facts['engagement'])}.")
    for sentence in facts["engagement_measured"]["said"]:
        print(sentence)
    capture = facts["capture"]
    coverage = "unknown" if facts["coverage"] is None else f"{facts['coverage']:.1%}"
    print(f"Coverage {coverage} of the posts counted; {capture['hours']:,} hours captured, {capture['capped_hours']} of them capped.")
    if capture["hours_with_inexact_ids"]:
        print("The ids of this source are not exact; posts are told apart by id, author and time, or by content.")
    sentiment = facts["sentiment"]
    if sentiment["scored"]:
        shares = ", ".join(f"{name} {sentiment[name] / sentiment['scored']:.1%}" for name in ("negative", "neutral", "positive"))
        print(f"Sentiment of {sentiment['scored']:,} originals: {shares}; {sentiment['not_scored']:,} not scored.")
    if facts["dead_letters"]:
        total = sum(row["letters"] for row in facts["dead_letters"])
        print(f"{total:,} records could not be used: " + ", ".join(f"{row['feed']} {row['reason']} {row['letters']:,}" for row in facts["dead_letters"]) + ".")
    print()
    columns = ["hashtag", "peak day", "engagement", "measured", "next day", "its engagement"]
    show_table(columns, [_peak(row) for row in facts["peaks"]], title="Day of most engagement")
    if facts["articles"]:
        print()
        rows = [[f"{row['published_at']:%Y-%m-%d}", row["title"], row["source_name"]] for row in facts["articles"]]
        show_table(["day", "headline", "source"], rows, title="News around the campaign's peak")
    elif facts["news"]:
        print(f"\nNo news: {plain(facts['news'][0]['reason'])}")
    for title, rows in (("Organisations", facts["organizations"]), ("Places", facts["locations"])):
        if rows:
            print(f"{title}: " + ", ".join(f"{plain(row['name'])} ({row['articles']})" for row in rows))
    if facts["words"]:
        print("Words: " + ", ".join(map(plain, facts["words"])))


def _peak(row: dict[str, Any]) -> list[Any]:
    measured = f"{row['engagement_age']}, provisional" if row["provisional"] else row["engagement_age"]
    return [_tag(row["hashtag"]), row["peak_day"], row["engagement"], measured, row["runner_up_day"], row["runner_up_engagement"]]


def _tag(hashtag: str) -> str:
    return "(whole campaign)" if hashtag == "*" else f"#{hashtag}"


def _number(value: int | None) -> str:
    return "unknown" if value is None else f"{value:,}"
