"""Spreadsheets as people have them: CSV and XLSX read into tables of text, typed by field, and written."""
