"""docs/performance.md and its pictures, from bench/results.json:  python -m bench.page

Between `<!-- figures: NAME -->` and `<!-- end of figures -->` stands what was measured; everything else of the page is written by people.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench import growth_plots, scale
from bench.figures import Figure, number, read, table
from bench.machine import is_busy
from orchestration.settings import REPOSITORY

PAGE = REPOSITORY / "docs" / "performance.md"
BLOCK = re.compile(r"(<!-- figures: ([a-z]+) -->\n).*?(<!-- end of figures -->)", re.S)
NOT_RUN = "Not measured yet: `make bench`."


def save(results: Mapping[str, Any], file: Path) -> None:
    part = file.with_suffix(".part")
    part.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(file)


def refresh(results: Mapping[str, Any]) -> Iterator[Path]:
    """Writes the page, and the pictures of growth; yields the files."""
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), results), encoding="utf-8")
    yield PAGE
    yield from growth_plots.draw(results["benches"].get("growth", {}).get("growth", {}))


def filled(text: str, results: Mapping[str, Any]) -> str:
    """The page with its blocks made anew. Raises ValueError for a block that names no bench, no `machine` and no `scale`."""
    return BLOCK.sub(lambda found: f"{found[1]}{block(found[2], results)}\n{found[3]}", text)


def block(name: str, results: Mapping[str, Any]) -> str:
    from bench.benches import NAMES

    if name == "machine":
        return told(results["machine"])
    if name == "scale":
        return "\n".join(scale.table(results))
    if name not in NAMES:
        raise ValueError(f"There is no bench {name!r}. There are: {', '.join(NAMES)}.")
    if not (held := results["benches"].get(name)) or not held["figures"]:
        return NOT_RUN
    lines = table(Figure.of(row) for row in held["figures"])
    if "growth" in held:
        lines += ["", *growth(held["growth"])]
    return "\n".join([*lines, "", circumstances(held, results["machine"]["cores"])])


def circumstances(held: Mapping[str, Any], cores: int) -> str:
    before, after = held["load"]
    busy = " **The machine had other work to do: read the ratios, not the times.**" if is_busy(before, cores) else ""
    whole = "" if held["status"] == "done" else f" Not whole: the bench {held['status']}."
    return f"Measured on {held['made']} in {held['seconds']:.0f} s; load average {before} before and {after} after.{busy}{whole}"


def told(facts: Mapping[str, Any]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in facts["versions"].items())
    numbers = "multiplies bf16 itself" if facts["bf16"] else "has no bf16, so models compute in fp32"
    machine = f"{facts['cores']} cores ({facts['processor']}, which {numbers}), {facts['memory_gib']} GiB of memory, {facts['system']}"
    return f"{machine}, Python {facts['python']}; {versions}."


def growth(found: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """For each kind of work its picture, and a table of all lines."""
    for work, each in found.items():
        yield f"![{each['main']} by {each['x']}, both axes logarithmic](images/{growth_plots.file_of(work).name})"
        yield ""
        yield f"| {each['x']} | {' | '.join(f'{size:,}' for size in each['sizes'])} | last by first |"
        yield f"|---|{'---:|' * (len(each['sizes']) + 1)}"
        for name, values in (*each["lines"].items(), *each["besides"].items()):
            unit = f", {each['unit']}" if name in each["lines"] else ""
            by = f"{values[-1] / values[0]:.1f}" if values[0] >= growth_plots.LEAST else ""
            yield f"| {name}{unit} | {' | '.join(number(value) for value in values)} | {by} |"
        yield ""


def main() -> None:
    for file in refresh(read(REPOSITORY / "bench" / "results.json")):
        print(f"{file.relative_to(REPOSITORY)} is up to date")


if __name__ == "__main__":
    main()
