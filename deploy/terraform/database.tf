# Accounts of the site, and Dagster's runs. Users and passwords are made by a person, so that no password stands in the state.
resource "google_sql_database_instance" "accounts" {
  name                = "pulse"
  database_version    = "POSTGRES_16"
  region              = var.region
  deletion_protection = true
  settings {
    tier = var.database_tier
    backup_configuration {
      enabled                        = true
      point_in_time_recovery_enabled = true
    }
    ip_configuration {
      # No network may connect by address: Cloud Run and the proxy of Cloud SQL come in by their account.
      ipv4_enabled = true
      ssl_mode     = "ENCRYPTED_ONLY"
    }
  }
  depends_on = [google_project_service.used]
}

resource "google_sql_database" "used" {
  for_each = toset(["accounts", "dagster"])
  name     = each.value
  instance = google_sql_database_instance.accounts.name
}

resource "google_project_iam_member" "connects" {
  for_each = toset(["site", "models", "builder"])
  project  = var.project
  role     = "roles/cloudsql.client"
  member   = google_service_account.account[each.value].member
}
