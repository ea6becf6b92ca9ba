"""Plain rules of reports: what a record must contain."""
