"""Running jobs: procrastinate's worker on the application's database."""

import asyncio

from django.conf import settings
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app


def worker_connector() -> PsycopgConnector:
    """Connections of the worker's own, as the application's role."""
    found = settings.DATABASES["default"]
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    return PsycopgConnector(
        kwargs={there: found[here] for here, there in names.items() if found.get(here)}, max_size=4
    )


def run_worker() -> None:
    """Work until SIGTERM or SIGINT; running jobs may finish first."""

    async def work() -> None:
        async with running.open_async():
            await running.run_worker_async(
                concurrency=2, shutdown_graceful_timeout=10, install_signal_handlers=True
            )

    with app.replace_connector(worker_connector()) as running:
        asyncio.run(work())
