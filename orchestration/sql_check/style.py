"""sqlfluff's opinion of the compiled models, by the rules of `.sqlfluff`."""

from collections.abc import Iterator, Mapping

from orchestration.settings import REPOSITORY

CONFIGURATION = REPOSITORY / ".sqlfluff"


def style_findings(compiled: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(node, message) for each rule that a model breaks; lines are those of the compiled SQL."""
    import sqlfluff

    for unique_id, sql in compiled.items():
        if unique_id.startswith("model."):
            for found in sqlfluff.lint(sql.strip() + "\n", config_path=str(CONFIGURATION)):
                place = f"{found.get('start_line_no')}:{found.get('start_line_pos')}"
                yield unique_id, f"sqlfluff {found['code']} {found['description']} [at {place}]"
