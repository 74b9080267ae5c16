"""Detections: rule files in Elastic's form, their KQL, and which of them a record matches."""
