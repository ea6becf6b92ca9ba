"""The sample inspection: its bundle, its drawn photos, and the reader of bundles."""
