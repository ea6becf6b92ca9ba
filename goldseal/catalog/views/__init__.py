"""Pages of the catalog, one module per noun."""
