import random

import pytest

from ml_assets.checkpoints import ModelError, of_folder
from ml_assets.sentiment import NOT_SCORED, Scorer, SentimentScore, score
from ml_assets.sentiment.scorer import batches
from tests.ml_assets.tiny_models import SENTIMENT, make_checkpoint, set_labels

POSTS = [
    "I love this phone, best purchase of the year!",
    "Worst service ever, my order is lost and nobody cares.",
    "The meeting is on Monday at five in the main hall.",
    "ok",
    "So happy with the new shoes 😍 thank you @brand https://t.co/abc",
    "The app keeps crashing. Absolutely useless update, I want my money back.",
    "New store opens in Leeds next week, details at https://t.co/xyz",
    "I hate waiting.",
    "this is good",
]
SHORT = ["good phone", "this is bad", "i love it !", "the train is late", "i hate it", "a phone"]


def english(texts):
    return ["en"] * len(texts)


def test_the_shipped_model_knows_a_clear_praise_a_clear_complaint_and_a_plain_fact(scorer):
    labels = [found.label for found in scorer.score(POSTS[:3], english(POSTS[:3]))]
    assert labels == ["positive", "negative", "neutral"]


def test_three_probabilities_sum_to_one_and_the_label_is_the_largest(scorer):
    for found in scorer.score(POSTS, english(POSTS)):
        by_label = {"negative": found.p_negative, "neutral": found.p_neutral, "positive": found.p_positive}
        assert sum(by_label.values()) == pytest.approx(1, abs=2e-6)
        assert by_label[found.label] == max(by_label.values())
        assert all(p == round(p, 6) for p in by_label.values())


def test_a_post_has_the_same_numbers_alone_in_a_crowd_and_in_any_order(scorer):
    """Hour by hour, in one range or in random order, a backfill must write equal bytes."""
    crowd = POSTS + [f"{post} {extra}" for post in POSTS for extra in ("again", "and again!", "or is it really so")]
    together = dict(zip(crowd, scorer.score(crowd, english(crowd)), strict=True))
    assert [scorer.score([post], ["en"])[0] for post in crowd] == list(together.values())
    for seed in range(3):
        rng = random.Random(seed)
        mixed = rng.sample(crowd, rng.randint(2, len(crowd)))
        assert scorer.score(mixed, english(mixed)) == [together[post] for post in mixed]


@pytest.mark.parametrize("bf16", [False, True])
def test_numbers_do_not_depend_on_the_batch_in_either_precision(bf16):
    from ml_assets.sentiment.classifier import Classifier

    classifier = Classifier(of_folder(SENTIMENT), bf16=bf16)
    tokens = classifier.tokens(["a long enough post to matter here"])[0]
    alone = classifier.probabilities([tokens])[0]
    others = [[*tokens[:3], token, *tokens[4:]] for token in range(2000, 2031)]
    for rows in (1, 2, 3, 5, 7, 8, 13, 31):
        assert classifier.probabilities([*others[:rows], tokens])[rows] == alone


@pytest.mark.parametrize("bf16", [False, True])
def test_numbers_do_not_depend_on_the_number_of_cores(bf16):
    import torch

    from ml_assets.sentiment.classifier import Classifier

    scorer, cores = Scorer(SENTIMENT), torch.get_num_threads()
    scorer.__dict__["_classifier"] = Classifier(of_folder(SENTIMENT), bf16=bf16)
    crowd = [" ".join([post] * times) for post in POSTS for times in (1, 2, 3)]
    try:
        torch.set_num_threads(1)
        one_core = scorer.score(crowd, english(crowd))
        torch.set_num_threads(3)
        assert scorer.score(crowd, english(crowd)) == one_core
    finally:
        torch.set_num_threads(cores)


def test_a_batch_size_of_one_gives_the_same_numbers(checkpoint):
    assert Scorer(checkpoint, batch_size=1).score(SHORT, english(SHORT)) == Scorer(checkpoint).score(
        SHORT, english(SHORT)
    )


def test_answers_come_in_the_order_asked_with_the_reason_where_there_is_no_score(scorer):
    found = scorer.score(
        ["Ich liebe dieses Telefon", POSTS[0], "😀", "Je t'aime", POSTS[1]], ["de", "en", "en", None, "en"]
    )
    assert [one.reason for one in found] == ["language:de", None, "empty_text", "language:unknown", None]
    assert [one.label for one in found] == [NOT_SCORED, "positive", NOT_SCORED, NOT_SCORED, "negative"]


def test_a_post_that_is_not_scored_has_no_probability_and_not_zero(scorer):
    assert scorer.score(["Bonjour"], ["fr"]) == [SentimentScore("not_scored", "language:fr", None, None, None)]


def test_no_posts_give_no_scores(scorer):
    assert scorer.score([], []) == []


def test_the_same_text_is_computed_once_and_answered_each_time(checkpoint, monkeypatch):
    scorer = Scorer(checkpoint)
    scorer.score(["good"], ["en"])
    computed = []
    kept = scorer._classifier.probabilities
    monkeypatch.setattr(scorer._classifier, "probabilities", lambda rows: computed.extend(rows) or kept(rows))
    texts = ["good phone", "@anna good phone", "@ben good phone", "good  phone", "bad phone"]
    found = scorer.score(texts, english(texts))
    assert len(computed) == 3
    assert found[0] == found[3] and found[1] == found[2]


