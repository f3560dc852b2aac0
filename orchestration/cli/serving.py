"""What `make demo`, `make pipeline` and `make dev` run: they start what they need, and stop what they started."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.cli.errors import fail, said_in_one_line
from orchestration.processes import end
from orchestration.settings import REPOSITORY, Settings

SITE_SECONDS = 60


def pipeline() -> None:
    """Materialise the sample campaign through Dagster and print its summary."""
    from orchestration.cli.summarising import show_summary
    from orchestration.sources.sample.campaign import CAMPAIGN_ID

    with said_in_one_line():
        _materialise_sample()
        print()
        show_summary(CAMPAIGN_ID, "text")


def demo() -> None:
    """Materialise the sample campaign unless that is done, then serve the site until Ctrl-C."""
    from orchestration.cli.summarising import show_summary
    from orchestration.sources.sample.campaign import CAMPAIGN_ID
    from orchestration.warehouse import server_control

    with said_in_one_line():
        settings = Settings()
        _site_port_must_be_free(settings)
        with own_warehouse(settings):
            if settings.env != "prod":
                running = server_control.start(settings)
                print(f"Warehouse: {running.url}")
            if _is_materialised(settings):
                print("The sample campaign is already materialised.")
            else:
                _materialise_sample()
            print()
            show_summary(CAMPAIGN_ID, "text")
            serve_site(settings)


def serve() -> None:
    """Serve the site on PULSE_SITE_HOST and PULSE_SITE_PORT until Ctrl-C; it captures nothing."""
    with said_in_one_line():
        settings = Settings()
        _site_port_must_be_free(settings)
        with own_warehouse(settings):
            serve_site(settings)


def dev() -> None:
    """The Dagster UI and the warehouse, until Ctrl-C."""
    from orchestration.dbt.project import prepare_manifest
    from orchestration.instance.home import dagster_environment, prepare_dagster_home
    from orchestration.ports import port_is_free
    from orchestration.warehouse import server_control

    with said_in_one_line():
        settings = Settings()
        if not port_is_free(settings.dagster_port):
            fail(f"Port {settings.dagster_port} is in use. Stop what runs there, or set PULSE_DAGSTER_PORT to another one.")
        with own_warehouse(settings):
            if settings.env != "prod":
                print(f"Warehouse: {server_control.start(settings).url}")
            prepare_manifest(settings)
            prepare_dagster_home(settings)
            command = [tool("dagster"), "dev", "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", str(settings.dagster_port)]
            print(f"Dagster UI: http://127.0.0.1:{settings.dagster_port}  (Ctrl-C stops it)", flush=True)
            _run_until_interrupted(subprocess.Popen(command, cwd=REPOSITORY, env=os.environ | dagster_environment(settings)))


def _site_port_must_be_free(settings: Settings) -> None:
    from orchestration.ports import port_is_free

    if not port_is_free(settings.site_port):
        fail(f"Port {settings.site_port} is in use. Stop what runs there, or set PULSE_SITE_PORT to another one.")


def _materialise_sample() -> None:
    from orchestration.cli.running import run_and_show
    from orchestration.dbt.project import prepare_manifest
    from orchestration.sources.sample.campaign import CAMPAIGN_ID, SPAN

    prepare_manifest(Settings())
    run_and_show(CAMPAIGN_ID, SPAN, "sample", None, {}, False)


def _is_materialised(settings: Settings) -> bool:
    """Whether every hour of the sample is captured and its news are in the marts."""
    from orchestration.sources.sample.campaign import CAMPAIGN_ID, SPAN
    from orchestration.warehouse.client import Warehouse
    from orchestration.warehouse.errors import TableMissing, WarehouseError
    from orchestration.warehouse.statements import ever

    warehouse = Warehouse(settings)
    try:
        hours, asked = (
            warehouse.query(f"select count(*) as n from {warehouse.qualified(table)} where campaign_id = '{CAMPAIGN_ID}' and {bound}")[0]["n"]
            for table, bound in (("marts.capture_coverage", ever("hour", "TIMESTAMP")), ("marts.news_status", "true"))
        )
    except (TableMissing, WarehouseError):
        return False
    return hours == len(list(SPAN.hours())) and asked > 0


@contextmanager
def own_warehouse(settings: Settings) -> Iterator[None]:
    """Stops the warehouse afterwards if it did not run before; without the mark that a person wanted it stopped."""
    from orchestration.warehouse import server_control
    from orchestration.warehouse.server_files import ServerFiles

    ran_before = settings.env == "prod" or ServerFiles(settings.warehouse_dir).is_owned()
    _listen_to_interrupts()
    try:
        yield
    except KeyboardInterrupt:
        print("\nStopped.")
    finally:
        if not ran_before:
            server_control.halt(ServerFiles(settings.warehouse_dir))


def _listen_to_interrupts() -> None:
    """SIGINT too: a shell that starts `make demo` in the background has it ignored, and Dagster then ignores SIGTERM as well."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _interrupt)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def serve_site(settings: Settings) -> None:
    """The site as a process of its own, behind its login, until it ends or Ctrl-C; prints where it is and how the first person gets in."""
    from orchestration.cli.users import first_admin_link

    settings.root.mkdir(parents=True, exist_ok=True)
    link = first_admin_link(settings)
    with (settings.root / "site.log").open("ab") as log:
        # Absolute: the site's working directory is another one.
        environment = os.environ | {"PULSE_HOME": str(settings.root)}
        process = subprocess.Popen([sys.executable, "-m", "app.server"], cwd=REPOSITORY, env=environment, stdout=log, stderr=log)
        try:
            host = "127.0.0.1" if settings.site_host in ("0.0.0.0", "::") else settings.site_host
            _wait_for(f"http://{host}:{settings.site_port}", process, settings.root / "site.log")
            print(f"\nThe site: {settings.site_address}   (Ctrl-C stops everything)", flush=True)
            if host != "127.0.0.1" and not settings.site_url:
                print("Other machines need https in front of it, or no browser keeps the session: docs/login.md", flush=True)
            if link:
                print(f"First login (one time, 48 h): {link}", flush=True)
            else:
                print("Accounts: pulse users list · pulse users invite EMAIL", flush=True)
        except BaseException:
            process.terminate()
            raise
        _run_until_interrupted(process)


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SITE_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            fail(f"The site did not start. Read {log}.")
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    fail(f"The site did not answer within {SITE_SECONDS} s. Read {log}.")


def _run_until_interrupted(process: subprocess.Popen[bytes]) -> None:
    """Waits for the process; on Ctrl-C or SIGTERM ends it, and lets it finish what it is writing."""
    _listen_to_interrupts()
    try:
        process.wait()
    finally:
        end(process, 15)


def tool(name: str) -> str:
    """A command of this environment, whether or not it is activated."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else shutil.which(name) or name
