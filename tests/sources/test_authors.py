"""Pseudonyms: the same for the same author and salt, nothing without the salt."""

import os
import stat

import pytest

from orchestration.author_salt import ensure_author_salt
from orchestration.settings import Settings
from orchestration.sources.authors import SALT, author_key
from orchestration.sources.base import SourceError


def test_the_same_author_has_the_same_key_whatever_the_spelling_of_the_handle():
    assert author_key("5", "one") == author_key("5", "other") != author_key("6", "one")
    assert author_key(None, "@Name") == author_key(None, "＠name") == author_key(None, "NAME")
    assert author_key(None, None) is None and author_key("", "") is None
    assert len(author_key("5", None)) == 16 and author_key("5", None) != author_key(None, "5")


def test_another_salt_makes_other_keys(monkeypatch):
    before = author_key("5", None)
    monkeypatch.setenv(SALT, "another-salt-of-the-tests")
    assert author_key("5", None) != before


def test_without_a_salt_there_is_no_key_that_could_be_turned_back(monkeypatch):
    monkeypatch.delenv(SALT)
    with pytest.raises(SourceError, match="PULSE_AUTHOR_SALT is not set"):
        author_key("5", None)


def test_a_home_makes_its_salt_once_and_nobody_else_may_read_it(tmp_path, monkeypatch):
    monkeypatch.delenv(SALT)
    ensure_author_salt(Settings(home=tmp_path))
    first = os.environ[SALT]
    file = tmp_path / "author.salt"
    assert len(first) == 64 and stat.S_IMODE(file.stat().st_mode) == 0o600 and [each.name for each in tmp_path.iterdir()] == ["author.salt"]
    monkeypatch.delenv(SALT)
    ensure_author_salt(Settings(home=tmp_path))
    assert os.environ[SALT] == first


def test_the_environment_comes_before_the_file(tmp_path):
    ensure_author_salt(Settings(home=tmp_path))
    assert os.environ[SALT] == "salt-of-the-tests" and not (tmp_path / "author.salt").exists()


def test_prod_without_a_salt_is_refused_and_so_is_one_that_can_be_guessed(tmp_path, monkeypatch):
    monkeypatch.delenv(SALT)
    with pytest.raises(SourceError, match="PULSE_ENV=prod needs a secret salt"):
        ensure_author_salt(Settings(home=tmp_path, env="prod"))
    assert not (tmp_path / "author.salt").exists()
    monkeypatch.setenv(SALT, "pepper")
    with pytest.raises(SourceError, match="could be guessed"):
        ensure_author_salt(Settings(home=tmp_path))
