"""Why there is no news of a day, or how many there are: one sentence for each status of `marts.news_status`."""

from collections.abc import Mapping
from typing import Any

from app.text import number, plain

SOURCES = {"newsapi": "NewsAPI", "gdelt": "GDELT", "archive": "The archive of articles", "sample": "The sample's articles"}
SENTENCES = {
    "ok": "{source}: {articles} of the day and the days beside it.",
    "no_articles": "{source}: no article of the day and the days beside it tells of this.",
    "unavailable_plan_window": "{source} does not show days as old as this one, so its news cannot be had any more.",
    "rate_limited": "{source} takes no more requests for now. The next run that may asks again.",
    "budget_spent": "All requests of {source} that a day may cost are made. The next run that may asks again.",
    "too_fresh": "The news of this day are not complete yet. They are asked for once, when {source} shows all of them.",
    "unsupported_language": "{source} has no articles in the languages of this campaign.",
    "failed": "{source} could not be asked. The next run tries again.",
    "not_asked": "Nobody has asked for the news of this day yet. The next run does.",
}


def news_sentence(status: Mapping[str, Any]) -> str:
    """One sentence for a row of `news_status`; a status that is not known is said by its reason."""
    name = status.get("source")
    source = SOURCES.get(name, plain(name, 40)) if isinstance(name, str) and name else "The news source"
    found = int(status.get("articles") or 0)
    articles = f"{number(found)} article{'' if found == 1 else 's'}"
    sentence = SENTENCES.get(status["status"])
    return sentence.format(source=source, articles=articles) if sentence else plain(status.get("reason"), 300)
