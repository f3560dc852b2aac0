"""`pulse campaigns`."""

from typing import Any

from orchestration import campaigns
from orchestration.campaigns import CampaignError
from orchestration.cli.screen import show_table
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
    verb = "changed" if campaign.campaign_id in known else "added"
    campaigns.save(settings, (known | {campaign.campaign_id: campaign}).values())
    print(f"Campaign {campaign.campaign_id} is {verb}.")
    source = "--source archive --archive PATH" if campaign.source == "archive" else f"--source {campaign.source}"
    print(f"Run it:  pulse run --campaign {campaign.campaign_id} --from DAY --to DAY {source}")
