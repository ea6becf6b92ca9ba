"""Running jobs: procrastinate's worker on the application's database."""

import asyncio


def run_worker() -> None:
    """Work until SIGTERM or SIGINT; running jobs may finish first."""
    from procrastinate.contrib.django import app

    async def work() -> None:
        async with app.replace_connector(app.connector.get_worker_connector()).open_async() as running:  # type: ignore[attr-defined]
            await running.run_worker_async(concurrency=2, shutdown_graceful_timeout=10)

    asyncio.run(work())
