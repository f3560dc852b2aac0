# Written from orchestration/warehouse/tables: python -m orchestration.warehouse.tables.document
locals {
  warehouse = jsondecode(file("${path.module}/tables.json"))
}

resource "google_bigquery_dataset" "layer" {
  for_each              = toset(local.warehouse.datasets)
  dataset_id            = "${var.dataset_prefix}${each.value}"
  location              = var.location
  max_time_travel_hours = tostring(local.warehouse.max_time_travel_hours)
  labels                = { product = "campaign_pulse" }
  depends_on            = [google_project_service.used]
}

# dbt's own tables are made by dbt.
resource "google_bigquery_table" "written_by_python" {
  for_each            = local.warehouse.tables
  dataset_id          = google_bigquery_dataset.layer[each.value.dataset].dataset_id
  table_id            = each.value.name
  description         = each.value.description
  schema              = jsonencode(each.value.schema)
  clustering          = length(each.value.cluster_by) > 0 ? each.value.cluster_by : null
  deletion_protection = true

  dynamic "time_partitioning" {
    for_each = each.value.partition == null ? [] : [each.value.partition]
    content {
      type  = "DAY"
      field = time_partitioning.value
    }
  }
}
