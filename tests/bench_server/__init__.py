"""A bare Django application beside ours, for `make bench`: the same rows with no checks at all."""

TABLES = """
CREATE TABLE IF NOT EXISTS bench_sheet (id uuid PRIMARY KEY, number varchar(40) NOT NULL, verdict varchar(8) NOT NULL,
    created_at timestamptz NOT NULL);
CREATE TABLE IF NOT EXISTS bench_answer (id uuid PRIMARY KEY, sheet_id uuid NOT NULL REFERENCES bench_sheet,
    section varchar(40) NOT NULL, check_code varchar(40) NOT NULL, answer varchar(10) NOT NULL, at varchar(32) NOT NULL);
CREATE TABLE IF NOT EXISTS bench_defect (id uuid PRIMARY KEY, sheet_id uuid NOT NULL REFERENCES bench_sheet,
    code varchar(20) NOT NULL, severity varchar(10) NOT NULL, zone varchar(1) NOT NULL, piece_no int NOT NULL, at varchar(32) NOT NULL);
CREATE INDEX IF NOT EXISTS bench_answer_sheet ON bench_answer (sheet_id);
CREATE INDEX IF NOT EXISTS bench_defect_sheet ON bench_defect (sheet_id);
GRANT ALL ON bench_sheet, bench_answer, bench_defect TO goldseal_app;
"""
