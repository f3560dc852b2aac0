locals {
  service_environment = {
    PULSE_ENV               = "prod"
    PULSE_HOME              = "/tmp/pulse"
    GOOGLE_CLOUD_PROJECT    = var.project
    PULSE_BIGQUERY_LOCATION = var.location
    PULSE_DATASET_PREFIX    = var.dataset_prefix
    PULSE_TRACE_DATASET     = local.trace_dataset
    PULSE_SITE_HOST         = "0.0.0.0"
    PULSE_SITE_PORT         = "8080"
    PULSE_SITE_URL          = var.site_url
  }

  service_secrets = { for name, secret in local.secrets : name => secret.variable if contains(secret.readers, "site") }
}

resource "google_cloud_run_v2_service" "site" {
  name                = "pulse-site"
  location            = var.region
  ingress             = "INGRESS_TRAFFIC_ALL"
  deletion_protection = true

  template {
    service_account = google_service_account.account["site"].email
    # A page's state is in the process: a reader comes back to the instance of before.
    session_affinity = true
    # The longest that Cloud Run holds a websocket open; the page connects again after it.
    timeout                          = "3600s"
    max_instance_request_concurrency = 80
    scaling {
      # A page that starts takes ten seconds: the first reader of a day does not wait for it.
      min_instance_count = 1
      max_instance_count = var.site_most_instances
    }
    volumes {
      name = "cloudsql"
      cloud_sql_instance {
        instances = [google_sql_database_instance.accounts.connection_name]
      }
    }
    containers {
      image = "${local.images}/site:${var.image_tag}"
      ports {
        container_port = 8080
      }
      resources {
        limits = { cpu = "2", memory = "4Gi" }
        # Open pages are drawn by websockets, also between requests.
        cpu_idle          = false
        startup_cpu_boost = true
      }
      dynamic "env" {
        for_each = local.service_environment
        content {
          name  = env.key
          value = env.value
        }
      }
      dynamic "env" {
        for_each = local.service_secrets
        content {
          name = env.value
          value_source {
            secret_key_ref {
              secret  = google_secret_manager_secret.secret[env.key].secret_id
              version = "latest"
            }
          }
        }
      }
      volume_mounts {
        name       = "cloudsql"
        mount_path = "/cloudsql"
      }
      startup_probe {
        period_seconds    = 5
        failure_threshold = 24
        http_get {
          path = "/healthz"
        }
      }
      liveness_probe {
        period_seconds = 30
        http_get {
          path = "/healthz"
        }
      }
    }
  }
  # The workflow deploys later images.
  lifecycle {
    ignore_changes = [template[0].containers[0].image, client, client_version]
  }
  depends_on = [google_secret_manager_secret_iam_member.reads]
}

resource "google_cloud_run_v2_service" "models" {
  name                = "pulse-models"
  location            = var.region
  ingress             = "INGRESS_TRAFFIC_ALL"
  deletion_protection = true

  template {
    service_account                  = google_service_account.account["models"].email
    timeout                          = "300s"
    max_instance_request_concurrency = 8
    scaling {
      min_instance_count = 0
      max_instance_count = 2
    }
    volumes {
      name = "cloudsql"
      cloud_sql_instance {
        instances = [google_sql_database_instance.accounts.connection_name]
      }
    }
    containers {
      image = "${local.images}/models:${var.image_tag}"
      ports {
        container_port = 8080
      }
      resources {
        limits            = { cpu = "2", memory = "4Gi" }
        cpu_idle          = true
        startup_cpu_boost = true
      }
      dynamic "env" {
        for_each = local.service_environment
        content {
          name  = env.key
          value = env.value
        }
      }
      dynamic "env" {
        for_each = local.service_secrets
        content {
          name = env.value
          value_source {
            secret_key_ref {
              secret  = google_secret_manager_secret.secret[env.key].secret_id
              version = "latest"
            }
          }
        }
      }
      volume_mounts {
        name       = "cloudsql"
        mount_path = "/cloudsql"
      }
      startup_probe {
        period_seconds    = 5
        failure_threshold = 24
        http_get {
          path = "/healthz"
        }
      }
    }
  }
  lifecycle {
    ignore_changes = [template[0].containers[0].image, client, client_version]
  }
  depends_on = [google_secret_manager_secret_iam_member.reads]
}

# The login and the tokens decide who gets in, so that Cloud Run lets everybody as far as them.
resource "google_cloud_run_v2_service_iam_member" "reachable" {
  for_each = { site = google_cloud_run_v2_service.site.name, models = google_cloud_run_v2_service.models.name }
  name     = each.value
  location = var.region
  role     = "roles/run.invoker"
  member   = "allUsers"
}
