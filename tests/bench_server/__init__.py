"""A bare Django application beside ours, for `make bench`: the same rows with no checks at all."""

TABLES = """
CREATE TABLE IF NOT EXISTS bench_sheet (id uuid PRIMARY KEY, number varchar(40) NOT NULL, verdict varchar(8) NOT NULL,
    created_at timestamptz NOT NULL);
CREATE TABLE IF NOT EXISTS bench_finding (LIKE inspections_inspectionevent INCLUDING ALL,
    FOREIGN KEY (inspection_id) REFERENCES bench_sheet DEFERRABLE INITIALLY DEFERRED);
GRANT ALL ON bench_sheet, bench_finding TO goldseal_app;
"""
