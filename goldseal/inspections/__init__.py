"""Inspections: plan, sample, record, decide, sign."""
