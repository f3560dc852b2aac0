"""ml/models: which models are in use, what their cards say and how well they were measured to do."""

from collections.abc import Callable
from typing import Any

import dagster as dg

from ml_assets.cards import facts_of, scores_of
from ml_assets.checkpoints import Checkpoint
from ml_assets.entities import EntityFinder
from ml_assets.sentiment import Scorer
from orchestration.settings import Settings

SENTIMENT_KEY, ENTITIES_KEY = ["ml", "models", "sentiment"], ["ml", "models", "entities"]
CHECK = "the_model_is_described"


def sentiment_scorer(settings: Settings) -> Scorer:
    """The configured sentiment model, not loaded yet."""
    return Scorer(
        settings.sentiment_model,
        settings.sentiment_revision,
        languages=settings.sentiment_languages.split(","),
        cache=settings.root / "models",
    )


def entity_finder(settings: Settings) -> EntityFinder:
    """The configured entity model, not loaded yet."""
    return EntityFinder(settings.entity_model, settings.entity_languages.split(","))


def model_metadata(checkpoint: Checkpoint, languages: str) -> dict[str, Any]:
    """Metadata of a materialisation: who the model is, its scores one by one so that Dagster plots them, its card as Markdown."""
    facts = facts_of(checkpoint)
    return {
        "model": checkpoint.id,
        "revision": checkpoint.revision,
        "megabytes": facts.megabytes,
        "languages": languages,
        **scores_of(facts.metrics),
        "metrics": dg.MetadataValue.json(facts.metrics),
        "card": dg.MetadataValue.md(facts.card or "This model has no card."),
    }


def check_description(checkpoint: Checkpoint) -> dg.AssetCheckResult:
    """Warns of a model that is used without a card or without measured scores."""
    facts = facts_of(checkpoint)
    described = (("card (MODEL_CARD.md or README.md)", facts.card), ("measured scores (metrics.json)", facts.metrics))
    absent = [name for name, there in described if not there]
    reason = f"{checkpoint.id} has no {' and no '.join(absent)}. Put it beside the model; its revision does not change by it." if absent else ""
    return dg.AssetCheckResult(passed=not absent, severity=dg.AssetCheckSeverity.WARN, metadata={"reason": reason})


def _model_asset(key: list[str], kind: str, description: str, located: Callable[[Settings], tuple[Checkpoint, str]]) -> dg.AssetsDefinition:
    @dg.asset(
        key=key,
        group_name="models",
        kinds={"python", kind},
        owners=["team:data-platform"],
        description=description,
        check_specs=[
            dg.AssetCheckSpec(CHECK, asset=key, description="The model has a card and measured scores: without them it is used blind. A warning, nothing stops.")
        ],
    )
    def model() -> dg.MaterializeResult:
        checkpoint, languages = located(Settings())
        return dg.MaterializeResult(metadata=model_metadata(checkpoint, languages), check_results=[check_description(checkpoint)])

    return model


sentiment_model = _model_asset(
    SENTIMENT_KEY,
    "huggingface",
    "The sentiment model in use, PULSE_SENTIMENT_MODEL: its card, revision, size and measured scores. Read, never loaded.",
    lambda settings: (sentiment_scorer(settings).checkpoint, settings.sentiment_languages),
)
entity_model = _model_asset(
    ENTITIES_KEY,
    "spacy",
    "The entity model in use, PULSE_ENTITY_MODEL: its card, revision, size and measured scores. Read, never loaded.",
    lambda settings: (entity_finder(settings).checkpoint, settings.entity_languages),
)
