"""The commands; each imports what it needs when it runs, so that `pulse --help` answers at once."""

from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli import backups, live, logs, metrics, serving
from orchestration.cli.alerts import alerts_app
from orchestration.cli.bigquery import bigquery_app
from orchestration.cli.compliance import compliance_app
from orchestration.cli.errors import fail, said_in_one_line
from orchestration.cli.models import models_app
from orchestration.cli.news_stub import newsapi_stub
from orchestration.cli.stream import stream_app
from orchestration.cli.users import users_app
from orchestration.cli.x_stub import x_stub

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Campaign Pulse: how a campaign is doing, and why.")
warehouse_app = typer.Typer(no_args_is_help=True, help="The warehouse on this machine.")
campaigns_app = typer.Typer(no_args_is_help=True, help="The campaigns that are captured.")
app.add_typer(warehouse_app, name="warehouse")
app.add_typer(campaigns_app, name="campaigns")
app.add_typer(alerts_app, name="alerts")
app.add_typer(bigquery_app, name="bigquery")
app.add_typer(compliance_app, name="compliance")
app.add_typer(models_app, name="models")
app.add_typer(stream_app, name="stream")
app.add_typer(users_app, name="users")
warehouse_app.command("backup")(backups.backup)
warehouse_app.command("restore")(backups.restore)
app.command("logs")(logs.logs)
app.command("metrics")(metrics.metrics)
app.command("serve")(serving.serve)
app.command("x-stub")(x_stub)
app.command("newsapi-stub")(newsapi_stub)
app.command("demo", hidden=True)(serving.demo)
app.command("demo-live", hidden=True)(live.demo_live)
app.command("pipeline", hidden=True)(serving.pipeline)
app.command("dev", hidden=True)(serving.dev)


@app.command()
def doctor() -> None:
    """What is set up, what is missing, and the exact next command."""
    from orchestration.cli.doctor import examine, show
    from orchestration.settings import Settings

    with said_in_one_line():
        healthy = show(examine(Settings()))
    raise typer.Exit(0 if healthy else 1)


@warehouse_app.command("start")
def warehouse_start() -> None:
    """Start the warehouse, or find the one that runs."""
    from orchestration.settings import Settings
    from orchestration.warehouse import server_control
    from orchestration.warehouse.connection import describe

    with said_in_one_line():
        settings = Settings()
        if settings.env == "prod":
            fail("PULSE_ENV=prod uses BigQuery; there is nothing to start.")
        running = server_control.start(settings)
        print(f"The warehouse runs {describe(settings)}: {running.url} (process {running.pid})")


@warehouse_app.command("stop")
def warehouse_stop() -> None:
    """Stop the warehouse; no command starts it again but `pulse warehouse start`."""
    from orchestration.settings import Settings
    from orchestration.warehouse import server_control

    with said_in_one_line():
        print("The warehouse is stopped." if server_control.stop(Settings()) else "The warehouse was not running.")


@warehouse_app.command("status")
def warehouse_status() -> None:
    """Whether the warehouse answers, and where."""
    from orchestration.settings import Settings
    from orchestration.warehouse import server_control
    from orchestration.warehouse.connection import describe

    with said_in_one_line():
        settings = Settings()
        if settings.env == "prod":
            print(describe(settings))
            return
        status = server_control.status(settings)
        if status.running:
            print(f"running {describe(settings)}: {status.running.url} (process {status.running.pid})")
            return
        if status.busy:
            print("busy: it runs, but answers nothing at the moment (a long statement, or a start)")
            return
        print("stopped. Start it:  pulse warehouse start" if status.stopped_on_purpose else "not running; the next command that needs it starts it")
    raise typer.Exit(3)


