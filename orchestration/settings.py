"""Every setting, once: name, default, unit and reason. Each can be set by environment as `PULSE_<NAME>`.

Nothing here opens a file, a socket or a warehouse; secrets (`NEWSAPI_KEY`) are read
from the environment by the one source that needs each, and never become a setting.
"""

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

REPOSITORY = Path(__file__).resolve().parent.parent

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
    maximum_bytes_billed: int = Field(
        50 * 1024**3, description="Bytes one statement may bill on BigQuery before it is refused."
    )
    hourly_cap: int = Field(10_000, ge=1, description="Posts kept of each hour and campaign: the first ones.")
    partitions_start: date = Field(
        date(2006, 3, 21), description="First day that can be captured; the default is the day of the first post on X."
    )
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
    news_source: Literal["sample", "archive", "newsapi"] | None = Field(
        None, description="Where articles come from; by default each campaign's own choice."
    )
    news_archive: Path | None = Field(None, description="File or folder of articles for the `archive` news source.")
    followed_hashtags: int = Field(
        5, ge=0, description="Hashtags followed (news, page) when a campaign names none: those seen most."
    )
    warehouse_port: int = Field(0, description="Port of the local warehouse; 0 takes a free one.")
    site_port: int = Field(8501, description="Port of the site, on 127.0.0.1.")
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
    def dagster_home(self) -> Path:
        return self.root / "dagster"

    @property
    def campaigns_file(self) -> Path:
        return self.root / "campaigns.csv"
