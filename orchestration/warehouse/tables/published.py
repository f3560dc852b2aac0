"""Dataset `published`: what people were shown and told, append-only."""

from orchestration.warehouse.tables.definition import Column, Table

SUMMARIES = Table(
    "published",
    "summaries",
    "What was known of a campaign at each publication. Added to, never changed; no post, id or author is in it.",
    key=("campaign_id", "published_at"),
    window_column="published_at",
    cluster_by=("campaign_id",),
    columns=(
        Column("campaign_id", "STRING", "Campaign."),
        Column("published_at", "TIMESTAMP", "When it was published, UTC: the time of the clock, whatever days the figures are of."),
        Column("content_hash", "STRING", "Hash of the summary and of the figures; equal content is not published again."),
        Column("summary", "STRING", "The facts of `pulse summary` as they stood, JSON text."),
        Column("schema_version", "INT64", "Version of the fields of `summary`."),
    ),
)

FIGURES = Table(
    "published",
    "figures",
    "The figures of each publication, one row each: the whole campaign and the followed hashtags, by day and over all days.",
    key=("campaign_id", "published_at", "hashtag", "period", "figure"),
    window_column="published_at",
    cluster_by=("campaign_id", "hashtag"),
    columns=(
        Column("campaign_id", "STRING", "Campaign."),
        Column("published_at", "TIMESTAMP", "When it was published, UTC; the same as in published.summaries."),
        Column("hashtag", "STRING", "Hashtag without the sign; `*` is the whole campaign."),
        Column("period", "STRING", "`whole`, or the day as YYYY-MM-DD: part of the key, which holds no NULL."),
        Column("day", "DATE", "Day in the campaign's zone; NULL for all days together."),
        Column("figure", "STRING", "Name of the measure, as in the mart it is from; see docs/glossary.md."),
        Column("value", "FLOAT64", "As it was published; NULL when it was unknown."),
        Column("unit", "STRING", "posts, authors, engagements or ratio."),
    ),
)

ALERTS = Table(
    "published",
    "alerts",
    "The outbox of alerts: one row for each alert and channel, written before anything is sent, and changed by each try.",
    key=("alert_id", "channel"),
    window_column="decided_at",
    cluster_by=("campaign_id",),
    columns=(
        Column("alert_id", "STRING", "Hash of what the event was when it was first seen: of a peak its campaign, hashtag, series, grain and start; of a failure its run."),
        Column("channel", "STRING", "log, webhook or mail."),
        Column("kind", "STRING", "peak or failure."),
        Column("campaign_id", "STRING", "Campaign; `(none)` for a failed run that belongs to none."),
        Column("hashtag", "STRING", "Hashtag; `*` is the whole campaign. Of a failure the job."),
        Column("series", "STRING", "volume, engagement or negative_share; runs for a failure."),
        Column("grain", "STRING", "hour or day; run for a failure."),
        Column("start_at", "TIMESTAMP", "Start of the event, UTC; the earliest that was seen."),
        Column("end_at", "TIMESTAMP", "End of the event, not included, UTC; the latest that was seen."),
        Column("top_at", "TIMESTAMP", "Its top hour or day, or the time of the failure, UTC."),
        Column("value", "FLOAT64", "Value at the top, in the unit of the series, when it was decided."),
        Column("expected", "FLOAT64", "What was expected there."),
        Column("times_expected", "FLOAT64", "value / expected; NULL where nothing was expected."),
        Column("score", "FLOAT64", "Robust score of the event."),
        Column("coverage", "FLOAT64", "Captured / counted of the top; NULL when nobody counted."),
        Column("subject", "STRING", "Subject of the message."),
        Column("sentence", "STRING", "Text of the message, as it was or will be sent."),
        Column("link", "STRING", "The page, at campaign, hashtag and day; NULL for a failure."),
        Column("state", "STRING", "pending, sent, suppressed (by the cool-down) or failed (refused for good)."),
        Column("reason", "STRING", "Why it is not sent (yet); NULL when it is."),
        Column("attempts", "INT64", "Tries so far."),
        Column("decided_at", "TIMESTAMP", "When it was decided on, UTC."),
        Column("next_try_at", "TIMESTAMP", "When it is tried next, UTC; NULL when it is not."),
        Column("sent_at", "TIMESTAMP", "When the receiver took it, UTC; NULL before."),
    ),
)
