"""`pulse models`: which models have scores, what another one would change, and what may go."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration.cli.errors import fail, said_in_one_line

if TYPE_CHECKING:
    from orchestration.candidates import Side
    from orchestration.warehouse.client import Warehouse

models_app = typer.Typer(no_args_is_help=True, help="Sentiment models side by side: which there are, and what each would change.")
Campaign = Annotated[str, typer.Option("--campaign", help="Campaign id.")]
Revision = Annotated[str | None, typer.Option(help="Branch, tag or commit, when MODEL is a Hugging Face id.")]
AS_JSON = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]


@models_app.command("list")
def list_command(as_json: AS_JSON = False) -> None:
    """The models that have scores: id, revision, posts, first and last day, in use or candidate."""
    with said_in_one_line():
        _list(as_json)


@models_app.command("score")
def score_command(
    model: Annotated[str, typer.Argument(help="Folder or Hugging Face id of a sequence-classification checkpoint.")],
    campaign: Campaign,
    start: Annotated[str | None, typer.Option("--from", help="First hour (UTC); by default that of the campaign's first post.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="First hour after the range; by default after its last post.")] = None,
    revision: Revision = None,
) -> None:
    """Score a campaign with another model, beside the scores in use. Stopped or killed, it goes on where it was."""
    with said_in_one_line():
        _score(model, revision, campaign, start, end)


@models_app.command("compare")
def compare_command(
    a: Annotated[str, typer.Argument(metavar="A", help="`current`, or a model that has scores: folder, ID or ID@REVISION.")],
    b: Annotated[str, typer.Argument(metavar="B", help="As A.")],
    campaign: Campaign,
    score: Annotated[bool, typer.Option("--score", help="Score the campaign first with a model that has no scores of it.")] = False,
    as_json: AS_JSON = False,
) -> None:
    """What changes from A to B on the same posts: labels, shares, net sentiment, its best and worst day."""
    with said_in_one_line():
        _compare(a, b, campaign, score=score, as_json=as_json)


@models_app.command("drop")
def drop_command(model: Annotated[str, typer.Argument(metavar="MODEL", help="Folder, ID or ID@REVISION.")]) -> None:
    """Delete a candidate's scores; scores in use stay."""
    with said_in_one_line():
        _drop(model)


def _opened() -> "Warehouse":
    from orchestration.settings import Settings
    from orchestration.warehouse.client import Warehouse

    warehouse = Warehouse(Settings())
    warehouse.ensure_tables()
    return warehouse


def _list(as_json: bool) -> None:
    from orchestration.candidates import models_with_scores
    from orchestration.cli.screen import show_table

    found = [
        {
            "model": each.model_id,
            "revision": each.model_revision,
            "use": "current" if each.in_use else "candidate",
            "posts": each.posts,
            "scored": each.scored,
            "campaigns": each.campaigns,
            "first day": each.first.date().isoformat(),
            "last day": each.last.date().isoformat(),
        }
        for each in models_with_scores(_opened())
    ]
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    elif found:
        show_table(list(found[0]), [list(row.values()) for row in found])
    else:
        print("No post has been scored yet. Each run scores its hours:  pulse run --campaign ID --from DAY --to DAY")


def _score(model: str, revision: str | None, campaign_id: str, start: str | None, end: str | None) -> None:
    from uuid import uuid4

    from ml_assets.sentiment import Scorer
    from orchestration import campaigns
    from orchestration.candidates import score_candidate
    from orchestration.cli.running import window_of
    from orchestration.cli.screen import plain, progress_bars
    from orchestration.lock import alone
    from orchestration.scoring import hours_of
    from orchestration.warehouse.errors import TableMissing

    if (start is None) != (end is None):
        fail("Give both --from and --to, or neither for all of the campaign.")
    window = window_of(start, end) if start and end else None
    warehouse = _opened()
    settings = warehouse.settings
    campaigns.find(campaigns.load(settings), campaign_id)
    try:
        window = window or hours_of(warehouse, campaign_id)
    except TableMissing:
        window = None
    if window is None:
        fail(f"{campaign_id} has no posts yet. Capture them:  pulse run --campaign {campaign_id} --from DAY --to DAY")
    scorer = Scorer(model, revision, languages=settings.sentiment_languages.split(","), cache=settings.root / "models")
    with alone(settings), progress_bars():
        scored = score_candidate(warehouse, scorer, campaign_id, window, languages=settings.sentiment_languages, run_id=f"models-{uuid4()}")
    print(f"{plain(scorer.model_id)}@{scorer.model_revision}: {scored.posts:,} originals, {scored.made:,} scored now, {scored.reused:,} were there; {scored.seconds:.0f} s.")
    print(f"Compare:  pulse models compare current {plain(scorer.model_id)}@{scorer.model_revision} --campaign {campaign_id}")


