# Pods of Dagster and of the stream act as these accounts (Workload Identity of GKE); the cluster itself is not made here.
resource "google_service_account_iam_member" "pods" {
  for_each           = toset(["capture", "builder"])
  service_account_id = google_service_account.account[each.value].name
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:${var.project}.svc.id.goog[${var.kubernetes_namespace}/pulse-${each.value}]"
}
