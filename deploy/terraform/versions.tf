terraform {
  required_version = ">= 1.9.0"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 6.0"
    }
  }
  # The state holds no secret values. Give the bucket at init: terraform init -backend-config=bucket=YOUR-BUCKET
  backend "gcs" {
    prefix = "campaign-pulse"
  }
}

provider "google" {
  project = var.project
  region  = var.region
  # The budget is asked of the billing account, which needs a project to count the call.
  billing_project       = var.project
  user_project_override = true
}
