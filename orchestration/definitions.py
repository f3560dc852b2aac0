"""The Dagster code location: a table of contents, along the data's way."""

import dagster as dg

from orchestration.assets.campaigns import raw_campaigns
from orchestration.assets.compliance import compliance_log
from orchestration.assets.confusion import sentiment_confusion
from orchestration.assets.detected_peaks import detected_peaks
from orchestration.assets.effects import campaign_effects
from orchestration.assets.entities import article_entities
from orchestration.assets.explanations import peak_explanations
from orchestration.assets.exposures import exposure_specs
from orchestration.assets.metrics import tweet_metrics
from orchestration.assets.models import entity_model, sentiment_model
from orchestration.assets.news import news
from orchestration.assets.published import published
from orchestration.assets.sentiment import tweet_sentiment
from orchestration.assets.tweets import capture
from orchestration.automation.alerts import failed_runs, peak_alerts
from orchestration.automation.compliance import compliance, compliance_every_twelve_hours
from orchestration.automation.jobs import hourly, metric_snapshots, peaks_and_news, sentiment_correction
from orchestration.automation.retention import retention, retention_every_day
from orchestration.automation.schedules import every_hour, every_six_hours, fill_gaps, snapshots_every_hour
from orchestration.checks.cost import bytes_within_budget
from orchestration.dbt.assets import hourly_marts, manifest, news_marts, peaks, posts
from orchestration.resources.warehouse import WarehouseResource

defs = dg.Definitions(
    assets=dg.with_source_code_references(
        [
            raw_campaigns,
            capture,
            tweet_metrics,
            compliance_log,
            sentiment_model,
            entity_model,
            posts,
            tweet_sentiment,
            sentiment_confusion,
            hourly_marts,
            detected_peaks,
            campaign_effects,
            peaks,
            news,
            article_entities,
            peak_explanations,
            news_marts,
            published,
            *exposure_specs(manifest()),
        ]
    ),
    asset_checks=[bytes_within_budget],
    jobs=[hourly, metric_snapshots, peaks_and_news, sentiment_correction, compliance, retention],
    schedules=[every_hour, fill_gaps, snapshots_every_hour, every_six_hours, compliance_every_twelve_hours, retention_every_day],
    sensors=[peak_alerts, failed_runs],
    resources={"warehouse": WarehouseResource()},
    executor=dg.in_process_executor,
)
