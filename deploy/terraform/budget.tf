resource "google_monitoring_notification_channel" "mail" {
  display_name = "Campaign Pulse"
  type         = "email"
  labels       = { email_address = var.alert_email }
  depends_on   = [google_project_service.used]
}

# It tells and stops nothing. What stops a statement is PULSE_MAXIMUM_BYTES_BILLED, and what stops X its own budgets (docs/costs.md).
resource "google_billing_budget" "month" {
  billing_account = var.billing_account
  display_name    = "Campaign Pulse"
  budget_filter {
    projects = ["projects/${data.google_project.this.number}"]
  }
  amount {
    specified_amount {
      units = tostring(floor(var.monthly_budget))
    }
  }
  dynamic "threshold_rules" {
    for_each = [0.5, 0.9, 1.0]
    content {
      threshold_percent = threshold_rules.value
    }
  }
  all_updates_rule {
    monitoring_notification_channels = [google_monitoring_notification_channel.mail.id]
  }
}
