"""Real posts of one week about ChatGPT against real headlines of the same days: what is said of each day, to be read by a person."""

import csv
import hashlib
import re
from datetime import date, datetime
from pathlib import Path

from ml_assets.entities import ArticleText, EntityFinder
from ml_assets.explanations.corpus import WHOLE_CAMPAIGN, Article, Corpus, Name, Post
from ml_assets.explanations.explain import explain, ordinary_days
from orchestration.settings import Settings
from orchestration.sources.news.base import NewsQuestion
from orchestration.sources.news.files import FileNews

POSTS, NEWS = "chatgpt_daily_2023/chatgpt_daily_tweets.csv", "newsapi_headlines_2023"
TERMS = ("ChatGPT", "OpenAI")
PEAK = date(2023, 4, 4)


def explain_real(data: Path) -> None:
    """Prints what is found for the peak and for the two days furthest from it; says so where the data are absent."""
    if not (data / POSTS).exists() or not (data / NEWS).exists():
        print(f"real posts and headlines: not in {data}, skipped")
        return
    posts = read_posts(data / POSTS)
    news, finder = FileNews(data / NEWS), EntityFinder(Settings().entity_model)
    pools = {day: _articles(news, finder, day) for day in sorted({post.day for post in posts})}
    articles = {article.article_id: article for pool in pools.values() for article in pool}
    corpus = Corpus(posts, articles.values(), TERMS)
    print(f"real: {len(posts):,} distinct original texts of {len(pools)} days about ChatGPT, {len(articles)} headlines that mention it")
    for day, pool in pools.items():
        found = explain(corpus, WHOLE_CAMPAIGN, day, pool, {PEAK})
        days = len(ordinary_days(pools, {PEAK, day}))
        print(
            f"  {day}: {found.posts_compared} texts, {len(pool)} articles, verdict {found.verdict}, score {found.score or 0:.2f}, {days} ordinary days to compare with"
        )
        print(f"    story: {found.headline or '-'} ({found.story_articles} texts, {found.story_sources} publications)")
        print(f"    shared: {', '.join((*found.shared_entities, *found.shared_terms)[:12]) or '-'}")
        print(f"    the day's own words: {', '.join(found.day_terms[:12]) or '-'}")


def read_posts(file: Path) -> list[Post]:
    """Originals, one for each text and day, in the order of a hash of the text."""
    found: dict[tuple[date, str], Post] = {}
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            text = row["text"] or ""
            if text.startswith("RT @") or not row["tweet_created"]:
                continue
            made = datetime.fromisoformat(row["tweet_created"])
            key = hashlib.sha256(re.sub(r"\W+", " ", re.sub(r"https?://\S+|@\w+", "", text)).casefold().encode()).hexdigest()
            found.setdefault((made.date(), key), Post(made.date(), text, made, row["user_id"], language=row["lang"]))
    return [found[key] for key in sorted(found, key=lambda each: each[1])]


def _articles(news: FileNews, finder: EntityFinder, day: date) -> list[Article]:
    """As the archive source answers for the day, with the names that the shipped model finds."""
    answer = news.search(NewsQuestion("chatgpt", WHOLE_CAMPAIGN, day, "UTC", TERMS))
    texts = [
        ArticleText(each.article_id, each.title, each.description, each.content, each.language or "en", each.source_name) for each in answer.articles
    ]
    names: dict[str, list[Name]] = {}
    for entity in finder.find(texts):
        names.setdefault(entity.article_id, []).append(Name(entity.name, entity.surface_forms))
    fields = ("article_id", "title", "description", "content", "published_at", "source_name", "language")
    return [Article(**{name: getattr(each, name) for name in fields}, names=tuple(names.get(each.article_id, ()))) for each in answer.articles]
