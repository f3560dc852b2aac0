variable "project" {
  description = "Id of the Google Cloud project."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "A project id has 6 to 30 lower case letters, digits and hyphens."
  }
}

variable "region" {
  description = "Region of Cloud Run, Cloud SQL and Artifact Registry, e.g. europe-west1."
  type        = string
  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "A region looks like europe-west1."
  }
}

variable "location" {
  description = "Location of the datasets, as PULSE_BIGQUERY_LOCATION: US, EU or a region."
  type        = string
  default     = "US"
  validation {
    condition     = can(regex("^(US|EU|[a-z]+-[a-z]+[0-9]+)$", var.location))
    error_message = "A location is US, EU or a region such as europe-west1."
  }
}

variable "dataset_prefix" {
  description = "Put before each dataset name, as PULSE_DATASET_PREFIX."
  type        = string
  default     = ""
  validation {
    condition     = can(regex("^[A-Za-z0-9_]*$", var.dataset_prefix))
    error_message = "Letters, digits and underscores only."
  }
}

variable "github_repository" {
  description = "OWNER/NAME of the repository whose tags may deploy."
  type        = string
  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.github_repository))
    error_message = "Write OWNER/NAME."
  }
}

variable "image_tag" {
  description = "Tag of the images that the services start with; later tags are deployed by the workflow."
  type        = string
  default     = "v0.1.0"
  validation {
    condition     = can(regex("^v[0-9]+\\.[0-9]+\\.[0-9]+$", var.image_tag))
    error_message = "A tag looks like v0.1.0."
  }
}

variable "site_url" {
  description = "Address by which people reach the site, as PULSE_SITE_URL."
  type        = string
  validation {
    condition     = can(regex("^https://[^/]+$", var.site_url))
    error_message = "An https address without a path, e.g. https://pulse.example.org."
  }
}

variable "site_most_instances" {
  description = "Most instances of the site. Each has its own buckets of requests and its own cache."
  type        = number
  default     = 3
  validation {
    condition     = var.site_most_instances >= 1 && var.site_most_instances <= 20
    error_message = "Between 1 and 20."
  }
}

variable "database_tier" {
  description = "Machine of the Cloud SQL instance that holds accounts and Dagster's runs."
  type        = string
  default     = "db-custom-1-3840"
  validation {
    condition     = startswith(var.database_tier, "db-")
    error_message = "A tier looks like db-custom-1-3840."
  }
}

variable "kubernetes_namespace" {
  description = "Namespace of Dagster on GKE, whose service accounts stand for the accounts here."
  type        = string
  default     = "dagster"
  validation {
    condition     = can(regex("^[a-z0-9-]{1,63}$", var.kubernetes_namespace))
    error_message = "Lower case letters, digits and hyphens."
  }
}

variable "billing_account" {
  description = "Billing account of the budget, XXXXXX-XXXXXX-XXXXXX."
  type        = string
  validation {
    condition     = can(regex("^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$", var.billing_account))
    error_message = "A billing account looks like 0A0A0A-0A0A0A-0A0A0A."
  }
}

variable "monthly_budget" {
  description = "Amount of a month at which, and at half and nine tenths of which, an alert is sent, in the currency of the billing account. It stops nothing."
  type        = number
  default     = 200
  validation {
    condition     = var.monthly_budget >= 1
    error_message = "At least 1."
  }
}

variable "alert_email" {
  description = "Who is told of the budget."
  type        = string
  validation {
    condition     = can(regex("^[^@ ]+@[^@ ]+$", var.alert_email))
    error_message = "An address of mail."
  }
}

variable "runs_capture" {
  description = "Whether Dagster's runs capture posts and news, as the hourly job does. false: their account reads `raw` and cannot write it."
  type        = bool
  default     = true
}
