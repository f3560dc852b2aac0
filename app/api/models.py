"""The models on demand, in a process of their own:  python -m app.api.models   (JSON lines in, JSON lines out)

The only module of the site that loads models. In the site's own process torch and spaCy would stall every page for 2.7 s while they load, and make
each of Streamlit's collections of garbage, one for each rerun, half as long again (529 -> 786 ms beside other work) for 650 MB more.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from orchestration.settings import Settings

if TYPE_CHECKING:
    from ml_assets.entities import EntityFinder
    from ml_assets.sentiment import Scorer

# The other core is the pages'.
THREADS, NICENESS = 1, 5

Texts = Sequence[tuple[str, str | None]]


def main() -> None:
    """Until standard input ends, which it does when the site does."""
    # Whatever a library prints is no answer.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    os.nice(NICENESS)
    for line in sys.stdin:
        answers.write(json.dumps(answered(json.loads(line))) + "\n")
        answers.flush()
    # Without torch's farewell, which took a minute and a half on a busy machine.
    os._exit(0)


def answered(asked: dict[str, Any]) -> dict[str, Any]:
    """`{"kind": "sentiment" or "entities", "texts": [[text, language], ..]}` -> model, revision and a result for each text, or `error`."""
    from ml_assets.checkpoints import ModelError

    kinds: dict[str, Callable[[Texts], dict[str, Any]]] = {"sentiment": sentiment, "entities": entities}
    try:
        return kinds[asked["kind"]]([(text, language) for text, language in asked["texts"]])
    except ModelError as error:
        return {"error": str(error)}


def sentiment(texts: Texts) -> dict[str, Any]:
    from ml_assets.sentiment import CODE_VERSION

    scorer = _scorer()
    scores = scorer.score([text for text, _ in texts], [language for _, language in texts])
    results = [{name: getattr(score, name) for name in ("label", "reason", "p_negative", "p_neutral", "p_positive")} for score in scores]
    return {"model_id": scorer.model_id, "model_revision": scorer.model_revision, "code_version": CODE_VERSION, "results": results}


def entities(texts: Texts) -> dict[str, Any]:
    """A text is read as the content of an article."""
    from ml_assets.entities import CODE_VERSION, ArticleText

    finder = _finder()
    articles = [ArticleText(str(number), None, None, text, language) for number, (text, language) in enumerate(texts)]
    results: list[dict[str, Any]] = [{"reason": finder.reason_not_read(article), "entities": []} for article in articles]
    for found in finder.find(articles):
        text = texts[int(found.article_id)][0]
        results[int(found.article_id)]["entities"].append(
            {
                "name": found.name,
                "label": found.label,
                "mentions": found.mentions,
                "surface_forms": list(found.surface_forms),
                "spans": spans(text, found.surface_forms),
            }
        )
    return {"model_id": finder.model_id, "model_revision": finder.model_revision, "code_version": CODE_VERSION, "results": results}


def spans(text: str, forms: Sequence[str]) -> list[list[int]]:
    """[start, end) in code points, in order, of every place where a spelling stands as a word; where two overlap the longer one.

    The model reads the text without markup and line breaks, so a name that these cut through has no span.
    """
    found: list[list[int]] = []
    for form in sorted(set(forms), key=len, reverse=True):
        words = r"\s+".join(re.escape(word) for word in form.split())
        for match in re.finditer(rf"(?<!\w){words}(?!\w)", text):
            if all(match.end() <= start or match.start() >= end for start, end in found):
                found.append([match.start(), match.end()])
    return sorted(found)


@cache
def _scorer() -> "Scorer":
    from ml_assets.sentiment import Scorer

    settings = Settings()
    _one_thread()
    languages = settings.sentiment_languages.split(",")
    return Scorer(settings.sentiment_model, settings.sentiment_revision, languages=languages, cache=settings.root / "models")


@cache
def _finder() -> "EntityFinder":
    from ml_assets.entities import EntityFinder

    settings = Settings()
    _one_thread()
    return EntityFinder(settings.entity_model, settings.entity_languages.split(","))


def _one_thread() -> None:
    from ml_assets.sentiment.scorer import share_cores

    share_cores()
    import torch

    torch.set_num_threads(THREADS)


if __name__ == "__main__":
    main()
