# The workflow signs in with GitHub's own token: no key of an account exists.
resource "google_iam_workload_identity_pool" "github" {
  workload_identity_pool_id = "pulse-github"
  display_name              = "GitHub"
  depends_on                = [google_project_service.used]
}

resource "google_iam_workload_identity_pool_provider" "github" {
  workload_identity_pool_id          = google_iam_workload_identity_pool.github.workload_identity_pool_id
  workload_identity_pool_provider_id = "github"
  attribute_mapping = {
    "google.subject"       = "assertion.sub"
    "attribute.repository" = "assertion.repository"
    "attribute.ref_type"   = "assertion.ref_type"
  }
  # A tag of this repository and nothing else: neither a fork nor a pull request.
  attribute_condition = "assertion.repository == '${var.github_repository}' && assertion.ref_type == 'tag'"
  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}

resource "google_service_account_iam_member" "github_deploys" {
  service_account_id = google_service_account.account["deploy"].name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.github.name}/attribute.repository/${var.github_repository}"
}

resource "google_artifact_registry_repository_iam_member" "deploy_pushes" {
  repository = google_artifact_registry_repository.images.name
  location   = var.region
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.account["deploy"].member
}

resource "google_cloud_run_v2_service_iam_member" "deploy_replaces" {
  for_each = { site = google_cloud_run_v2_service.site.name, models = google_cloud_run_v2_service.models.name }
  name     = each.value
  location = var.region
  role     = "roles/run.developer"
  member   = google_service_account.account["deploy"].member
}

# A service runs as its account; who deploys it must be allowed to say so.
resource "google_service_account_iam_member" "deploy_acts_as" {
  for_each           = toset(["site", "models"])
  service_account_id = google_service_account.account[each.value].name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.account["deploy"].member
}
