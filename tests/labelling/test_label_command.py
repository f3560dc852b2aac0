"""`pulse label`: asked without the model's answer, stored at once, stopped and resumed, imported."""

from orchestration.labelling import posts
from tests.labelling.conftest import COPY, FOREIGN, HOSTILE, IDS, REPOST


def test_a_sample_is_the_same_for_a_seed_and_keeps_its_order_when_posts_come():
    first = posts.in_random_order(IDS[:40], seed=3)
    assert first != IDS[:40] and sorted(first) == IDS[:40] and first != posts.in_random_order(IDS[:40], seed=4)
    assert [each for each in posts.in_random_order(IDS, seed=3) if each in set(first)] == first
    assert posts.to_label(IDS[:40], set(first[:10]), seed=3) == first[10:]


def test_every_post_is_drawn_as_often_as_another():
    """600 seeds draw 10 of 60: 100 times each is expected, and 3.9 standard errors of 9.1 are no chance."""
    drawn = [each for seed in range(600) for each in posts.in_random_order(IDS, seed)[:10]]
    assert all(65 < drawn.count(each) < 135 for each in IDS)


def test_originals_with_a_label_are_asked_about_each_text_once(desk):
    assert sorted(posts.candidates(desk.warehouse, "sample")) == IDS
    assert posts.candidates(desk.warehouse, "nobody") == []


def test_labelling_can_be_stopped_and_resumed_at_any_post(desk):
    order = posts.in_random_order(IDS, 0)
    said = desk.pulse("--as", "ann", "--posts", "5", keys="npq")
    assert desk.labels() == {("ann", order[0]): "negative", ("ann", order[1]): "positive"}
    assert "[3 of 5]" in said and "The shares are not corrected: 2 posts are labelled and 200 are needed." in said
    said = desk.pulse("--as", "ann", "--posts", "5", keys="uuu")
    assert "labelled 2 of 5" in said and set(desk.labels()) == {("ann", each) for each in order[:5]}
    assert "[" not in desk.pulse("--as", "ann", "--posts", "5"), "nothing is left to ask"
    desk.pulse("--as", "bob", "--posts", "1", keys="n")
    assert desk.labels()["bob", order[0]] == "negative", "one seed asks everybody about the same posts"


def test_an_answer_can_be_taken_back_and_a_post_skipped(desk):
    order = posts.in_random_order(IDS, 0)
    said = desk.pulse("--as", "ann", "--posts", "3", keys="bnbpsxuu")
    assert desk.labels() == {("ann", order[0]): "positive", ("ann", order[2]): "neutral", ("ann", order[3]): "neutral"}
    assert said.count(f"post {order[0]}") + said.count("gone") >= 2


def test_the_end_of_the_input_stops(desk):
    desk.pulse("--as", "ann", "--posts", "3", keys="n")
    assert len(desk.labels()) == 1


def test_nobody_sees_what_the_model_said_while_they_label(desk):
    asked = desk.pulse("--as", "ann", "--posts", "4", keys="q").split("q stop > ")[0]
    assert "post" in asked and "probab" not in asked
    for line in asked.splitlines():
        if line.startswith("["):
            assert not any(label in line for label in ("negative", "neutral", "positive"))


def test_text_from_outside_does_nothing_to_the_terminal(desk, monkeypatch):
    monkeypatch.setattr(posts, "with_texts", lambda *_: iter([("1", HOSTILE)]))
    said = desk.pulse("--as", "ann", keys="q")
    assert "gone" in said and "[red]x[/red]" in said
    assert not {"\x1b", "\x07", "\u202e"} & set(said)


def test_labels_made_elsewhere_are_imported_and_bad_rows_are_named(desk, tmp_path):
    file = tmp_path / "labels.csv"
    rows = [f"{IDS[0]},negative", f"{IDS[1]},Positive ", f"{IDS[2]},angry", ",neutral", "2.028E+18,neutral", f"{REPOST},neutral", f"{FOREIGN},neutral",
            f"{IDS[3]},neutral", f"{IDS[3]},positive", f"{IDS[0]},negative"]  # fmt: skip
    file.write_text("\ufefftweet_id,label\n" + "\n".join(rows) + "\n", encoding="utf-8")
    said = desk.pulse("--as", "ann", "--from", str(file), code=1)
    assert desk.labels() == {("ann", IDS[0]): "negative", ("ann", IDS[1]): "positive"}
    assert "2 labels of ann are stored" in said and "6 rows are not imported" in said
    for line, reason in ((4, "'angry' is none of"), (5, "tweet_id is empty"), (6, "2.028E+18 is no post of sample; spreadsheets"), (7, "is a repost"), (8, "is not scored"), (10, "is neutral in line 9 and positive here; neither")):
        assert f"labels.csv:{line}: " in said and reason in said, line
    assert COPY not in said


def test_a_file_that_holds_no_labels_says_what_it_must_hold(desk, tmp_path):
    file = tmp_path / "labels.csv"
    file.write_text("id;label\n1;negative\n")
    assert "Its first line must be:  tweet_id,label" in desk.pulse("--from", str(file), code=1)
    file.write_bytes(b"tweet_id,label\n\xff\xfe,negative\n")
    assert "CSV UTF-8" in desk.pulse("--from", str(file), code=1)
    assert "There is no file" in desk.pulse("--from", str(tmp_path / "none.csv"), code=1)
    assert desk.labels() == {}


def test_a_name_that_cannot_be_shown_is_refused(desk):
    assert "A name has 1 to 60 characters" in desk.pulse("--as", "a\x1b[2J", code=1)
