# docs/stream.md: the consumer publishes each line, and a BigQuery subscription lands it.
locals {
  pubsub_agent = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
  seven_days   = "604800s"
}

resource "google_pubsub_topic" "x_stream" {
  name                       = "x-stream"
  message_retention_duration = local.seven_days
  depends_on                 = [google_project_service.used]
}

resource "google_pubsub_topic" "x_stream_dead" {
  name       = "x-stream-dead"
  depends_on = [google_project_service.used]
}

resource "google_pubsub_subscription" "x_stream_dead_kept" {
  name                       = "x-stream-dead-kept"
  topic                      = google_pubsub_topic.x_stream_dead.id
  message_retention_duration = local.seven_days
  expiration_policy {
    ttl = ""
  }
}

resource "google_bigquery_table" "x_stream_landing" {
  dataset_id          = google_bigquery_dataset.layer["raw"].dataset_id
  table_id            = "x_stream_landing"
  description         = "Lines of the stream as the subscription writes them; kept for 30 days."
  deletion_protection = true
  time_partitioning {
    type          = "DAY"
    field         = "publish_time"
    expiration_ms = 2592000000
  }
  schema = jsonencode([
    { name = "subscription_name", type = "STRING" },
    { name = "message_id", type = "STRING" },
    { name = "publish_time", type = "TIMESTAMP" },
    { name = "data", type = "STRING" },
    { name = "attributes", type = "STRING" },
  ])
}

resource "google_pubsub_subscription" "x_stream_landing" {
  name                       = "x-stream-landing"
  topic                      = google_pubsub_topic.x_stream.id
  message_retention_duration = local.seven_days
  expiration_policy {
    ttl = ""
  }
  bigquery_config {
    table          = "${var.project}.${google_bigquery_table.x_stream_landing.dataset_id}.${google_bigquery_table.x_stream_landing.table_id}"
    write_metadata = true
  }
  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.x_stream_dead.id
    max_delivery_attempts = 5
  }
  depends_on = [google_bigquery_table_iam_member.pubsub_lands]
}

resource "google_bigquery_table_iam_member" "pubsub_lands" {
  for_each   = toset(["roles/bigquery.dataEditor", "roles/bigquery.metadataViewer"])
  dataset_id = google_bigquery_table.x_stream_landing.dataset_id
  table_id   = google_bigquery_table.x_stream_landing.table_id
  role       = each.value
  member     = local.pubsub_agent
}

resource "google_pubsub_topic_iam_member" "pubsub_gives_up" {
  topic  = google_pubsub_topic.x_stream_dead.id
  role   = "roles/pubsub.publisher"
  member = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "pubsub_acknowledges" {
  subscription = google_pubsub_subscription.x_stream_landing.id
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}

resource "google_pubsub_topic_iam_member" "capture_publishes" {
  topic  = google_pubsub_topic.x_stream.id
  role   = "roles/pubsub.publisher"
  member = google_service_account.account["capture"].member
}
