"""The list of benches: what `make bench` runs, in full and in short, how long each may take, and what it needs."""

from dataclasses import dataclass

# Stand in the words of a command for what the runner knows.
HOME, DATA = "{home}", "{data}"
ARCHIVES = "twarc_archives/test-data"


@dataclass(frozen=True)
class Bench:
    """`commands` and `short` are words after `python -m`; `seconds` is the most that one command may take.

    `needs_data` is what it reads in the folder of public data when it reads nothing else: without it the bench is left out.
    """

    name: str
    what: str
    commands: tuple[tuple[str, ...], ...]
    short: tuple[tuple[str, ...], ...]
    seconds: int
    needs_home: bool = False
    needs_data: str | None = None


BENCHES = (
    Bench(
        "product", "the `pulse` command, from nothing to the marts",
        (("bench.product", "--archive", f"{DATA}/chatgpt_daily_2023"),), (("bench.product", "--only", "hour"),), 1_200,
    ),
    Bench(
        "ml", "the models beside transformers.pipeline and spaCy's CNN",
        (("bench.sentiment", "--posts", "10000", "--generated"), ("bench.entities",)),
        (("bench.sentiment", "--posts", "300", "--generated"), ("bench.entities", "--articles", "300")), 1_800,
    ),
    Bench(
        "vader", "sentiment beside a lexicon with rules",
        (("bench.vader", "--data", f"{DATA}/sentiment/val.jsonl.gz"),), (("bench.vader", "--posts", "300"),), 600,
    ),
    Bench(
        "window", "an hour written again, beside BigQueryPandasIOManager's delete-and-load",
        (("bench.window_replacement",),), (("bench.window_replacement", "--posts", "300", "--history", "1000", "--rounds", "2"),), 900,
    ),
    Bench(
        "merge", "a mart that takes in an hour, beside dbt's stock merge",
        (("bench.merge_strategy",),), (("bench.merge_strategy", "--days", "1", "--posts", "500", "--rounds", "1"),), 1_800,
    ),
    Bench(
        "dbt", "an hour of dbt after 1, 7, 30 and 90 days of history",
        (("bench.dbt_history",),), (("bench.dbt_history", "--days", "1,2", "--posts", "500"),), 3_600,
    ),
    Bench("x", "a full hour of X, through the stub into the warehouse", (("bench.x_search",),), (("bench.x_search", "--posts", "300"),), 600),
    Bench("stream", "the stream consumer at 1,000 posts a second", (("bench.stream",),), (("bench.stream", "--seconds", "10", "--rate", "200"),), 900),
    Bench(
        "archive", "reading twarc's archives, beside twarc-csv",
        (("bench.archive_speed", f"{DATA}/{ARCHIVES}"),), (("bench.archive_speed", f"{DATA}/{ARCHIVES}", "--posts", "2000", "--alone"),), 1_200,
        needs_data=ARCHIVES,
    ),
    Bench("peaks", "planted peaks and quiet weeks, beside other methods", (("bench.peaks",),), (("bench.peaks", "--quick"),), 1_200),
    Bench("effects", "intervals of a campaign's effect", (("bench.effects",),), (("bench.effects", "--quick"),), 1_200),
    Bench("explain", "are days explained by their news", (("bench.explain", "--data", DATA),), (("bench.explain", "--quick"),), 1_800),
    Bench(
        "api", "cached answers of the API at 50 requests a second",
        (("bench.api", "--home", HOME),), (("bench.api", "--home", HOME, "--seconds", "3"),), 300, needs_home=True,
    ),
    Bench(
        "site", "the site beside a bare Streamlit app",
        (("bench.site", "--home", HOME, "--million"),), (("bench.site", "--home", HOME, "--times", "3", "--seconds", "3"),), 1_800, needs_home=True,
    ),
    Bench(
        "growth", "work x 1, x 10, x 100",
        (("bench.growth", "--home", HOME),), (("bench.growth", "--home", HOME, "--only", "rows,requests", "--sizes", "1,2"),), 3_600, needs_home=True,
    ),
)  # fmt: skip
NAMES = tuple(bench.name for bench in BENCHES)


def chosen(names: str | None) -> list[Bench]:
    """All, or those named, parted by commas. Raises ValueError for a name that is none."""
    wanted = [name.strip() for name in names.split(",")] if names else list(NAMES)
    if unknown := [name for name in wanted if name not in NAMES]:
        raise ValueError(f"There is no bench {', '.join(unknown)}. There are: {', '.join(NAMES)}.")
    return [bench for bench in BENCHES if bench.name in wanted]
