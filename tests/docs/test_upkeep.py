"""`make audit` and `make pins`: what is said of advisories, and what stands in constraints.txt."""

from orchestration.reference import advisories, pins

ANSWER = {
    "dependencies": [
        {"name": "sound", "version": "1.0", "vulns": []},
        {"name": "torn", "version": "2.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"], "aliases": []}, {"id": "GHSA-2", "fix_versions": []}]},
        {"name": "unknown", "version": "3.0", "skip_reason": "not found"},
    ]
}


def test_each_advisory_is_said_with_the_version_that_mends_it_and_fails_the_command():
    code, lines = advisories.told(ANSWER, "pypi")
    assert code == 1
    assert lines[0] == "2 versions were looked up in the database `pypi`: 2 advisories, 0 accepted."
    assert "  torn 2.0: PYSEC-1, mended in 2.1" in lines and "  torn 2.0: GHSA-2, no version mends it yet" in lines
    assert "Not in the database: unknown." in lines


def test_an_accepted_advisory_is_said_with_its_reason_and_is_no_failure(monkeypatch):
    monkeypatch.setattr(advisories, "ACCEPTED", {"PYSEC-1": "we never parse it", "GHSA-2": "only on Windows"})
    code, lines = advisories.told(ANSWER, "osv")
    assert code == 0 and "  accepted: torn 2.0: GHSA-2, no version mends it yet (only on Windows)" in lines


def test_a_database_that_cannot_be_reached_is_said_and_is_no_failure(monkeypatch, capsys):
    monkeypatch.setattr(advisories, "ask", lambda database, versions: None)
    assert advisories.main() == 0
    assert capsys.readouterr().out.startswith("NOT CHECKED: none of the databases (pypi, osv) can be reached from here.")


def test_the_second_database_is_asked_where_the_first_does_not_answer(monkeypatch, capsys):
    monkeypatch.setattr(advisories, "ask", lambda database, versions: ANSWER if database == "osv" else None)
    assert advisories.main() == 1
    assert "in the database `osv`" in capsys.readouterr().out


def test_a_database_that_knows_no_advisory_of_a_version_known_to_be_unsafe_is_not_believed(monkeypatch, capsys):
    """An index of packages alone was asked once: it knew none of our 291 versions, and that was told as no advisory."""
    nothing = {"dependencies": [{"name": "jinja2", "skip_reason": "not found"}]}
    monkeypatch.setattr(advisories, "ask", lambda database, versions: nothing)
    assert advisories.main() == 0
    assert capsys.readouterr().out.startswith("NOT CHECKED")


def test_pins_say_what_came_went_and_moved_however_a_name_is_written():
    before, after = {"duckdb_extensions": "1", "gone": "1", "moved": "1"}, {"duckdb-extensions": "1", "moved": "2", "new": "3"}
    assert pins.changes(before, after) == ["gone: 1 -> gone", "moved: 1 -> 2", "new: not there -> 3"]


def test_a_build_of_one_index_is_its_version_and_what_installs_is_not_pinned():
    names = {"torch": "2.13.0+cpu", "pip": "26.3", "setuptools": "84.2", "Campaign_Pulse": "0.1", "spacy": "3.8"}
    report = {"install": [{"metadata": {"name": name, "version": version}} for name, version in names.items()]}
    assert pins.chosen(report) == {"torch": "2.13.0", "spacy": "3.8"}


def test_what_is_written_is_read_again():
    versions = {"zetasql": "1.0", "Altair": "6.3.0"}
    assert pins.pinned(pins.written(versions)) == versions
    assert pins.written(versions).splitlines()[1:] == ["Altair==6.3.0", "zetasql==1.0"]


def test_what_is_held_stands_so_in_the_constraints():
    there = {pins.canonical(name): version for name, version in pins.pinned(pins.CONSTRAINTS.read_text(encoding="utf-8")).items()}
    for requirement in pins.HELD:
        name, _, version = requirement.partition("==")
        if version:
            assert there[pins.canonical(name)] == version, requirement