def test_texts_and_languages_must_pair_up(scorer):
    with pytest.raises(ValueError, match="2 texts came with 1 languages"):
        scorer.score(["a", "b"], ["en"])


def test_an_endless_post_is_scored_like_any_other(scorer):
    assert scorer.score(["great news " * 20_000], ["en"])[0].label == "positive"


@pytest.mark.parametrize("size", [1, 3, 32])
def test_a_batch_holds_texts_of_one_length_and_every_text_is_in_one_batch(size):
    lengths = random.Random(5).choices(range(3, 12), k=100)
    found = list(batches(lengths, size))
    assert sorted(position for batch in found for position in batch) == list(range(100))
    assert all(len(batch) <= size and len({lengths[position] for position in batch}) == 1 for batch in found)


def test_a_tie_goes_to_neutral():
    assert SentimentScore.of((0.4, 0.4, 0.2)).label == "neutral"
    assert SentimentScore.of((0.5, 0.0, 0.5)).label == "negative"


def test_another_checkpoint_can_replace_the_model_whatever_the_order_of_its_labels(tmp_path, checkpoint):
    plain = score(SHORT, english(SHORT), model=checkpoint)
    turned = make_checkpoint(tmp_path / "turned", ("Positive", "NEG", "Neutral"))
    for ours, theirs in zip(plain, score(SHORT, english(SHORT), model=turned), strict=True):
        assert (theirs.p_positive, theirs.p_negative, theirs.p_neutral) == (
            ours.p_negative,
            ours.p_neutral,
            ours.p_positive,
        )


def test_labels_that_are_only_numbered_are_in_the_order_negative_neutral_positive(tmp_path, checkpoint):
    plain = score(SHORT, english(SHORT), model=checkpoint)
    set_labels(checkpoint, {0: "LABEL_0", 1: "LABEL_1", 2: "LABEL_2"})
    assert score(SHORT, english(SHORT), model=checkpoint) == plain


def test_two_different_checkpoints_give_different_numbers(tmp_path, checkpoint):
    other = make_checkpoint(tmp_path / "other", ("negative", "neutral", "positive"), seed=1)
    assert score(SHORT, english(SHORT), model=checkpoint) != score(SHORT, english(SHORT), model=other)


def test_a_model_of_two_classes_is_read_and_never_neutral(tmp_path):
    folder = make_checkpoint(tmp_path / "two", ("POSITIVE", "NEGATIVE"))
    found = score(SHORT, english(SHORT), model=folder)
    assert {one.label for one in found} <= {"negative", "positive"} and all(one.p_neutral == 0 for one in found)
    assert all(one.p_negative + one.p_positive == pytest.approx(1, abs=2e-6) for one in found)


def test_five_stars_are_summed_to_three_labels(tmp_path):
    from ml_assets.sentiment.classifier import Classifier

    folder = make_checkpoint(tmp_path / "five", ("1 star", "2 stars", "3 stars", "4 stars", "5 stars"))
    classifier = Classifier(of_folder(folder))
    tokens = classifier.tokens(["good phone"])
    (three,) = classifier.probabilities(tokens)
    classifier.columns = [[column] for column in range(5)]
    (five,) = classifier.probabilities(tokens)
    assert three == (five[0] + five[1], five[2], five[3] + five[4])


@pytest.mark.parametrize("labels", [("negative", "neutral"), ("joy", "anger", "fear"), ("LABEL_0", "LABEL_1")])
def test_a_model_of_other_labels_is_refused_by_name_with_the_setting_to_change(tmp_path, labels):
    folder = make_checkpoint(tmp_path / "other-labels", labels)
    with pytest.raises(ModelError, match=r"'other-labels' has the labels .*PULSE_SENTIMENT_MODEL"):
        score(["good"], ["en"], model=folder)


def test_a_base_model_without_a_trained_classifier_is_refused_instead_of_guessing(tmp_path):
    folder = make_checkpoint(tmp_path / "base", ("negative", "neutral", "positive"), with_head=False)
    with pytest.raises(ModelError, match="lacks trained weights: classifier.bias"):
        score(["good"], ["en"], model=folder)


def test_a_cut_weight_file_is_refused(checkpoint):
    weights = checkpoint / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(ModelError, match="'tiny-model' cannot be loaded"):
        score(["good"], ["en"], model=checkpoint)


def test_a_model_that_answers_not_a_number_is_refused(checkpoint):
    from safetensors.torch import load_file, save_file

    weights = checkpoint / "model.safetensors"
    tensors = load_file(weights)
    tensors["classifier.bias"][0] = float("nan")
    save_file(tensors, weights, metadata={"format": "pt"})
    with pytest.raises(ModelError, match="not finite"):
        score(["good"], ["en"], model=checkpoint)


def test_a_folder_that_is_no_model_is_refused(tmp_path):
    with pytest.raises(ModelError, match=r"no readable config.json"):
        score(["good"], ["en"], model=tmp_path)


def test_a_folder_without_its_tokenizer_is_refused(checkpoint):
    for file in checkpoint.glob("tokenizer*"):
        file.unlink()
    with pytest.raises(ModelError, match="tokenizer"):
        score(["good"], ["en"], model=checkpoint)
