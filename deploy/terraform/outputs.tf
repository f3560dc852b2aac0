output "site_address" {
  description = "Cloud Run's own address of the site; PULSE_SITE_URL is the one that people use."
  value       = google_cloud_run_v2_service.site.uri
}

output "models_address" {
  description = "Address of the model API: /api/v1/sentiment and /api/v1/entities."
  value       = google_cloud_run_v2_service.models.uri
}

output "images" {
  description = "Where images are pushed: the repository variable PULSE_IMAGES."
  value       = local.images
}

output "workload_identity_provider" {
  description = "The repository variable PULSE_IDENTITY_PROVIDER."
  value       = google_iam_workload_identity_pool_provider.github.name
}

output "deploy_account" {
  description = "The repository variable PULSE_DEPLOY_ACCOUNT."
  value       = google_service_account.account["deploy"].email
}

output "accounts" {
  description = "Address of each account by its part."
  value       = { for name, account in google_service_account.account : name => account.email }
}

output "database_connection" {
  description = "For the URL of accounts: postgresql+psycopg://USER:PASSWORD@/accounts?host=/cloudsql/<this>."
  value       = google_sql_database_instance.accounts.connection_name
}

output "stream_topic" {
  description = "PULSE_STREAM_TOPIC."
  value       = google_pubsub_topic.x_stream.id
}
