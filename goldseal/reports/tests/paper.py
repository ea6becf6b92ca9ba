"""What stands on a PDF, as a reader's program sees it."""

import shutil
import subprocess

import pytest


def text_of(pdf: bytes, *, as_laid_out: bool = True) -> str:
    """The words of a PDF, in their columns or in reading order; skips the test where pdftotext is missing."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    order = ["-layout"] if as_laid_out else []
    done = subprocess.run(["pdftotext", *order, "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()
