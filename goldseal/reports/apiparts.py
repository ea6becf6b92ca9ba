"""What every operation on reports in the API may answer besides success."""

from ninja import Schema


class ReportProblemPlace(Schema):
    """One place that is wrong and what is allowed there."""

    at: str
    message: str


class ReportProblem(Schema):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ReportProblemPlace]


DENIED = {401: ReportProblem, 403: ReportProblem}
MISSING = {**DENIED, 404: ReportProblem, 422: ReportProblem}
