"""Secrets in addresses stay out of the log."""

import logging
import sys

import pytest
from django.conf import settings
from django.test import Client

from goldseal.kit.logs import SecretsLeftOut, without_secrets

SECRET = "qN-7HjQm0aQ0aQ0aQ0aQ0aQ0aQ0aQ0aQ0aQ0aQ0aQ0a"


@pytest.mark.parametrize("room", ["shared", "scar", "invitations", "verify"])
def test_an_address_is_written_without_its_secret(room: str) -> None:
    said = without_secrets(f"Not Found: /{room}/{SECRET}/unlock/?x=1")
    assert (SECRET in said, f"/{room}/…/unlock/" in said) == (False, True)
    assert without_secrets("Not Found: /w/demo/reports/") == "Not Found: /w/demo/reports/"


def test_messages_arguments_and_tracebacks_are_rewritten() -> None:
    try:
        raise ValueError(f"/shared/{SECRET}/")
    except ValueError:
        record = logging.LogRecord(
            "x", logging.ERROR, __file__, 1, "%s: %s", ("Error", f"/shared/{SECRET}/"), sys.exc_info()
        )
    assert SecretsLeftOut().filter(record)
    assert SECRET not in logging.Formatter().format(record)
    assert "/shared/…" in record.getMessage()


@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore:No directory at")
def test_a_refused_request_leaves_no_secret_in_the_console(capsys: pytest.CaptureFixture[str]) -> None:
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["secrets"]
    Client().post(f"/shared/{SECRET}/unlock/", {"password": "x"})
    assert SECRET not in capsys.readouterr().err
