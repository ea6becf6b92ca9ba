"""The report engine: canonical bytes, PDF, seal and examination, without a database."""