def _compare(a: str, b: str, campaign_id: str, *, score: bool, as_json: bool) -> None:
    from orchestration import campaigns
    from orchestration.candidates import compare

    warehouse = _opened()
    campaigns.find(campaigns.load(warehouse.settings), campaign_id)
    side_a, side_b = (_side(warehouse, given, campaign_id, score=score) for given in (a, b))
    found = compare(warehouse, side_a, side_b, campaign_id)
    if not found.posts:
        fail(
            f"No post of {campaign_id} has a label of both {side_a.name} and {side_b.name}, made of the same text and languages by this version. "
            f"Score again:  pulse models score MODEL --campaign {campaign_id}"
        )
    facts = {"campaign_id": campaign_id, "model_a": side_a.name, "model_b": side_b.name, **found.as_facts()}
    if as_json:
        print(json.dumps(facts, ensure_ascii=False, indent=1))
    else:
        show_comparison(facts)


def _side(warehouse: "Warehouse", given: str, campaign_id: str, *, score: bool) -> "Side":
    from orchestration.candidates import CURRENT, models_with_scores, side_of
    from orchestration.cli.screen import plain

    side = side_of(given, models_with_scores(warehouse))
    if side is None and score and given != CURRENT:
        model, _, revision = given.partition("@")
        _score(model, revision or None, campaign_id, None, None)
        side = side_of(given, models_with_scores(warehouse))
    if side is None:
        made = f"pulse run --campaign {campaign_id} --from DAY --to DAY" if given == CURRENT else f"pulse models score MODEL --campaign {campaign_id}"
        fail(f"{plain(given)} has no scores. Make them:  {made}   ( pulse models list  names the models that have)")
    return side


def _drop(model: str) -> None:
    from orchestration.candidates import drop_candidate, models_with_scores, side_of
    from orchestration.cli.screen import plain
    from orchestration.lock import alone

    warehouse = _opened()
    side = side_of(model, [each for each in models_with_scores(warehouse) if not each.in_use])
    if side is None:
        fail(f"{plain(model)} is no candidate.  pulse models list  names them; scores in use are replaced by running their hours again.")
    with alone(warehouse.settings):
        print(f"{drop_candidate(warehouse, side):,} scores of {plain(side.name)} deleted.")


def show_comparison(facts: dict[str, Any]) -> None:
    """The facts of a `Comparison` as text."""
    from orchestration.cli.screen import plain, show_table

    print(f"A = {plain(facts['model_a'])}   B = {plain(facts['model_b'])}")
    print(f"{facts['posts']:,} originals of {facts['campaign_id']} scored by both; the label of {facts['labels_differ']:,} differs ({facts['labels_differ_share']:.1%}).\n")
    labels = facts["labels"]
    show_table(["A \\ B", *labels], [[label, *row] for label, row in zip(labels, facts["table_rows_are_a"], strict=True)], title="Posts by label of A and of B")
    print()
    rows = [[f"{label}, share", *(f"{facts[side][label]['share']:.1%}" for side in "ab"), _moved(facts["differences"][label])] for label in labels]
    nets = [facts[side]["net_sentiment"] for side in "ab"]
    rows.append(["net sentiment", *(f"{net['points']:+.1f} ± {net['standard_error']:.1f}" for net in nets), _moved(facts["differences"]["net_sentiment"])])
    for name in ("lowest_day", "highest_day"):
        rows.append([f"{name.partition('_')[0]} day", *(_day(facts[side][name]) for side in "ab"), ""])
    show_table(["figure", "A", "B", "B less A, points (95 % interval)"], rows, title="Figures that move")
    print("\n± is a standard error. Intervals are of paired differences: both labels are of the same posts. Days with 30 posts or more.")


def _moved(found: dict[str, Any]) -> str:
    return f"{found['points']:+.1f} ({found['interval'][0]:+.1f} to {found['interval'][1]:+.1f})"


def _day(found: dict[str, Any] | None) -> str:
    return "no day with 30 posts" if found is None else f"{found['day']}: {found['points']:+.1f} of {found['posts']:,} posts"
