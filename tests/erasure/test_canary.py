"""The canary test: every field of every model filled for two workspaces, one erased, every store swept."""
