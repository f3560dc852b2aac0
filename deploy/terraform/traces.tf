# Where a figure comes from (docs/trace.md): the site reads these views, and has no right on the tables behind them.
locals {
  trace_dataset = "traces"

  # Table -> its dataset, and the columns that a trace reads. No text, no author's id, no record as received: tests/tracing/test_least_rights.py.
  traced = {
    campaigns = { dataset = "raw", columns = ["campaign_id", "zone"] }
    capture_ledger = {
      dataset = "raw"
      columns = ["campaign_id", "hour", "counted", "removed", "source", "source_ref", "run_id"]
    }
    tweets = {
      dataset = "raw"
      columns = [
        "campaign_id", "tweet_id", "root_id", "created_at", "observed_at", "author_key", "hashtags", "is_repost", "like_count", "reply_count",
        "quote_count", "repost_count", "impression_count", "source", "source_ref", "run_id",
      ]
    }
    tweet_metrics = {
      dataset = "raw"
      columns = [
        "campaign_id", "tweet_id", "created_at", "age_hours", "status", "observed_age_hours", "like_count", "reply_count", "quote_count",
        "repost_count", "impression_count", "run_id",
      ]
    }
    news_articles = {
      dataset = "raw"
      columns = ["campaign_id", "hashtag", "peak_day", "article_id", "published_at", "url", "source_name", "source", "run_id"]
    }
    tweet_sentiment = {
      dataset = "ml"
      columns = ["campaign_id", "tweet_id", "created_at", "sentiment_label", "run_id", "code_version", "model_id", "model_revision"]
    }
    article_entities = {
      dataset = "ml"
      columns = ["article_id", "entity_label", "entity_name", "mentions", "run_id", "code_version", "model_id", "model_revision"]
    }
  }
}

resource "google_bigquery_dataset" "traces" {
  dataset_id  = "${var.dataset_prefix}${local.trace_dataset}"
  location    = var.location
  description = "Views of what a trace reads of posts and articles, without their texts."
  labels      = { product = "campaign_pulse" }
  depends_on  = [google_project_service.used]
}

resource "google_bigquery_table" "traced" {
  for_each            = local.traced
  dataset_id          = google_bigquery_dataset.traces.dataset_id
  table_id            = each.key
  description         = "Columns of ${each.value.dataset}.${each.key} that a trace reads."
  deletion_protection = false
  view {
    query          = format("select %s from `%s.%s.%s`", join(", ", each.value.columns), var.project, google_bigquery_dataset.layer[each.value.dataset].dataset_id, each.key)
    use_legacy_sql = false
  }
  depends_on = [google_bigquery_table.written_by_python]
}

# The view may read its table, whoever asks the view.
resource "google_bigquery_dataset_access" "views_read" {
  for_each   = local.traced
  dataset_id = google_bigquery_dataset.layer[each.value.dataset].dataset_id
  view {
    project_id = var.project
    dataset_id = google_bigquery_table.traced[each.key].dataset_id
    table_id   = google_bigquery_table.traced[each.key].table_id
  }
}

resource "google_bigquery_dataset_access" "site_reads_traces" {
  dataset_id    = google_bigquery_dataset.traces.dataset_id
  role          = "roles/bigquery.dataViewer"
  user_by_email = google_service_account.account["site"].email
}
