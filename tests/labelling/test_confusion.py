"""ml.sentiment_confusion: measured on the posts of its own campaign and model, and the correction, card and agreement that follow."""

import re
from datetime import UTC, datetime

import dagster as dg
import pytest

from ml_assets.sentiment.shares import correction
from orchestration.assets.confusion import sentiment_confusion
from orchestration.labelling import card, store
from orchestration.labelling.confusions import between_people, measure
from orchestration.labelling.store import Judged, Scorer
from orchestration.resources.warehouse import WarehouseResource
from tests.labelling.conftest import CAMPAIGN, IDS, LABELS

MODEL = Scorer("m", "1", "1")
COUNTS = [[60, 20, 5], [10, 70, 10], [5, 15, 55]]


def labels_with(counts, campaign="c", scorer=MODEL, person="ann") -> list[Judged]:
    """Labels of one person that make this confusion."""
    pairs = [(true, label) for i, true in enumerate(LABELS) for j, label in enumerate(LABELS) for _ in range(counts[i][j])]
    return [Judged(campaign, str(number), true, person, label, scorer) for number, (true, label) in enumerate(pairs)]


def test_each_campaign_and_model_has_a_confusion_of_its_own():
    newer = Scorer("m", "2", "1")
    found = measure([*labels_with(COUNTS), *labels_with([[1, 0, 0]] + [[0] * 3] * 2, scorer=newer), *labels_with([[0, 2, 0]] + [[0] * 3] * 2, campaign="d")])
    assert {(each.campaign_id, each.scorer): each.counts for each in found} == {
        ("c", MODEL): COUNTS, ("c", newer): [[1, 0, 0], [0] * 3, [0] * 3], ("d", MODEL): [[0, 2, 0], [0] * 3, [0] * 3],
    }  # fmt: skip


def test_a_post_of_several_people_counts_once_by_their_majority_or_not_at_all():
    def said(tweet_id, *labels):
        return [Judged("c", tweet_id, label, person, "neutral", MODEL) for person, label in zip(("ann", "bob", "cy"), labels, strict=False)]

    (found,) = measure([*said("1", "negative", "negative", "positive"), *said("2", "negative", "positive"), *said("3", "positive")])
    assert found.counts == [[0, 1, 0], [0, 0, 0], [0, 1, 0]] and found.disputed == 1 and found.labelled_by == ("ann", "bob", "cy")


def test_people_are_compared_on_the_posts_that_both_labelled():
    ann = [Judged("c", str(n), "negative" if n < 3 else "neutral", "ann", "neutral", MODEL) for n in range(5)]
    bob = [Judged("c", str(n), "negative" if n < 2 else "neutral", "bob", "neutral", MODEL) for n in range(4)]
    (pair, found), = between_people([*ann, *bob, Judged("c", "9", "neutral", "cy", "neutral", MODEL)]).items()
    # Of posts 0..3 they agree on 0, 1 and 3; by chance (3 x 2 + 1 x 2) / 16 = 0.5.
    assert pair == ("ann", "bob") and (found.posts, found.accuracy) == (4, 0.75) and found.kappa == pytest.approx(0.5)


def test_the_weights_of_a_row_are_those_of_the_correction():
    (found,) = measure(labels_with(COUNTS))
    row, made = found.as_row(), correction(COUNTS)
    assert row["reason"] is None and row["labelled"] == 250 and row["negative_as_neutral"] == 20 and row["positive_as_negative"] == 5
    assert row["w_neutral_positive"] == made.weights[1, 2] and row["s_net_negative"] == made.spread[3, 0]
    assert row["recall_positive"] == pytest.approx(55 / 75) and row["accuracy"] == pytest.approx(185 / 250)


@pytest.mark.parametrize(
    ("counts", "reason"),
    [([[20, 5, 5]] * 3, "90 posts are labelled and 200 are needed"), ([[3, 1, 1], [50, 300, 50], [10, 40, 200]], "5 of the labelled posts are negative and 10 are needed"),
     ([[30, 40, 30]] * 3, "hardly tells")],
)  # fmt: skip
def test_a_row_without_a_correction_says_why(counts, reason):
    (found,) = measure(labels_with(counts))
    row = found.as_row()
    assert reason in row["reason"] and {value for name, value in row.items() if name.startswith(("w_", "s_"))} == {None}


def materialise(desk, monkeypatch):
    monkeypatch.setenv("PULSE_HOME", str(desk.settings.home))
    result = sentiment_confusion(dg.build_asset_context(), warehouse=WarehouseResource())
    assert all(check.passed for check in result.check_results)
    return desk.warehouse.query("select * from ml.sentiment_confusion")


def test_the_asset_joins_labels_with_what_the_model_said_of_the_same_posts(desk, monkeypatch):
    assert materialise(desk, monkeypatch) == []
    store.keep(desk.warehouse, CAMPAIGN, "ann", {IDS[0]: "negative", IDS[1]: "neutral", IDS[59]: "positive", "77": "neutral"})
    store.keep(desk.warehouse, CAMPAIGN, "bob", {IDS[0]: "positive"})
    (row,) = materialise(desk, monkeypatch)
    assert (row["campaign_id"], row["model_id"], row["model_revision"], row["labelled"], row["labelled_by"]) == (CAMPAIGN, "m", "1", 2, ["ann", "bob"])
    assert (row["negative_as_negative"], row["neutral_as_negative"], row["positive_as_positive"]) == (0, 1, 1)
    assert "2 posts are labelled" in row["reason"] and row["w_net_positive"] is None
    desk.warehouse.execute("DELETE FROM ml.post_labels WHERE TRUE")
    assert materialise(desk, monkeypatch) == [], "labels that are gone correct nothing"


def test_the_card_says_who_labelled_what_and_what_follows(desk):
    store.keep(desk.warehouse, CAMPAIGN, "ann", {each: LABELS[number // 20] for number, each in enumerate(IDS)})
    said = desk.pulse("--card")
    text = (desk.settings.root / "cards" / f"{CAMPAIGN}.md").read_text(encoding="utf-8")
    assert f"cards/{CAMPAIGN}.md" in said
    assert "60 posts labelled by ann" in text and "Cohen's kappa 1.00" in text and "| people: neutral | 0 | 20 | 0 | 1.00 |" in text
    assert "Not corrected: 60 posts are labelled and 200 are needed." in text and "61 original posts scored" in text


def test_names_from_outside_are_no_markup_in_the_card_and_corrected_shares_stand_in_it():
    name = "<script>x</script> [a](javascript:b) | *c*\n# d"
    models = [card.Scored("m", "1", (300, 400, 300))]
    text = card.markdown("c", name, models, measure(labels_with(COUNTS, person="<b>ann</b>")), datetime(2026, 3, 2, tzinfo=UTC))
    assert not re.search(r"(?<!\\)[<\[*]", text) and "\n# d" not in text and "\\| \\*c" in text
    value, interval = correction(COUNTS).of((300, 400, 300))[0]
    assert f"| negative | {100 * value:.1f} % | {100 * interval.low:.1f} to {100 * interval.high:.1f} % |" in text
