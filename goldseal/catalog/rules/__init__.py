"""Rules of the catalog as plain Python: AQLs of the standard, severities, quantity grids."""