@app.command()
def run(
    campaign: Annotated[str, typer.Option(help="Campaign id.")],
    start: Annotated[str, typer.Option("--from", help="First hour, e.g. 2026-03-02 or 2026-03-02T05:00Z (UTC).")],
    end: Annotated[str, typer.Option("--to", help="First hour after the range, e.g. 2026-03-03.")],
    source: Annotated[str | None, typer.Option(help="sample, archive, x_search or x_stream; by default the campaign's own.")] = None,
    archive: Annotated[Path | None, typer.Option(help="File or folder of posts, for the source `archive`.")] = None,
    columns: Annotated[list[str] | None, typer.Option(help="FIELD=HEADER for CSV headers that are not known; give several.")] = None,
    more_columns: Annotated[list[str] | None, typer.Argument(hidden=True)] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace hours even when they would lose posts.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would cost, and capture nothing.")] = False,
    counts: Annotated[bool, typer.Option(help="For --dry-run: ask X for counts, at the price of one request.")] = True,
) -> None:
    """Capture, clean, score and explain the hours from --from up to --to, through Dagster."""
    from orchestration.cli.planning import plan_and_show
    from orchestration.cli.running import columns_of, run_and_show, window_of

    with said_in_one_line():
        given = columns_of([*(columns or []), *(more_columns or [])])
        chosen = source or ("archive" if archive else None)
        if dry_run:
            plan_and_show(campaign, window_of(start, end), chosen, counts=counts)
        else:
            run_and_show(campaign, window_of(start, end), chosen, archive, given, force)


@app.command()
def snapshots() -> None:
    """Read metrics again for every post that has reached an age, and bring the marts up to date."""
    from orchestration.cli.snapshots import take_and_show

    with said_in_one_line():
        take_and_show()


@campaigns_app.command("list")
def campaigns_list() -> None:
    """The campaigns of this home."""
    from orchestration.cli.campaigns import show_campaigns

    with said_in_one_line():
        show_campaigns()


@campaigns_app.command("check")
def campaigns_check(
    file: Annotated[Path | None, typer.Argument(help="A campaigns file; by default the one of this home.")] = None,
) -> None:
    """Every problem of the campaigns file, with line, column and reason."""
    from orchestration.cli.campaigns import check_campaigns

    with said_in_one_line():
        check_campaigns(file)


@campaigns_app.command("add")
def campaigns_add(
    campaign_id: Annotated[str, typer.Argument(metavar="ID", help="Lower case letters, digits, _ and -.")],
    name: Annotated[str, typer.Option(help="Name shown to people.")],
    hashtags: Annotated[str, typer.Option(help="Followed hashtags, parted by commas; without, those seen most.")] = "",
    query: Annotated[str | None, typer.Option(help="X search query.")] = None,
    zone: Annotated[str, typer.Option(help="Time zone of the campaign's days, e.g. Europe/Berlin.")] = "UTC",
    start: Annotated[str | None, typer.Option(help="First day.")] = None,
    end: Annotated[str | None, typer.Option(help="Last day, included.")] = None,
    capture_from: Annotated[str | None, typer.Option(help="First day captured, before the first day: what the campaign is compared with; two weeks or more.")] = None,
    capture_until: Annotated[str | None, typer.Option(help="Last day captured, after the last day.")] = None,
    news_query: Annotated[str | None, typer.Option(help='Words for the news, e.g. \'"Aurora Trail" OR Halvenne\'.')] = None,
    news_source: Annotated[str | None, typer.Option(help="sample, archive, newsapi or gdelt.")] = None,
    source: Annotated[str | None, typer.Option(help="archive, x_search or x_stream.")] = None,
    languages: Annotated[str, typer.Option(help="Languages of interest, parted by commas.")] = "",
    competitors: Annotated[str, typer.Option(help="Campaign ids of the competitor set, parted by commas.")] = "",
) -> None:
    """Add a campaign, or change the one of that id."""
    from orchestration.cli.campaigns import add_campaign

    with said_in_one_line():
        add_campaign(
            {
                "campaign_id": campaign_id,
                "name": name,
                "hashtags": hashtags,
                "query": query,
                "zone": zone,
                "start_day": start,
                "end_day": end,
                "capture_from": capture_from,
                "capture_until": capture_until,
                "news_query": news_query,
                "news_source": news_source,
                "source": source or ("x_search" if query else "archive"),
                "languages": languages,
                "competitors": competitors,
            }
        )


# A query may begin with a comment, which begins as an option does.
@app.command(context_settings={"ignore_unknown_options": True})
def query(
    sql: Annotated[str, typer.Argument(help="One GoogleSQL query, @FILE.sql, or - to read it from standard input.")],
    form: Annotated[str, typer.Option("--format", help="table, json or csv.")] = "table",
) -> None:
    """Ask the warehouse; read only."""
    from orchestration.cli.querying import ask

    with said_in_one_line():
        ask(sql, form)


