"""Several campaigns in one run of each job, as a schedule runs them:  python -m bench.growth_run FILE START END CAMPAIGN ..."""

import sys
from pathlib import Path

from orchestration.cli.running import window_of
from orchestration.cli.screen import progress_bars
from orchestration.instance.home import open_instance
from orchestration.lock import alone
from orchestration.partitions import range_tags
from orchestration.settings import Settings


def main(file: str, start: str, end: str, *campaigns: str) -> None:
    settings = Settings()
    with alone(settings), progress_bars():
        instance = open_instance(settings)
        from orchestration.definitions import defs

        capture = {"campaigns": list(campaigns), "source": "archive", "archive": str(Path(file).resolve())}
        asked = {"config": {"campaigns": list(campaigns)}}
        quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
        for job, tags, ops in (
            ("hourly", range_tags(window_of(start, end)), {"capture": {"config": capture}}),
            ("peaks_and_news", {}, {"news": asked, "published": asked}),
        ):
            defs.resolve_job_def(job).execute_in_process(run_config=quiet | {"ops": ops}, instance=instance, tags=tags)


if __name__ == "__main__":
    main(*sys.argv[1:])
