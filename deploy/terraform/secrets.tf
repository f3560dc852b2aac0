# Names alone: values are added by a person, `gcloud secrets versions add NAME --data-file=-`, and never stand in the state.
locals {
  capturers = var.runs_capture ? ["capture", "builder"] : ["capture"]

  # secret -> the variable that holds it, and who may read it.
  secrets = {
    x-bearer-token    = { variable = "X_BEARER_TOKEN", readers = local.capturers }
    newsapi-key       = { variable = "NEWSAPI_KEY", readers = local.capturers }
    author-salt       = { variable = "PULSE_AUTHOR_SALT", readers = ["capture", "builder"] }
    alert-webhook-url = { variable = "PULSE_ALERT_WEBHOOK_URL", readers = ["builder"] }
    jwt-keys          = { variable = "PULSE_JWT_KEYS", readers = ["site", "models"] }
    auth-database-url = { variable = "PULSE_AUTH_DATABASE_URL", readers = ["site", "models"] }
  }

  secret_readers = merge([
    for name, secret in local.secrets : { for reader in secret.readers : "${name}.${reader}" => { secret = name, reader = reader } }
  ]...)
}

resource "google_secret_manager_secret" "secret" {
  for_each  = local.secrets
  secret_id = "pulse-${each.key}"
  replication {
    auto {}
  }
  depends_on = [google_project_service.used]
}

resource "google_secret_manager_secret_iam_member" "reads" {
  for_each  = local.secret_readers
  secret_id = google_secret_manager_secret.secret[each.value.secret].id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.account[each.value.reader].member
}
