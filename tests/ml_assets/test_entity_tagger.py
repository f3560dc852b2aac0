"""The shipped entity model's parts: what it sees of words, which tags may follow, and its life as a spaCy component."""

import json

import numpy as np
import pytest

from ml_assets.entities.shapes import SHAPES, STYLES, shape, style
from tests.ml_assets.tiny_models import make_tagger


@pytest.mark.parametrize(
    ("word", "seen"),
    [
        ("apple", "lower"), ("Apple", "title"), ("NASA", "upper"), ("iPhone", "mixed"), ("McDonald", "mixed"), ("A", "letter"), ("a", "lower"),
        ("G7", "digit"), ("2023", "digit"), ("...", "sign"), ("😀", "sign"), ("", "sign"), ("日本", "lower"), ("Élysée", "title"), ("U.S.", "upper"),
    ],
)  # fmt: skip
def test_the_shape_of_a_word(word, seen):
    assert SHAPES[shape(word)] == seen


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("The president of France spoke in Berlin on Tuesday", "sentence"),
        ("President Of France Spoke In Berlin On Tuesday", "title_case"),
        ("President of France Spoke in Berlin on Tuesday", "title_case"),
        ("PRESIDENT OF FRANCE SPOKE IN BERLIN", "capitals"),
        ("Berlin Paris", "sentence"),
        ("", "sentence"),
    ],
)
def test_the_style_of_a_sentence(text, seen):
    assert STYLES[style(text.split())] == seen


def test_an_inside_tag_only_follows_its_own_kind():
    from ml_assets.entities.tagger import TAGS, decode

    rng = np.random.default_rng(0)
    for _ in range(200):
        tags = [TAGS[tag] for tag in decode(rng.normal(size=(rng.integers(1, 12), len(TAGS))).astype(np.float32))]
        for before, after in zip(["O", *tags], tags):
            assert not after.startswith("I-") or before[2:] == after[2:], tags


def test_the_best_allowed_sequence_is_found_and_not_the_best_tag_of_each_word():
    from itertools import product

    from ml_assets.entities.tagger import TAGS, decode

    rng = np.random.default_rng(1)
    for _ in range(20):
        scores = rng.normal(size=(4, len(TAGS))).astype(np.float32)
        allowed = [
            way for way in product(range(len(TAGS)), repeat=4)
            if all(not TAGS[after].startswith("I-") or TAGS[before][2:] == TAGS[after][2:] for before, after in zip((0, *way), way))
        ]  # fmt: skip
        best = max(allowed, key=lambda way: sum(scores[word, tag] for word, tag in enumerate(way)))
        assert decode(scores) == list(best)


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        (["O", "B-ORG", "I-ORG", "O"], [(1, 3, "ORG")]),
        (["B-ORG", "B-ORG"], [(0, 1, "ORG"), (1, 2, "ORG")]),
        (["B-LOC", "I-LOC"], [(0, 2, "LOC")]),
        (["O"], []),
        ([], []),
    ],
)
def test_names_of_tags(tags, found):
    from ml_assets.entities.component import named

    assert list(named(tags)) == found


def test_a_long_sentence_is_read_in_parts_that_cover_it():
    from ml_assets.entities.tagger import LONGEST_WORDS, parts

    assert parts(0) == []
    assert parts(LONGEST_WORDS) == [(0, LONGEST_WORDS)]
    assert [end - start for start, end in parts(2 * LONGEST_WORDS + 5)] == [LONGEST_WORDS, LONGEST_WORDS, 5]


@pytest.fixture(scope="module")
def tagger(tmp_path_factory):
    return make_tagger(tmp_path_factory.mktemp("tagger"))


TEXTS = ["the phone is good", "", "I LOVE THIS TRAIN !", "word " * 300, "\u200b \n", "日本 5 😀", "x" * 5_000]


def test_a_pipeline_answers_the_same_for_one_text_and_for_many(tagger):
    import spacy

    pipeline = spacy.load(tagger)
    together = [[(span.text, span.label_) for span in doc.ents] for doc in pipeline.pipe(TEXTS)]
    alone = [[(span.text, span.label_) for span in pipeline(text).ents] for text in TEXTS]
    assert together == alone and any(together)


def test_names_go_to_their_texts_where_many_batches_are_read_at_a_time(tagger):
    import spacy
    import torch

    pipeline, texts, cores = spacy.load(tagger), [f"{'word ' * (n % 23)}phone {n} is GOOD in {n % 7} ways" for n in range(150)], torch.get_num_threads()
    alone = [[(span.text, span.label_) for span in pipeline(text).ents] for text in texts]
    try:
        torch.set_num_threads(3)
        together = [[(span.text, span.label_) for span in doc.ents] for doc in pipeline.pipe(texts, batch_size=len(texts))]
    finally:
        torch.set_num_threads(cores)
    assert together == alone and len({str(each) for each in alone}) > 20


def test_a_saved_copy_answers_the_same_and_finds_its_encoder(tagger, tmp_path):
    import spacy

    pipeline = spacy.load(tagger)
    (tmp_path / "deep").mkdir()
    pipeline.to_disk(tmp_path / "deep" / "copy")
    named = json.loads((tmp_path / "deep" / "copy" / "word_tagger" / "adapter_config.json").read_text())["base_model_name_or_path"]
    assert not named.startswith("/")
    copy = spacy.load(tmp_path / "deep" / "copy")
    assert [[span.text for span in copy(text).ents] for text in TEXTS] == [[span.text for span in pipeline(text).ents] for text in TEXTS]


def test_a_component_without_weights_says_what_to_do():
    import spacy

    import ml_assets.entities.component  # noqa: F401

    pipeline = spacy.blank("en")
    pipeline.add_pipe("word_tagger")
    with pytest.raises(ValueError, match="has no weights; load the pipeline from its folder"):
        pipeline("a text")


def test_a_changed_head_is_refused_and_named(tagger, tmp_path):
    import shutil

    from ml_assets.adapters import write_files
    from ml_assets.checkpoints import ModelError
    from ml_assets.entities import ArticleText, EntityFinder

    shutil.copytree(tagger.parent, tmp_path / "models")
    copy = tmp_path / "models" / tagger.name
    write_files(copy)
    head = copy / "word_tagger" / "head.safetensors"
    head.write_bytes(head.read_bytes()[:-1] + b"?")
    with pytest.raises(ModelError, match=r"word_tagger/head\.safetensors of the model 'tagger' is not the one"):
        EntityFinder(copy).find([ArticleText("a", "The phone is good", None, None, "en")])


def test_a_head_without_a_part_is_refused(tagger, tmp_path):
    import shutil

    from safetensors.torch import load_file, save_file

    from ml_assets.checkpoints import ModelError
    from ml_assets.entities import ArticleText, EntityFinder

    shutil.copytree(tagger.parent, tmp_path / "models")
    copy = tmp_path / "models" / tagger.name
    head = copy / "word_tagger" / "head.safetensors"
    save_file({name: tensor for name, tensor in load_file(head).items() if name != "answer.bias"}, head)
    with pytest.raises(ModelError, match=r"lacks trained weights: answer\.bias"):
        EntityFinder(copy).find([ArticleText("a", "The phone is good", None, None, "en")])
