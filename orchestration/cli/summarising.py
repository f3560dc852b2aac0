"""`pulse summary`."""

import json
from datetime import UTC, date, datetime
from typing import Any

from orchestration import campaigns
from orchestration.cli.errors import fail
from orchestration.cli.querying import as_json
from orchestration.cli.screen import plain, show_table
from orchestration.publications import Publication, as_reported_on, history
from orchestration.settings import Settings
from orchestration.summary import summarise
from orchestration.warehouse.client import Warehouse

FORMS = ("text", "json")


def show_summary(campaign_id: str, form: str, as_of: str | None = None) -> None:
    """Prints the summary as it stands, or as it was reported on the UTC day `as_of`.

    Raises CampaignError for an unknown campaign, WarehouseError when there is nothing yet, or was nothing by that day.
    """
    _check(form)
    settings = Settings()
    if as_of is not None:
        _show_reported(Warehouse(settings), settings, campaign_id, form, _day(as_of))
        return
    campaigns.find(campaigns.load(settings), campaign_id)
    facts = summarise(Warehouse(settings), campaign_id)
    if form == "json":
        print(json.dumps(facts, ensure_ascii=False, default=as_json, indent=1))
    else:
        _show(facts)


def show_publications(campaign_id: str, form: str) -> None:
    """Lists what has been published of the campaign. Raises CampaignError when it is not known at all."""
    _check(form)
    settings = Settings()
    known = history(Warehouse(settings), campaign_id)
    if not known:
        campaigns.find(campaigns.load(settings), campaign_id)
    rows = [_listed(row["published_at"], json.loads(row["summary"])) for row in known]
    if form == "json":
        print(json.dumps(rows, ensure_ascii=False, default=as_json, indent=1))
    elif rows:
        show_table([name.replace("_", " ") for name in rows[0]], [list(row.values()) for row in rows])
    else:
        print(f"Nothing of {campaign_id} has been published yet. Each run publishes:  pulse run --campaign {campaign_id} --from DAY --to DAY")


def _check(form: str) -> None:
    if form not in FORMS:
        fail(f"{form!r} is no format. Choose text or json.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"{text!r} is no day. Write it as YYYY-MM-DD, for example 2026-03-12.")
        raise


def _show_reported(warehouse: Warehouse, settings: Settings, campaign_id: str, form: str, day: date) -> None:
    # A report outlives its campaign: one that is no longer in the campaigns file can still be read.
    if not history(warehouse, campaign_id):
        campaigns.find(campaigns.load(settings), campaign_id)
    found = as_reported_on(warehouse, campaign_id, day, datetime.now(UTC).date())
    if form == "json":
        print(json.dumps({"publication": _about(found, day), **found.facts()}, ensure_ascii=False, default=as_json, indent=1))
        return
    print(f"As reported on {day} (published at {found.published_at:%Y-%m-%d %H:%M:%S}Z).")
    print()
    _show(found.facts())


def _about(found: Publication, day: date) -> dict[str, Any]:
    kept = {"published_at": found.published_at, "content_hash": found.content_hash, "schema_version": found.schema_version}
    return {"as_reported_on": day, **kept}


def _listed(published_at: datetime, facts: dict[str, Any]) -> dict[str, Any]:
    return {"published_at": published_at, **{name: facts.get(name) for name in ("first_day", "last_day", "posts", "engagement", "coverage")}}


def _show(facts: dict[str, Any]) -> None:
    """The facts of `summarise`, or of a publication, whose times are text and which may lack fields that came later."""
    name = facts.get("name") or facts.get("campaign_id")
    print(f"{plain(name)}  ({facts.get('first_day')} to {facts.get('last_day')}, days in {facts.get('zone') or 'UTC'})")
    posts, originals, reposts = (_number(facts.get(each)) for each in ("posts", "originals", "reposts"))
    print(f"{posts} posts: {originals} originals, {reposts} reposts.  Engagement {_number(facts.get('engagement'))}.")
    for sentence in facts.get("engagement_measured", {}).get("said", []):
        print(plain(sentence))
    capture = facts.get("capture", {})
    coverage = "unknown" if facts.get("coverage") is None else f"{facts['coverage']:.1%}"
    print(f"Coverage {coverage} of the posts counted; {_number(capture.get('hours'))} hours captured, {_number(capture.get('capped_hours'))} of them capped.")
    if capture.get("hours_with_inexact_ids"):
        print("The ids of this source are not exact; posts are told apart by id, author and time, or by content.")
    sentiment = facts.get("sentiment", {})
    if sentiment.get("scored"):
        print(f"Sentiment of {sentiment['scored']:,} originals: {_shares(sentiment)}; {sentiment['not_scored']:,} not scored.")
    if verdict := facts.get("verdict"):
        print("\nDid the campaign work?")
        for sentence in verdict:
            print(f"  {plain(sentence['text'])}")
    if letters := facts.get("dead_letters"):
        total = sum(row["letters"] for row in letters)
        print(f"{total:,} records could not be used: " + ", ".join(f"{row['feed']} {row['reason']} {row['letters']:,}" for row in letters) + ".")
    print()
    columns = ["hashtag", "peak day", "engagement", "measured", "next day", "its engagement"]
    show_table(columns, [_peak(row) for row in facts.get("peaks", [])], title="Day of most engagement")
    if articles := facts.get("articles"):
        print()
        rows = [[str(row["published_at"])[:10], row["title"], row["source_name"]] for row in articles]
        show_table(["day", "headline", "source"], rows, title="News around the campaign's peak")
    elif news := facts.get("news"):
        print(f"\nNo news: {plain(news[0]['reason'])}")
    for title, names in (("Organisations", facts.get("organizations")), ("Places", facts.get("locations"))):
        if names:
            print(f"{title}: " + "; ".join(f"{plain(row['name'])}, in {_articles(row)}" for row in names))
    if words := facts.get("words"):
        print("Words: " + ", ".join(map(plain, words)))


def _shares(sentiment: dict[str, Any]) -> str:
    """`negative 10.0% (6.6 to 14.9), ...`; of publications made before the intervals were, and of few posts, the shares alone."""
    intervals = sentiment.get("intervals")
    if not intervals:
        return ", ".join(f"{label} {sentiment[label] / sentiment['scored']:.1%}" for label in ("negative", "neutral", "positive"))
    shares = [f"{label} {each['share']:.1%} ({100 * each['low']:.1f} to {100 * each['high']:.1f})" for label, each in intervals.items() if label != "net"]
    net = intervals["net"]
    return f"{', '.join(shares)}, net {net['share']:+.1%} ({100 * net['low']:+.1f} to {100 * net['high']:+.1f}) as labelled, 95 % intervals"


def _articles(row: dict[str, Any]) -> str:
    """`4 articles of 3 publications`; a summary of before they were kept has no publications."""
    said = f"{row['articles']} {'article' if row['articles'] == 1 else 'articles'}"
    sources = row.get("sources")
    return said if sources is None else f"{said} of {sources} {'publication' if sources == 1 else 'publications'}"


def _peak(row: dict[str, Any]) -> list[Any]:
    age = row.get("engagement_age")
    measured = f"{age}, provisional" if row.get("provisional") else age
    return [_tag(row["hashtag"]), row["peak_day"], row["engagement"], measured, row.get("runner_up_day"), row.get("runner_up_engagement")]


def _tag(hashtag: str) -> str:
    return "(whole campaign)" if hashtag == "*" else f"#{hashtag}"


def _number(value: int | None) -> str:
    return "unknown" if value is None else f"{value:,}"
