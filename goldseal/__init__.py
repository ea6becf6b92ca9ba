"""Goldseal: quality management that factories, their experts and their buyers share."""

__version__ = "0.1.0"
