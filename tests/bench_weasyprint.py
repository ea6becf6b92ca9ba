"""The other side of the comparison: WeasyPrint renders folders named on its input, and prints the seconds each took.

Run by an interpreter that has WeasyPrint, which is no dependency of Goldseal:

    python3 -m venv /tmp/weasy && /tmp/weasy/bin/pip install weasyprint
    GOLDSEAL_BENCH_WEASYPRINT=/tmp/weasy/bin/python make bench

Each folder holds `report.html` and its photos. The first line is a warm-up of the interpreter and its fonts.
"""

import sys
import time
from pathlib import Path

import weasyprint


def main() -> None:
    weasyprint.HTML(string="<p>warm বাংলা</p>").write_pdf()
    for line in sys.stdin:
        folder = Path(line.strip())
        begun = time.perf_counter()
        weasyprint.HTML(filename=str(folder / "report.html")).write_pdf(str(folder / "weasyprint.pdf"))
        sys.stdout.write(f"{time.perf_counter() - begun}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
