"""`pulse campaigns`."""

from collections import Counter
from pathlib import Path
from typing import Any

from orchestration import campaigns
from orchestration.campaigns import CampaignError
from orchestration.cli.errors import fail
from orchestration.cli.screen import plain, show_table
from orchestration.settings import Settings


def show_campaigns() -> None:
    settings = Settings()
    rows = [
        [each.campaign_id, each.name, ", ".join(each.hashtags) or "(those seen most)", each.zone, each.start_day, each.end_day, each.source]
        for each in campaigns.load(settings)
    ]
    show_table(["id", "name", "hashtags", "zone", "first day", "last day", "source"], rows)
    print(f"\n{settings.campaigns_file}")


def add_campaign(values: dict[str, Any]) -> None:
    """Adds or replaces; raises CampaignError."""
    settings = Settings()
    known = {each.campaign_id: each for each in campaigns.load(settings)}
    given = {name: value.strip() for name, value in values.items() if isinstance(value, str) and value.strip()}
    if "news_source" not in given:
        given["news_source"] = "archive" if settings.news_archive else "newsapi"
    try:
        campaign = campaigns.from_values(given)
    except ValueError as error:
        raise CampaignError(f"{error}. Days are written like 2026-03-02.") from error
    wanted = known | {campaign.campaign_id: campaign}
    for problem in campaigns.problems_of(campaigns.as_csv(wanted.values()), full_archive=settings.x_full_archive):
        raise CampaignError(f"{problem.column or 'the campaign'}: {problem.reason} Nothing was changed.")
    verb = "changed" if campaign.campaign_id in known else "added"
    campaigns.save(settings, wanted.values())
    print(f"Campaign {campaign.campaign_id} is {verb}.")
    source = "--source archive --archive PATH" if campaign.source == "archive" else f"--source {campaign.source}"
    print(f"Run it:  pulse run --campaign {campaign.campaign_id} --from DAY --to DAY {source}")


def check_campaigns(file: Path | None) -> None:
    """Lists every problem of the file (by default the home's own) and leaves with 1, or says what the file holds."""
    settings = Settings()
    file = file or campaigns.ensure_file(settings)
    text = campaigns.read_file(file)
    found = campaigns.problems_of(text, full_archive=settings.x_full_archive)
    for problem in found:
        where = f", column {plain(problem.column)}" if problem.column else ""
        print(f"{file.name}, line {problem.line}{where}: {plain(problem.reason)}")
    if found:
        lines = len({problem.line for problem in found})
        fail(f"{len(found)} problems in {lines} lines of {file}. No run starts before they are mended.")
    known = campaigns.parse(text, file.name, full_archive=settings.x_full_archive)
    sources = ", ".join(f"{source} {count}" for source, count in sorted(Counter(each.source for each in known).items()))
    print(f"ok: {len(known)} campaigns ({sources or 'none'}) in {file}")
