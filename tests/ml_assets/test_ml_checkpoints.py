import json

import pytest

from ml_assets.checkpoints import ModelError, encoders_of, folder_revision, locate
from ml_assets.sentiment import Scorer
from tests.ml_assets.tiny_models import make_checkpoint

SETTING = "PULSE_SENTIMENT_MODEL"


@pytest.fixture
def folder(tmp_path):
    model = tmp_path / "model"
    (model / "inner").mkdir(parents=True)
    (model / "config.json").write_text("{}")
    (model / "inner" / "weights").write_bytes(b"abc")
    return model


def test_the_revision_of_a_folder_is_twelve_hex_digits_and_stays_when_nothing_changes(folder):
    assert folder_revision(folder) == folder_revision(folder)
    assert len(folder_revision(folder)) == 12 and int(folder_revision(folder), 16) >= 0


def test_the_revision_does_not_depend_on_where_the_folder_is(folder, tmp_path):
    before = folder_revision(folder)
    assert folder_revision(folder.rename(tmp_path / "elsewhere")) == before


def test_one_changed_byte_of_a_weight_changes_the_revision(folder):
    before = folder_revision(folder)
    (folder / "inner" / "weights").write_bytes(b"abd")
    assert folder_revision(folder) != before


def test_the_revision_of_a_folder_is_the_one_that_rows_already_carry(folder):
    """Names are ordered as text: `inner-2/x` before `inner/x`. Another order would score every post of such a model anew."""
    (folder / "inner-2").mkdir()
    (folder / "inner-2" / "x").write_bytes(b"x")
    assert folder_revision(folder) == "154b0f57bc1f"


@pytest.mark.parametrize("named", ["/", "..", "../..", 5, None])
def test_an_adapter_that_names_no_encoder_makes_no_other_folder_part_of_the_model(folder, named):
    (folder / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": named}))
    assert encoders_of(folder) == []


def test_a_renamed_file_changes_the_revision(folder):
    before = folder_revision(folder)
    (folder / "config.json").rename(folder / "konfig.json")
    assert folder_revision(folder) != before


def test_card_figures_and_hidden_files_do_not_change_the_revision(folder):
    before = folder_revision(folder)
    for name in ("MODEL_CARD.md", "README.md", "metrics.json", ".gitattributes"):
        (folder / name).write_text("about the model")
    assert folder_revision(folder) == before


def test_a_missing_path_is_an_error_and_is_not_asked_of_hugging_face(tmp_path):
    with pytest.raises(ModelError, match=r"does not exist\. Set PULSE_SENTIMENT_MODEL"):
        locate(str(tmp_path / "nowhere"), setting=SETTING)


@pytest.fixture
def offline(monkeypatch):
    """The hub's client reads this at import, so the constant is set as well."""
    from huggingface_hub import constants

    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)


def test_an_id_that_cannot_be_reached_says_which_and_what_to_set(offline, tmp_path):
    with pytest.raises(
        ModelError, match=r"'someone/some-model' is neither a folder nor reachable .*PULSE_SENTIMENT_MODEL"
    ):
        locate("someone/some-model", setting=SETTING, cache=tmp_path)


def test_an_unreachable_pinned_revision_is_named(offline, tmp_path):
    with pytest.raises(ModelError, match="at revision 'v2'"):
        locate("someone/some-model", "v2", setting=SETTING, cache=tmp_path)


def test_a_cached_hugging_face_model_works_offline_and_its_revision_is_the_commit(offline, tmp_path):
    commit = "0123456789abcdef0123456789abcdef01234567"
    repository = tmp_path / "models--someone--tiny"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text(commit)
    (repository / "snapshots").mkdir()
    make_checkpoint(repository / "snapshots" / commit, ("negative", "neutral", "positive"))

    scorer = Scorer("someone/tiny", cache=tmp_path)

    assert scorer.score(["good phone"], ["en"])[0].label in {"negative", "neutral", "positive"}
    assert (scorer.model_id, scorer.model_revision) == ("someone/tiny", commit)
    assert Scorer("someone/tiny", commit, cache=tmp_path).model_revision == commit
