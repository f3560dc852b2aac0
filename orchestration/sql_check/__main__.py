"""`make check-sql`: exit code 1 and a line for each finding, or what was analysed."""

import sys

from orchestration.dbt.project import DbtError
from orchestration.settings import Settings
from orchestration.sql_check.check import run


def main() -> int:
    print("Google's analyzer reads every statement (two to three minutes; the first time one more) ...", flush=True)
    try:
        outcome = run(Settings().root / "sql_check")
    except DbtError as error:
        print(f"check-sql: {error}")
        return 1
    for finding in outcome.findings:
        print(finding)
    print("\n" + "\n".join(f"{count:6,}  {kind}" for kind, count in sorted(outcome.counts.items())))
    print(
        f"{outcome.counts.total():6,}  statements, {outcome.share:.1%} of them analysed; {outcome.sites} places of the product that send SQL; "
        f"{len(outcome.findings)} findings; {outcome.seconds:.0f} s"
    )
    return 1 if outcome.findings or outcome.share < 1 else 0


if __name__ == "__main__":
    sys.exit(main())
