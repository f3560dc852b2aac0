"""Every setting, once: name, default, unit and reason. Each can be set by environment as `PULSE_<NAME>`.

Nothing here opens a file, a socket or a warehouse; secrets (`X_BEARER_TOKEN`, `NEWSAPI_KEY`, `PULSE_AUTHOR_SALT`,
`PULSE_ALERT_WEBHOOK_URL`, `PULSE_ALERT_SMTP_PASSWORD`, `PULSE_JWT_KEYS`, `PULSE_AUTH_DATABASE_URL`, `PULSE_METRICS_TOKEN`) are read from the environment by the one place that needs each,
and never become a setting.
"""

import re
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from orchestration.windows import FIRST_DAY

REPOSITORY = Path(__file__).resolve().parent.parent

QUIET_HOURS = re.compile(r"(?:([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)?")

LOCAL_PROJECT = "campaign-pulse"


class Settings(BaseSettings):
    """Frozen for the life of a process; `Settings()` reads the environment anew."""

    model_config = SettingsConfigDict(env_prefix="PULSE_", frozen=True, extra="ignore")

    env: Literal["local", "ci", "prod"] = Field(
        "local", description="`local` and `ci` use the warehouse on this machine, `prod` uses BigQuery."
    )
    home: Path = Field(
        REPOSITORY / ".pulse", description="Folder of every local file: warehouse, Dagster home, campaigns, model cache."
    )
    google_cloud_project: str | None = Field(
        None,
        validation_alias=AliasChoices("PULSE_GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_PROJECT"),
        description="BigQuery project; required when `PULSE_ENV=prod`.",
    )
    bigquery_location: str = Field("US", description="Location of the datasets.")
    dataset_prefix: str = Field(
        "", pattern=r"^[A-Za-z0-9_]*$", description="Put before each dataset name, so that teams can share a project."
    )
    trace_dataset: str = Field(
        "",
        pattern=r"^[A-Za-z0-9_]*$",
        description="Dataset of views that traces read in place of the tables of `raw` and `ml`: for an account that may not see texts and author ids. "
        "`deploy/terraform` makes one, `traces`.",
    )
    maximum_bytes_billed: int = Field(
        50 * 1024**3, description="Bytes one statement may bill on BigQuery before it is refused."
    )
    dbt_bytes_budget: int = Field(
        20 * 1024**3,
        ge=0,
        description="Bytes that dbt may bill on BigQuery for a run, for each day its hours touch, before a check warns. 200 statements bill "
        "2 GiB at BigQuery's least of 10 MB a table; 20 GiB are 0.12 USD.",
    )
    data_test_severity: Literal["error", "warn"] = Field(
        "error", description="Whether a failed data test stops what depends on it, or warns while models are being written."
    )
    hourly_cap: int = Field(10_000, ge=1, description="Posts kept of each hour and campaign: the first ones.")
    partitions_start: date = Field(
        FIRST_DAY, description="First day that can be captured; the default is the day of the first post on X."
    )
    post_text_days: int = Field(
        0,
        ge=0,
        description="Days after which the words of a post are blanked in every table, 0 for never; 30 at least, because hours are built anew for a week. Figures stay.",
    )
    dead_letter_days: int = Field(0, ge=0, description="Days after which dead letters are deleted, 0 for never; 30 are enough to mend a format.")
    sentiment_model: str = Field(
        str(REPOSITORY / "ml_assets" / "models" / "sentiment-en"),
        description="Folder or Hugging Face id of a sequence-classification checkpoint.",
    )
    sentiment_revision: str | None = Field(None, description="Pinned revision when the model is a Hugging Face id.")
    sentiment_languages: str = Field("en", description="Languages the sentiment model is made for, comma separated.")
    entity_model: str = Field(
        str(REPOSITORY / "ml_assets" / "models" / "entities-en"),
        description="Folder or installed package of a spaCy pipeline with named entities.",
    )
    entity_languages: str = Field("en", description="Languages the entity model is made for, comma separated.")
    news_source: Literal["sample", "archive", "newsapi", "gdelt"] | None = Field(
        None, description="Where articles come from; by default each campaign's own choice."
    )
    news_archive: Path | None = Field(None, description="File or folder of articles for the `archive` news source.")
    newsapi_base_url: str = Field("https://newsapi.org", description="Where NewsAPI is; a stub on this machine may be http://127.0.0.1:PORT.")
    newsapi_clock: datetime | None = Field(None, description="The time of a stub whose clock is set; refused for the real service.")
    newsapi_plan: Literal["developer", "business"] = Field("developer", description="Plan of the key: how late and how far back it shows articles.")
    newsapi_daily_budget: int = Field(80, ge=0, description="Most requests to NewsAPI in 24 hours; the developer plan allows 100.")
    gdelt_base_url: str = Field("https://api.gdeltproject.org", description="Where GDELT is; a stub on this machine may be http://127.0.0.1:PORT.")
    gdelt_clock: datetime | None = Field(None, description="The time of a stub of GDELT whose clock is set; refused for the real service.")
    gdelt_reach_days: int = Field(90, ge=1, description="How many days back GDELT is asked; it documents three months.")
    followed_hashtags: int = Field(
        5, ge=0, description="Hashtags followed (news, page) when a campaign names none: those seen most."
    )
    notable_days: int = Field(
        5, ge=0, description="Most notable days of a campaign that are asked about, the strongest first: each is a request for news."
    )
    x_base_url: str = Field("https://api.x.com", description="Where X's API is; a stub on this machine may be http://127.0.0.1:PORT.")
    x_clock: datetime | None = Field(None, description="The time of a stub whose clock is set; refused for the real API.")
    x_full_archive: bool = Field(False, description="Whether hours older than 7 days are asked of X's full-archive search.")
    x_vocabulary: Literal["tweet", "post"] = Field(
        "tweet", description="Names of fields asked for: `tweet.fields`, or `post.fields` as in specification 2.167."
    )
    x_price_post_usd: float = Field(0.005, ge=0, description="Listed price of one post read.")
    x_price_counts_usd: float = Field(0.005, ge=0, description="Listed price of one request for counts.")
    x_prices_as_of: date = Field(date(2026, 8, 22), description="Day on which these prices were read from X's price list.")
    x_budget_run_usd: float = Field(60.0, ge=0, description="Most that one run may spend; one full hour of 10,000 posts costs 50.")
    x_budget_day_usd: float = Field(150.0, ge=0, description="Most that a UTC day may spend.")
    x_budget_month_usd: float = Field(1_500.0, ge=0, description="Most that a calendar month (UTC) may spend.")
    x_budget_month_posts: int = Field(3_000_000, ge=0, description="Most posts read in a calendar month; X's own cap of pay-per-use.")
    x_budget_snapshots_day_usd: float = Field(50.0, ge=0, description="Most that metric snapshots may spend in a UTC day.")
    snapshot_ages_hours: str = Field("1,24,72,168", description="Ages of a post, in hours, at which its metrics are read again.")
    engagement_age_hours: int = Field(24, ge=1, description="Age at which engagement of posts captured from X is compared.")
    stream_grace_minutes: int = Field(5, ge=0, description="Minutes after an hour's end before its spool is read: late posts.")
    stream_spool: Path | None = Field(None, description="Folder of the stream's spool; by default in the home folder.")
    stream_sink: Literal["files", "pubsub"] = Field("files", description="Where the stream consumer writes: local files or Pub/Sub.")
    stream_topic: str | None = Field(None, description="Pub/Sub topic of the stream: projects/PROJECT/topics/TOPIC.")
    alert_least_score: float = Field(5.0, ge=0, description="Sensitivity of alerts: least score of a notable event. Events are notable from 3.5 on.")
    alert_cool_down_hours: float = Field(
        6.0, ge=0, description="Hours around an alert in which other events of the same campaign and series are kept back; of a job, its failures."
    )
    alert_oldest_hours: int = Field(168, ge=1, description="Age of an event's end, in hours, from which nobody is told of it: a backfill of last year.")
    alert_quiet_hours: str = Field("", description="When people are not told, e.g. 22:00-07:00; alerts wait for the end.")
    alert_zone: str = Field("UTC", description="Time zone of the quiet hours.")
    alert_smtp_host: str | None = Field(None, description="Mail server for alerts; without it there is no mail.")
    alert_smtp_port: int = Field(587, ge=1, le=65_535, description="Its port: 587 for starttls, 465 for tls.")
    alert_smtp_security: Literal["starttls", "tls", "none"] = Field("starttls", description="How the connection to the mail server is kept private.")
    alert_smtp_user: str | None = Field(None, description="Login at the mail server; the password is PULSE_ALERT_SMTP_PASSWORD.")
    alert_mail_from: str = Field("campaign-pulse@localhost", description="Sender of alerts by mail.")
    alert_mail_to: str = Field("", description="Recipients of alerts by mail, comma separated.")
    warehouse_port: int = Field(0, description="Port of the local warehouse; 0 takes a free one.")
    site_host: str = Field("127.0.0.1", description="Address that the site listens on; another one needs a proxy with https in front.")
    site_port: int = Field(8501, description="Port of the site.")
    site_url: str | None = Field(None, description="Address by which people reach the site, e.g. https://pulse.example.org; for links of invitations and of alerts.")
    site_trusted_proxies: str = Field(
        "", description="Addresses of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, parted by commas; none by default."
    )
    embed_url: str | None = Field(None, description="Address (https) of a managed dashboard that the page Dashboard frames; without it there is no such page.")
    api_requests_per_second: float = Field(20.0, gt=0, description="Requests a second that a caller of the API may make for long.")
    api_burst: int = Field(100, ge=1, description="Requests that a caller of the API may make at once.")
    api_x_texts: bool = Field(
        False, description="Whether the API hands on texts of posts captured from X; X's terms allow ids. The page shows them either way."
    )
    api_model_queue: int = Field(8, ge=1, description="Requests that may wait for the models of the API; one more is refused.")
    api_model_seconds: float = Field(300.0, gt=0, description="Longest that a request to the models of the API may take.")
    dagster_port: int = Field(3000, description="Port of the Dagster UI, on 127.0.0.1.")

    @cached_property
    def project(self) -> str:
        """Project that holds the datasets. Raises ValueError in prod when none is set."""
        if self.env != "prod":
            return LOCAL_PROJECT
        if not self.google_cloud_project:
            raise ValueError("PULSE_ENV=prod needs a project. Set it:  export GOOGLE_CLOUD_PROJECT=your-project")
        return self.google_cloud_project

    def dataset(self, name: str) -> str:
        """`marts` -> `marts`, or `<prefix>marts` when a prefix is set."""
        return f"{self.dataset_prefix}{name}"

    @property
    def root(self) -> Path:
        """`home`, absolute, so that a change of working directory cannot move it."""
        return self.home.expanduser().resolve()

    @property
    def warehouse_dir(self) -> Path:
        return self.root / "warehouse"

    @property
    def log_dir(self) -> Path:
        """Figures of runs, a file a day."""
        return self.root / "logs"

    @property
    def dagster_home(self) -> Path:
        return self.root / "dagster"

    @property
    def site_address(self) -> str:
        """Where people reach the site, for links: PULSE_SITE_URL, else this machine's own address. Without a slash at its end."""
        if self.site_url:
            return self.site_url.rstrip("/")
        host = "127.0.0.1" if self.site_host in ("0.0.0.0", "::") else self.site_host
        return f"http://{host}:{self.site_port}"

    @property
    def spool_dir(self) -> Path:
        return (self.stream_spool or self.root / "spool").expanduser().resolve()

    @property
    def x_dir(self) -> Path:
        """What capture from X keeps between runs: pages of unfinished hours, the journal of spending."""
        return self.root / "x"

    @cached_property
    def snapshot_ages(self) -> tuple[int, ...]:
        """Hours, ascending. Raises ValueError for what is no list of them."""
        try:
            ages = sorted({int(part) for part in self.snapshot_ages_hours.split(",")})
        except ValueError:
            ages = []
        if not ages or ages[0] < 1:
            raise ValueError(f"PULSE_SNAPSHOT_AGES_HOURS is {self.snapshot_ages_hours!r}. Write whole hours, e.g. 1,24,72,168.")
        return tuple(ages)

    @property
    def alert_recipients(self) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.alert_mail_to.split(",") if part.strip())

    @model_validator(mode="after")
    def _the_quiet_hours_end(self) -> "Settings":
        start, _, end = self.alert_quiet_hours.partition("-")
        if not QUIET_HOURS.fullmatch(self.alert_quiet_hours) or (start and start == end):
            raise ValueError(f"PULSE_ALERT_QUIET_HOURS is {self.alert_quiet_hours!r}. Write a start and another end, e.g. 22:00-07:00")
        try:
            ZoneInfo(self.alert_zone)
        except (ValueError, KeyError, OSError):
            raise ValueError(f"PULSE_ALERT_ZONE is {self.alert_zone!r}, which is no time zone. Write e.g. Europe/Berlin") from None
        return self

    @model_validator(mode="after")
    def _words_outlive_their_hour(self) -> "Settings":
        if 0 < self.post_text_days < 30:
            raise ValueError(f"PULSE_POST_TEXT_DAYS is {self.post_text_days}: hours that are built anew would lose their words. Write 30 or more, or 0 for never")
        return self

    @model_validator(mode="after")
    def _the_age_is_measured(self) -> "Settings":
        if self.engagement_age_hours > self.snapshot_ages[-1]:
            raise ValueError(
                f"PULSE_ENGAGEMENT_AGE_HOURS is {self.engagement_age_hours}, but the last snapshot is at {self.snapshot_ages[-1]} h: it would "
                "never be measured. Lower it, or add the age to PULSE_SNAPSHOT_AGES_HOURS"
            )
        return self

    @property
    def campaigns_file(self) -> Path:
        return self.root / "campaigns.csv"
