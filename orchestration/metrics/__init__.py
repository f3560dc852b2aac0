"""Figures of the pipeline for Prometheus, from files and the warehouse; written for the node exporter's textfile collector."""
