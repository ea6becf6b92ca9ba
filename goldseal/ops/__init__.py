"""Demo data, health, the operator's staff area."""
