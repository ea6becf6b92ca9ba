"""Buyers, sites, lines, styles, orders, stages and the defect library."""
