# Who may do what. A role that is not here is not given: tests/deploy/test_rights.py.
locals {
  accounts = {
    capture = "Reads X and the news, and writes what it read."
    builder = "Dagster's runs of dbt and of the models."
    site    = "The site and the API under /api."
    models  = "The model API, which reads no warehouse."
    deploy  = "The workflow that builds images and deploys services."
  }

  # dataset -> role, by account. `staging` holds what a replacement stages for some seconds.
  rights = {
    capture = { raw = "roles/bigquery.dataEditor", staging = "roles/bigquery.dataEditor" }
    builder = {
      # A run of Dagster is one pod: where the hourly job captures too, its account must write what it captured.
      raw          = var.runs_capture ? "roles/bigquery.dataEditor" : "roles/bigquery.dataViewer"
      staging      = "roles/bigquery.dataEditor"
      intermediate = "roles/bigquery.dataEditor"
      ml           = "roles/bigquery.dataEditor"
      marts        = "roles/bigquery.dataEditor"
      published    = "roles/bigquery.dataEditor"
      failures     = "roles/bigquery.dataEditor"
    }
    # `intermediate` for the traces of words: it says no more of a post than the marts do. Other traces read the views of traces.tf.
    site = { marts = "roles/bigquery.dataViewer", published = "roles/bigquery.dataViewer", intermediate = "roles/bigquery.dataViewer" }
  }

  granted = merge([
    for account, datasets in local.rights : {
      for dataset, role in datasets : "${account}.${dataset}" => { account = account, dataset = dataset, role = role }
    }
  ]...)

  askers = toset(["capture", "builder", "site"])
}

resource "google_service_account" "account" {
  for_each     = local.accounts
  account_id   = "pulse-${each.key}"
  display_name = "Campaign Pulse: ${each.key}"
  description  = each.value
}

# Not google_bigquery_dataset_iam_member: the two fight over a dataset, and that one takes away the rights of the views in traces.tf.
resource "google_bigquery_dataset_access" "granted" {
  for_each      = local.granted
  dataset_id    = google_bigquery_dataset.layer[each.value.dataset].dataset_id
  role          = each.value.role
  user_by_email = google_service_account.account[each.value.account].email
}

# To ask is a right on the project; what may be read is not.
resource "google_project_iam_member" "asks" {
  for_each = local.askers
  project  = var.project
  role     = "roles/bigquery.jobUser"
  member   = google_service_account.account[each.value].member
}

# Which tables there are, and no row of them: every run looks whether all of them are there.
resource "google_project_iam_member" "looks" {
  for_each = toset(["capture", "builder"])
  project  = var.project
  role     = "roles/bigquery.metadataViewer"
  member   = google_service_account.account[each.value].member
}

# The correction of shares: the one table of `ml` that the page shows.
resource "google_bigquery_table_iam_member" "site_reads_corrections" {
  dataset_id = google_bigquery_table.written_by_python["ml.sentiment_confusion"].dataset_id
  table_id   = google_bigquery_table.written_by_python["ml.sentiment_confusion"].table_id
  role       = "roles/bigquery.dataViewer"
  member     = google_service_account.account["site"].member
}
