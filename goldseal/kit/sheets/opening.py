"""Opening a file that should be a spreadsheet: which kind it is, by its bytes, and its sheets."""

import io
import zipfile
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from goldseal.kit.errors import Invalid, TooLarge
from goldseal.kit.sheets.csvfile import read_csv
from goldseal.kit.sheets.table import FILE_BYTES_MAX, ROWS_MAX, Table
from goldseal.kit.sheets.xlsxfile import NOT_READABLE, cannot_be_read, read_xlsx, sheet_names

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of XLS, and of XLSX under a password
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"GIF8", b"{\\rtf", b"7z\xbc\xaf", b"Rar!")
HEAD_ROWS = 60  # enough to show a sheet and find its header


@dataclass(frozen=True, slots=True)
class Book:
    """A file with its sheets; a CSV has one, without a name."""

    data: bytes
    sheets: tuple[str, ...]
    is_csv: bool

    def read(self, sheet: str = "") -> Table:
        """A whole sheet, the first if none is named; Invalid or TooLarge at `file` or `sheet`."""
        return self._read(sheet, ROWS_MAX, is_part=False)

    def head(self, sheet: str = "") -> Table:
        """The first rows of a sheet."""
        return self._read(sheet, HEAD_ROWS, is_part=True)

    def _read(self, sheet: str, rows_max: int, *, is_part: bool) -> Table:
        if self.is_csv:
            return read_csv(self.data, rows_max=rows_max, is_part=is_part)
        return read_xlsx(self.data, sheet or self.sheets[0], rows_max=rows_max, is_part=is_part)


def open_book(data: bytes) -> Book:
    """The spreadsheet in some bytes; what it is, its bytes say, never its name.

    Raises Invalid with what to save the file as, TooLarge beyond `FILE_BYTES_MAX`; both at `file`.
    """
    if len(data) > FILE_BYTES_MAX:
        raise TooLarge(
            fields={
                "file": _("The file is larger than %(most)s MB. Divide it.")
                % {"most": FILE_BYTES_MAX // 1_000_000}
            }
        )
    if not data.strip():
        raise Invalid(fields={"file": _("The file is empty.")})
    if data.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Invalid(
                fields={"file": _("This file is locked with a password. Save it without one and try again.")}
            )
        raise cannot_be_read(_("an old spreadsheet (XLS)"))
    if data.startswith(b"PK"):
        return _archive(data)
    if data.startswith(_OTHERS) or _is_binary(data[:4096]):
        raise Invalid(fields={"file": _("This is no spreadsheet. Choose an XLSX or CSV file.")})
    return Book(data, ("",), is_csv=True)


def _archive(data: bytes) -> Book:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            kind = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError):
        raise Invalid(fields={"file": NOT_READABLE}) from None
    if b"opendocument" in kind:
        raise cannot_be_read(_("an OpenDocument file (ODS)"))
    if "xl/workbook.bin" in names:
        raise cannot_be_read(_("a binary spreadsheet (XLSB)"))
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise Invalid(fields={"file": _("This is no spreadsheet. Choose an XLSX or CSV file.")})
    sheets = tuple(sheet_names(data))
    if not sheets:
        raise Invalid(fields={"file": _("This file has no visible sheet.")})
    return Book(data, sheets, is_csv=False)


def _is_binary(head: bytes) -> bool:
    """Whether bytes are no text: many control signs, unless a mark says UTF-16 or UTF-32."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        return False
    strange = sum(byte < 9 or 13 < byte < 32 for byte in head)
    return strange * 10 > len(head)
