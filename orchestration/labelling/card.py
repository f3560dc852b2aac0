"""The model card of a campaign: which model scored its posts, and what people who know the campaign say of that."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ml_assets.sentiment.labels import LABELS
from orchestration.labelling.confusions import Measured
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.statements import ever

if TYPE_CHECKING:
    from ml_assets.sentiment.shares import Interval

# What Markdown or HTML would act on: names come from outside.
MARKED = {ord(character): f"\\{character}" for character in "\\`*_[]<>#!|~&$:@"}


@dataclass(frozen=True)
class Scored:
    """Labels that a model gave to the campaign's originals: counts in the order of LABELS."""

    model_id: str
    model_revision: str
    counts: tuple[int, ...]


def scored(warehouse: Warehouse, campaign_id: str) -> list[Scored]:
    """Of each model and revision, most posts first."""
    rows = warehouse.query(
        f"""
        select model_id, model_revision, {', '.join(f"countif(sentiment_label = '{label}') as {label}" for label in LABELS)}
        from {warehouse.qualified('marts.tweets')}
        where campaign_id = @campaign and {ever('created_at', 'TIMESTAMP')} and not is_repost and sentiment_label != 'not_scored'
        group by model_id, model_revision order by count(*) desc, model_id, model_revision
        """,
        campaign=campaign_id,
    )
    return [Scored(row["model_id"], row["model_revision"], tuple(int(row[label]) for label in LABELS)) for row in rows]


def markdown(campaign_id: str, name: str, models: Sequence[Scored], measured: Sequence[Measured], written_at: datetime) -> str:
    """The card; text from outside is escaped."""
    parts = [f"# Sentiment of {_text(name)}: model card", f"Campaign `{campaign_id}`, written {written_at:%Y-%m-%d %H:%M} UTC."]
    for model in models:
        found = [each for each in measured if (each.scorer.model_id, each.scorer.model_revision) == (model.model_id, model.model_revision)]
        parts += _of_model(model, found)
    if not models:
        parts.append("No post of the campaign is scored yet.")
    parts.append(
        "Intervals cover 95 %: Wilson's for shares as labelled; for corrected ones the delta method over the posts counted and the posts labelled. "
        "The correction assumes that the model mixes up the other posts as it does the labelled ones."
    )
    return "\n\n".join(parts) + "\n"


def _of_model(model: Scored, measured: Iterable[Measured]) -> list[str]:
    from ml_assets.sentiment.shares import correction, wilson

    posts = sum(model.counts)
    parts = [f"## {_text(model.model_id)}, revision {_text(model.model_revision)}", f"{posts:,} original posts scored."]
    rows = [(label, _percent(count / posts), _span(wilson(count, posts))) for label, count in zip(LABELS, model.counts, strict=True)]
    measured = list(measured)
    parts.append(_table(("As labelled by the model", "Share", "95 %"), rows))
    if not measured:
        parts.append("Nobody has labelled posts of this model: its shares are not corrected. Label 200 with `pulse label`.")
    for each in measured:
        agreement, made = each.agreement, correction(each.counts)
        parts.append(
            f"{agreement.posts} posts labelled by {_text(', '.join(each.labelled_by))}; {each.disputed} more left out, on which no label has a majority. "
            f"Accuracy {_ratio(agreement.accuracy)}, Cohen's kappa {_ratio(agreement.kappa)}, scoring code version {_text(each.scorer.code_version)}."
        )
        counts = [(f"people: {true}", *row, _ratio(agreement.recall[true])) for true, row in zip(LABELS, each.counts, strict=True)]
        parts.append(_table(("Posts", *(f"model: {label}" for label in LABELS), "Recall"), counts))
        corrected = None if made is None else made.of(model.counts)
        if corrected is None:
            parts.append(f"Not corrected: {each.as_row()['reason']}.")
        else:
            named = zip((*LABELS, "net sentiment"), corrected, strict=True)
            parts.append(_table(("Corrected", "Value", "95 %"), [(label, _percent(value), _span(interval)) for label, (value, interval) in named]))
    return parts


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def _text(value: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in value).split()).translate(MARKED)


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _span(interval: "Interval | None") -> str:
    return "–" if interval is None else f"{100 * interval.low:.1f} to {100 * interval.high:.1f} %"


def _ratio(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
