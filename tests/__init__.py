"""Tests of the house as a whole: architecture, isolation matrix, erasure, browser journeys."""
