"""A model that is an adapter beside its encoder: merged right, and refused with the name of what is wrong."""

import json
import shutil

import pytest

from ml_assets.adapters import is_adapter, verify, write_files
from ml_assets.checkpoints import ModelError, encoder_of, folder_revision
from ml_assets.sentiment import Scorer
from tests.ml_assets.tiny_models import SENTIMENT, make_adapted

TEXTS = ["i love this phone", "the train is late at five", "i hate it !"]


@pytest.fixture
def adapted(tmp_path):
    """(adapter, the same model merged and saved whole)."""
    return make_adapted(tmp_path)


def test_an_adapter_answers_as_the_merged_model_does(adapted):
    adapter, merged = adapted
    found, expected = (Scorer(model).score(TEXTS, ["en"] * len(TEXTS)) for model in adapted)
    assert is_adapter(adapter) and not is_adapter(merged)
    for one, other in zip(found, expected, strict=True):
        assert one.label == other.label and one.p_negative == pytest.approx(other.p_negative, abs=1e-6)
    assert len({score.p_negative for score in found}) == 3


def test_the_encoder_is_part_of_the_revision(adapted):
    adapter, _ = adapted
    before = folder_revision(adapter)
    tokenizer = encoder_of(adapter) / "tokenizer_config.json"
    tokenizer.write_text(tokenizer.read_text() + " ")
    assert folder_revision(adapter) != before


def test_a_changed_byte_is_refused_and_the_file_named(adapted):
    adapter, _ = adapted
    write_files(encoder_of(adapter))
    weights = encoder_of(adapter) / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    with pytest.raises(ModelError, match=r"file model\.safetensors of the model 'encoder' is not the one .*SHA-256 differs.*Fetch the model again"):
        Scorer(adapter).score(TEXTS, ["en"] * 3)


def test_a_missing_file_is_refused_and_named(adapted):
    adapter, _ = adapted
    write_files(adapter)
    (adapter / "adapter_model.safetensors").unlink()
    with pytest.raises(ModelError, match=r"file adapter_model\.safetensors of the model 'adapter' is missing"):
        Scorer(adapter).score(TEXTS, ["en"] * 3)


def test_a_cut_file_without_a_digest_is_refused_and_named(adapted):
    adapter, _ = adapted
    weights = adapter / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:100])
    with pytest.raises(ModelError, match=r"file adapter_model\.safetensors of the model 'adapter' cannot be read"):
        Scorer(adapter).score(TEXTS, ["en"] * 3)


def test_an_adapter_without_its_encoder_says_so(adapted):
    adapter, _ = adapted
    shutil.rmtree(encoder_of(adapter))
    with pytest.raises(ModelError, match=r"stands on the encoder '\.\./encoder', which is not there"):
        Scorer(adapter).score(TEXTS, ["en"] * 3)


def test_an_adapter_of_another_encoder_is_refused(adapted):
    from safetensors.torch import load_file, save_file

    adapter, _ = adapted
    weights = load_file(adapter / "adapter_model.safetensors")
    name = next(name for name in weights if name.endswith("lora_A.weight"))
    save_file(weights | {name: weights[name][:, :-1].contiguous()}, adapter / "adapter_model.safetensors")
    with pytest.raises(ModelError, match="does not fit its encoder"):
        Scorer(adapter).score(TEXTS, ["en"] * 3)


def test_an_adapter_without_a_trained_head_is_refused(adapted):
    from safetensors.torch import load_file, save_file

    adapter, _ = adapted
    weights = load_file(adapter / "adapter_model.safetensors")
    save_file({name: tensor for name, tensor in weights.items() if "classifier" not in name}, adapter / "adapter_model.safetensors")
    with pytest.raises(ModelError, match=r"lacks trained weights: classifier\.weight, classifier\.bias"):
        Scorer(adapter).score(TEXTS, ["en"] * 3)


@pytest.mark.parametrize("content", ["[1]", "{", '"text"'])
def test_a_list_of_digests_that_is_none_is_said(adapted, content):
    adapter, _ = adapted
    (adapter / "files.json").write_text(content)
    with pytest.raises(ModelError, match=r"files\.json of the model 'adapter' is no list of files"):
        verify(adapter)


def test_a_calibration_keeps_every_label_and_moves_the_confidence(adapted):
    adapter, _ = adapted
    before = Scorer(adapter).score(TEXTS, ["en"] * 3)
    config = json.loads((adapter / "config.json").read_text())
    (adapter / "config.json").write_text(json.dumps(config | {"calibration": dict.fromkeys(("negative", "neutral", "positive"), 0.1)}))
    after = Scorer(adapter).score(TEXTS, ["en"] * 3)
    assert [score.label for score in after] == [score.label for score in before]
    for one, other in zip(after, before, strict=True):
        assert max(one.p_negative, one.p_neutral, one.p_positive) > max(other.p_negative, other.p_neutral, other.p_positive)


@pytest.mark.parametrize("calibration", [{"negative": 0}, {"neutral": "warm"}, [1, 1, 1]])
def test_a_calibration_that_is_none_is_refused(adapted, calibration):
    adapter, _ = adapted
    config = json.loads((adapter / "config.json").read_text())
    (adapter / "config.json").write_text(json.dumps(config | {"calibration": calibration}))
    with pytest.raises(ModelError, match="needed is a positive number a label"):
        Scorer(adapter).score(TEXTS, ["en"] * 3)


def test_the_shipped_model_is_as_its_digests_say():
    verify(SENTIMENT)
    verify(encoder_of(SENTIMENT))
    assert set(json.loads((SENTIMENT / "files.json").read_text())) == {"adapter_config.json", "adapter_model.safetensors", "config.json"}
