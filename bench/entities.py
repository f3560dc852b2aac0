"""Speed of the entity model on headlines and descriptions, against spaCy's own CNN, in the same run.

python -m bench.entities [--articles N] [--model FOLDER]

The articles are made up from names and verbs, a headline and two sentences each. The CNN is what `entities-en` was before
(spaCy's transition-based parser over MultiHashEmbed, width 96), with untrained weights: its speed does not depend on them.
"""

import argparse
import os
import random
import time

from bench import figures
from bench.figures import Figure
from ml_assets.entities import ArticleText, EntityFinder
from orchestration.settings import Settings

PEOPLE = ("Maria Keller", "John Okafor", "Li Wei", "Ana Souza", "Peter Novak", "Fatima Khan")
ORGANISATIONS = ("Northwind Motors", "the European Commission", "Banco Aurora", "Helix Labs", "the Ministry of Trade", "Orbital News")
PLACES = ("Nairobi", "Lisbon", "the United States", "Hamburg", "Osaka", "South Sudan")
HEADLINES = ("{o} opens plant in {p}", "{n} leaves {o} after talks in {p}", "{p} fines {o} over late reports", "What {n} said in {p}")
SENTENCES = (
    "{n}, who leads {o}, told reporters in {p} on Tuesday that the plan would go ahead in {y}.",
    "Officials in {p} said {number} people had asked {o} for help since the weekend.",
    "A spokesperson for {o} declined to comment on the figures published in {p}.",
    "The report, seen by {o}, puts the cost at {number} million dollars over {y} months.",
)
# The architecture of the CNN that shipped before.
CNN = {
    "@architectures": "spacy.TransitionBasedParser.v2", "state_type": "ner", "extra_state_tokens": False, "hidden_width": 64, "maxout_pieces": 2, "use_upper": True, "nO": None,
    "tok2vec": {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {"@architectures": "spacy.MultiHashEmbed.v2", "width": 96, "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE"], "rows": [6000, 1000, 2000, 1500], "include_static_vectors": False},
        "encode": {"@architectures": "spacy.MaxoutWindowEncoder.v2", "width": 96, "depth": 4, "window_size": 1, "maxout_pieces": 3},
    },
}  # fmt: skip


def articles(count: int, seed: int = 3) -> list[ArticleText]:
    rng, found = random.Random(seed), []
    for number in range(count):
        def said(template: str) -> str:
            return template.format(n=rng.choice(PEOPLE), o=rng.choice(ORGANISATIONS), p=rng.choice(PLACES), y=rng.randint(2, 30), number=rng.randint(2, 9_999))

        description = " ".join(said(template) for template in rng.sample(SENTENCES, 2))
        found.append(ArticleText(str(number), said(rng.choice(HEADLINES)), description, None, "en"))
    return found


def cnn():
    import spacy
    from spacy.training import Example

    pipeline = spacy.blank("en")
    pipeline.add_pipe("ner", config={"model": CNN})
    example = Example.from_dict(pipeline.make_doc("Maria Keller left Helix Labs in Lisbon."), {"entities": [(0, 12, "PERSON"), (18, 28, "ORG"), (32, 38, "LOC")]})
    pipeline.initialize(lambda: [example])
    return pipeline


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--articles", type=int, default=10_000)
    arguments.add_argument("--model", default=Settings().entity_model)
    figures.add_option(arguments)
    given = arguments.parse_args()
    texts, finder = articles(given.articles), EntityFinder(given.model)
    finder.find(texts[:20])
    started = time.perf_counter()
    found = finder.find(texts)
    seconds = time.perf_counter() - started

    other = cnn()
    sentences = [text for article in texts for text in (article.title, article.description)]
    words = sum(len(other.make_doc(text)) for text in sentences)
    started = time.perf_counter()
    for _ in other.pipe(sentences, batch_size=256):
        pass
    others = time.perf_counter() - started
    print(f"entities, {len(texts)} articles of headline and description, {words} words, {os.cpu_count()} cores:")
    print(f"  {finder.model_id:<44} {seconds:7.1f} s (180 wanted for 10,000)   {words / seconds:7.0f} words/s   {len(found)} names")
    print(f"  {'spaCy CNN of the same labels':<44} {others:7.1f} s   {words / others:7.0f} words/s   ours takes {seconds / others:.1f} times as long")
    name = f"entities, {len(texts):,} articles of headline and description, {words:,} words"
    # 180 s are wanted for 10,000.
    figures.write(given.json, [Figure(name, seconds, "s", peer="spaCy's CNN", peer_value=others, limit=180 * len(texts) / 10_000)])


if __name__ == "__main__":
    main()
