"""The one place that reads the clock; every rule and service takes `now` as an argument."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The current instant, aware, in UTC. Called at the front door only: views, API, jobs, commands."""
    return datetime.now(UTC)