@app.command()
def export(
    mart: Annotated[str, typer.Option(help="Table of marts, e.g. engagement_daily.")],
    form: Annotated[str, typer.Option("--format", help="csv or parquet.")] = "csv",
    campaign: Annotated[str | None, typer.Option(help="Campaign id; by default all.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="First day, in the campaign's zone where the mart has days, else UTC.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="First day after the period.")] = None,
    out: Annotated[str, typer.Option(help="File, or - for standard output.")] = "-",
    bom: Annotated[bool, typer.Option("--bom", help="For CSV that Excel opens: begin with a byte order mark.")] = False,
) -> None:
    """Write a mart as CSV or Parquet, in the order of its key."""
    from orchestration.cli.exporting import export as write

    with said_in_one_line():
        write(mart, form, campaign, start, end, out, bom=bom)


@app.command()
def checksums(
    campaign: Annotated[str | None, typer.Option(help="Campaign id; by default all.")] = None,
    form: Annotated[str, typer.Option("--format", help="table or json.")] = "table",
) -> None:
    """A checksum of each mart's content: equal when two runs made the same rows."""
    from orchestration.cli.checksums import show_checksums

    with said_in_one_line():
        show_checksums(campaign, form)


@app.command()
def summary(
    campaign: Annotated[str, typer.Option(help="Campaign id.")],
    form: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
    as_of: Annotated[str | None, typer.Option("--as-of", help="As it was reported on this day (UTC), e.g. 2026-03-12.")] = None,
    publications: Annotated[bool, typer.Option("--publications", help="List what has been published, and when.")] = False,
) -> None:
    """What is known of a campaign, on one screen; or what was known of it on a day."""
    from orchestration.cli.summarising import show_publications, show_summary

    with said_in_one_line():
        if publications:
            show_publications(campaign, form)
        else:
            show_summary(campaign, form, as_of)


@app.command()
def trace(
    campaign: Annotated[str, typer.Option(help="Campaign id.")],
    measure: Annotated[str, typer.Option(help="E.g. engagement, posts, net_sentiment, coverage, word; a wrong one lists them all.")],
    hashtag: Annotated[str, typer.Option(help="Hashtag; by default the whole campaign.")] = "*",
    day: Annotated[str | None, typer.Option(help="Day in the campaign's zone; by default all captured days, of news the day of most engagement.")] = None,
    name: Annotated[str | None, typer.Option(help="The word, organisation or place, for the measures word, organization and location.")] = None,
    form: Annotated[str, typer.Option("--format", help="text, json or csv.")] = "text",
    most: Annotated[int, typer.Option("--posts", min=0, help="How many posts, hours, days or articles are listed.")] = 10,
    everything: Annotated[bool, typer.Option("--all", help="List all of them.")] = False,
) -> None:
    """Where a figure comes from: formula, posts, runs and models; and the same figure counted again from them."""
    from orchestration.cli.tracing import trace_and_show

    with said_in_one_line():
        trace_and_show(campaign, measure, hashtag, day, name, form, most, everything=everything)


@app.command()
def label(
    campaign: Annotated[str, typer.Argument(help="Campaign id.")],
    posts: Annotated[int, typer.Option(min=1, help="How many posts of yours are wanted in all; those you labelled before count.")] = 200,
    person: Annotated[str | None, typer.Option("--as", help="Name that is kept with your labels; by default that of your account here.")] = None,
    seed: Annotated[int, typer.Option(help="Of the random sample: people with one seed are asked about the same posts.")] = 0,
    file: Annotated[Path | None, typer.Option("--from", help="Import labels from a CSV file with the columns tweet_id and label.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Ask nothing; bring the correction to all days of the campaign.")] = False,
    card: Annotated[bool, typer.Option("--card", help="Ask nothing; write the campaign's model card as Markdown.")] = False,
) -> None:
    """Say of posts whether they are negative, neutral or positive: 200 of them correct the model's shares."""
    from orchestration.cli import labelling

    with said_in_one_line():
        if card:
            labelling.write_card(campaign)
        elif apply:
            labelling.apply_correction(campaign)
        elif file is not None:
            labelling.import_and_show(campaign, labelling.person_named(person), file)
        else:
            labelling.label_and_show(campaign, labelling.person_named(person), posts, seed)
