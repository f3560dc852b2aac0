"""`pulse label`: one post at a time, without the model's answer, which would draw people's own to it (anchoring)."""

import getpass
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from orchestration import campaigns
from orchestration.cli.errors import fail
from orchestration.cli.screen import plain, progress_bars, show_table
from orchestration.labelling import card, imported, posts, store
from orchestration.labelling.confusions import Measured, between_people, measure
from orchestration.settings import Settings
from orchestration.warehouse.client import Warehouse

KEYS = {"n": "negative", "u": "neutral", "p": "positive"}
SKIP, BACK, STOP = "s", "b", "q"
ASKED = "n negative   u neutral   p positive   s skip   b back   q stop > "
LONGEST_NAME = 60


def person_named(name: str | None) -> str:
    """The name that is kept with labels. Fails where there is none that can be shown."""
    chosen = (name or getpass.getuser()).strip()
    if not chosen or len(chosen) > LONGEST_NAME or not chosen.isprintable():
        fail(f"A name has 1 to {LONGEST_NAME} characters that can be shown. Give one:  --as NAME")
    return chosen


def label_and_show(campaign_id: str, person: str, wanted: int, seed: int) -> None:
    """Asks until `person` has labelled `wanted` posts, stops, or none is left; then says what the labels say. Raises CampaignError, WarehouseError."""
    warehouse = _opened(campaign_id)
    labelled = store.labels_of(warehouse, campaign_id, person)
    ids = posts.candidates(warehouse, campaign_id)
    if not ids:
        fail(f"No original post of {campaign_id} has a sentiment label yet. Run the pipeline first:  pulse run --campaign {campaign_id} --from DAY --to DAY")
    if len(labelled) < wanted:
        print(f"{person}, you have labelled {len(labelled)} of {wanted} posts. Judge the words alone: what does the writer feel about what is written of?")
        _ask(warehouse, campaign_id, person, posts.to_label(ids, labelled, seed), len(labelled), wanted)
    _show_labels(warehouse, campaign_id)


def _ask(warehouse: Warehouse, campaign_id: str, person: str, ids: list[str], count: int, wanted: int) -> None:
    """Stores each answer before the next question. An end of the input stops as q does."""
    shown: list[tuple[str, str]] = []
    answered: set[str] = set()
    coming, position = posts.with_texts(warehouse, campaign_id, ids), 0
    while count + len(answered) < wanted or position < len(shown):
        if position == len(shown):
            following = next(coming, None)
            if following is None:
                print("No other post of the campaign is left to label.")
                return
            shown.append(following)
        tweet_id, text = shown[position]
        print(f"\n[{count + len(answered) + 1} of {wanted}]  {plain(text)}")
        key = _key()
        if key == STOP:
            return
        if key == BACK:
            position = max(0, position - 1)
            continue
        if key != SKIP:
            store.keep(warehouse, campaign_id, person, {tweet_id: KEYS[key]})
            answered.add(tweet_id)
        position += 1


def _key() -> str:
    while True:
        try:
            key = input(ASKED).strip().lower()[:1]
        except EOFError:
            print()
            return STOP
        if key in {*KEYS, SKIP, BACK, STOP} and key:
            return key


def import_and_show(campaign_id: str, person: str, file: Path) -> None:
    """Imports every good row, names the others, and leaves with 1 when there are some. Raises LabelError, CampaignError, WarehouseError."""
    warehouse = _opened(campaign_id)
    labels, bad = imported.read_labels(file)
    taken, unknown = imported.of_campaign(labels, imported.states(warehouse, campaign_id, list(labels)), campaign_id)
    store.keep(warehouse, campaign_id, person, taken)
    print(f"{len(taken):,} labels of {person} are stored.")
    _show_labels(warehouse, campaign_id)
    rows = sorted([*bad, *unknown], key=lambda each: each.line)
    for row in rows:
        print(f"{file.name}:{row.line}: {plain(row.reason)}.")
    if rows:
        fail(f"{len(rows):,} rows are not imported. Mend them and import the file again: what is stored already stays as it is.")


def apply_correction(campaign_id: str) -> None:
    """Builds the campaign's days of sentiment anew with what its labels say now. Raises what `run_pipeline` raises."""
    from orchestration.pipeline import run_correction

    warehouse = _opened(campaign_id)
    window = posts.scored_hours(warehouse, campaign_id)
    if window is None:
        fail(f"No post of {campaign_id} is scored yet. Run the pipeline first:  pulse run --campaign {campaign_id} --from DAY --to DAY")
    with progress_bars():
        run = run_correction(warehouse.settings, campaign_id, window)
    for each in measure(store.judged(warehouse, campaign_id)):
        reason = each.as_row()["reason"]
        print(f"Revision {plain(each.scorer.model_revision)}: {'corrected' if reason is None else f'not corrected, for {reason}'}.")
    print(f"The days of {window} are built anew by the Dagster run {run[:8]}.")


def write_card(campaign_id: str) -> None:
    """Writes cards/<campaign>.md in the home. Raises CampaignError, WarehouseError."""
    warehouse = _opened(campaign_id)
    campaign = campaigns.find(campaigns.load(warehouse.settings), campaign_id)
    measured = measure(store.judged(warehouse, campaign_id))
    text = card.markdown(campaign_id, campaign.name, card.scored(warehouse, campaign_id), measured, datetime.now(UTC))
    file = warehouse.settings.root / "cards" / f"{campaign_id}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    print(f"Written: {file}")


def _show_labels(warehouse: Warehouse, campaign_id: str) -> None:
    labels = store.judged(warehouse, campaign_id)
    measured = measure(labels)
    print()
    if not measured:
        print(f"Nothing of {campaign_id} is labelled yet.")
        return
    for line in _lines(measured):
        print(line)
    people = between_people(labels)
    if people:
        show_table(
            ["person", "and", "posts of both", "equal", "Cohen's kappa"],
            [[first, second, found.posts, found.accuracy, found.kappa] for (first, second), found in people.items()],
        )


def _lines(measured: Iterable[Measured]) -> Iterable[str]:
    for each in measured:
        agreement, row = each.agreement, each.as_row()
        yield f"{agreement.posts} posts labelled by {plain(', '.join(each.labelled_by))}; {each.disputed} more without a majority among people."
        recall = ", ".join(f"{label} {_ratio(value)}" for label, value in agreement.recall.items())
        yield (
            f"Model {plain(each.scorer.model_id)}, revision {plain(each.scorer.model_revision)}: accuracy {_ratio(agreement.accuracy)}, "
            f"Cohen's kappa {_ratio(agreement.kappa)}, recall {recall}."
        )
        if row["reason"] is None:
            yield f"The shares can be corrected. New days are from the next run on; all of them by:  pulse label {each.campaign_id} --apply"
        else:
            yield f"The shares are not corrected: {row['reason']}."


def _ratio(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _opened(campaign_id: str) -> Warehouse:
    settings = Settings()
    campaigns.find(campaigns.load(settings), campaign_id)
    warehouse = Warehouse(settings)
    warehouse.ensure_tables()
    return warehouse
