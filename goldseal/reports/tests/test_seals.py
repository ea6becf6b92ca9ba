"""A workspace's own seal: made on first use, replaced, brought along, revoked; and time stamps of an authority."""

import time
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from goldseal.accounts.models import User
from goldseal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from goldseal.kit.permissions import Role
from goldseal.reports import selectors, services
from goldseal.reports.engine.verify import Kind, examine
from goldseal.reports.models import SealCertificate
from goldseal.reports.rules.answers import Answer
from goldseal.reports.tests import kinds
from goldseal.reports.tests.authority import NAME, authority
from goldseal.reports.tests.people import NOW, actor, as_role, checked, founded, pdf_of, sealed, shared
from goldseal.workspaces.services import workspace_scope

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]
PASSWORD = "of the file"


def issued(one, alice, **when):
    version = sealed(one, alice, kinds.held(one.pk), **when)
    checked(one, alice, version)
    return version


def customers_own(
    *, key=None, ends=NOW + timedelta(days=700), ca=False, usage=True, password=PASSWORD
) -> bytes:
    """A PKCS 12 file as a customer would bring it."""
    key = key or rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Shapla Sweaters Quality (test)")])
    flags = dict.fromkeys(
        ("content_commitment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=800))
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=usage,
                key_encipherment=not usage,
                encipher_only=False,
                decipher_only=False,
                **flags,
            ),
            critical=True,
        )
    )
    encryption = (
        serialization.BestAvailableEncryption(password.encode()) if password else serialization.NoEncryption()
    )
    return pkcs12.serialize_key_and_certificates(
        b"seal", key, builder.sign(key, hashes.SHA256()), None, encryption
    )


def test_each_workspace_seals_with_its_own_certificate(one, alice) -> None:
    other = founded("charlie")
    mine, theirs = issued(one, alice), issued(other, actor(other, "charlie"))
    assert mine.certificate != theirs.certificate
    with workspace_scope(one.pk):
        assert [seal.fingerprint for seal in selectors.seals()] == [mine.certificate]
        assert selectors.seals()[0].holder == one.name
    found = services.verify_file(pdf=pdf_of(one, mine))
    assert (found.answer, found.examination.signed_by) == (Answer.VALID, mine.certificate)


def test_rotation_leaves_older_reports_valid(one, alice) -> None:
    first = issued(one, alice)
    with workspace_scope(one.pk):
        services.rotate_seal(actor=alice, now=NOW + timedelta(days=1))
    second = issued(one, alice, now=NOW + timedelta(days=2))
    assert first.certificate != second.certificate
    for version in (first, second):
        assert services.verify_file(pdf=pdf_of(one, version)).answer is Answer.VALID


def test_customers_own_certificate_seals(one, alice) -> None:
    with workspace_scope(one.pk):
        kept = services.import_seal(content=customers_own(), password=PASSWORD, actor=alice, now=NOW)
    version = issued(one, alice)
    found = services.verify_file(pdf=pdf_of(one, version))
    assert (found.answer, found.examination.signer) == (Answer.VALID, "Shapla Sweaters Quality (test)")
    assert kept.fingerprint == version.certificate
    content = customers_own()
    with workspace_scope(one.pk):
        services.import_seal(content=content, password=PASSWORD, actor=alice, now=NOW)
        with pytest.raises(Conflict):
            services.import_seal(content=content, password=PASSWORD, actor=alice, now=NOW)


@pytest.mark.parametrize(
    ("content", "password", "field"),
    [
        (lambda: b"not a certificate", PASSWORD, "password"),
        (customers_own, "another", "password"),
        (lambda: b"0" * 70_000, PASSWORD, "file"),
        (lambda: customers_own(key=ec.generate_private_key(ec.SECP256R1())), PASSWORD, "file"),
        (lambda: customers_own(ends=NOW - timedelta(days=1)), PASSWORD, "file"),
        (lambda: customers_own(ca=True), PASSWORD, "file"),
        (lambda: customers_own(usage=False), PASSWORD, "file"),
    ],
)
def test_unfit_certificate_is_refused_with_a_sentence(client, one, alice, content, password, field) -> None:
    with workspace_scope(one.pk):
        with pytest.raises(Invalid) as refused:
            services.import_seal(content=content(), password=password, actor=alice, now=NOW)
        assert set(refused.value.fields) == {field}
        assert not SealCertificate.objects.exists()


def test_revoked_certificate_is_named_and_seals_no_more(client, one, alice) -> None:
    first = issued(one, alice)
    shared(one, alice, first)
    with workspace_scope(one.pk):
        seal = SealCertificate.objects.get()
        with pytest.raises(Invalid):
            services.revoke_seal(seal_id=seal.pk, reason="x", actor=alice, now=NOW)
        services.revoke_seal(seal_id=seal.pk, reason="The laptop was stolen.", actor=alice, now=NOW)
        with pytest.raises(Conflict):
            services.revoke_seal(seal_id=seal.pk, reason="Once more.", actor=alice, now=NOW)
    second = issued(one, alice, now=NOW + timedelta(hours=1))
    assert second.certificate != first.certificate
    page = client.get(f"/verify/{first.token}").content.decode()
    assert "The laptop was stolen." in page
    assert "answer-valid" in page
    assert "stolen" not in client.get(f"/verify/{second.token}").content.decode()


def test_certificate_past_its_end_asks_for_a_new_one(one, alice) -> None:
    ends = NOW + timedelta(days=10)
    with workspace_scope(one.pk):
        services.import_seal(content=customers_own(ends=ends), password=PASSWORD, actor=alice, now=NOW)
        version = services.seal_report(
            kind="test-inspection",
            subject_id=kinds.held(one.pk),
            language="en",
            actor=alice,
            now=NOW + timedelta(days=11),
        )
        assert version.state == "failed"
        assert ends.date().isoformat() in version.failure


def test_only_administrators_and_only_their_own(one, alice) -> None:
    other = founded("charlie")
    issued(one, alice)
    with workspace_scope(one.pk):
        seal = SealCertificate.objects.get()
        for role in (Role.QA_MANAGER, Role.INSPECTOR, Role.VIEWER, Role.BUYER_GUEST):
            for act in (
                lambda who: services.rotate_seal(actor=who, now=NOW),
                lambda who: services.import_seal(content=b"", password="", actor=who, now=NOW),
                lambda who: services.revoke_seal(seal_id=seal.pk, reason="Just so.", actor=who, now=NOW),
            ):
                with pytest.raises(Forbidden):
                    act(as_role(alice, role))
    with workspace_scope(other.pk):
        with pytest.raises(NotFound):
            services.revoke_seal(seal_id=seal.pk, reason="Not mine.", actor=actor(other, "charlie"), now=NOW)
        assert not SealCertificate.objects.exists()


def test_certificates_are_kept_as_they_were(one, alice) -> None:
    issued(one, alice)
    with workspace_scope(one.pk):
        for change in (
            "UPDATE reports_sealcertificate SET certificate = 'x'",
            "UPDATE reports_sealcertificate SET key_address = 'x'",
            "DELETE FROM reports_sealcertificate",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(change)


def test_pages_of_the_seal(client, one, alice) -> None:
    home = f"{one.get_absolute_url()}reports/seal/"
    client.force_login(User.objects.get(email="alice@example.test"))
    assert "No report was sealed here yet" in client.get(home).content.decode()
    assert client.post(f"{home}rotate/").status_code == 302
    file = SimpleUploadedFile("seal.p12", customers_own())
    wrong = client.post(f"{home}import/", {"file": file, "password": "no"})
    assert (wrong.status_code, "could not be opened" in wrong.content.decode()) == (422, True)
    file = SimpleUploadedFile("seal.p12", customers_own(ends=NOW + timedelta(days=9000)))
    assert client.post(f"{home}import/", {"file": file, "password": PASSWORD}).status_code == 302
    page = client.get(home).content.decode()
    assert "Shapla Sweaters Quality (test)" in page
    with workspace_scope(one.pk):
        seal = SealCertificate.objects.get(origin="imported")
    assert client.post(f"{home}{seal.pk}/revoke/", {"reason": "x"}).status_code == 422
    assert client.post(f"{home}{seal.pk}/revoke/", {"reason": "The card was lost."}).status_code == 302
    assert "The card was lost." in client.get(home).content.decode()


def test_time_stamp_of_an_authority_is_in_the_seal_and_verified(one, alice, settings) -> None:
    with authority(NOW + timedelta(seconds=3)) as settings.TSA_URL:
        version = issued(one, alice)
    assert version.summary["time_stamp"] == {"at": (NOW + timedelta(seconds=3)).isoformat(), "by": NAME}
    pdf = pdf_of(one, version)
    found = services.verify_file(pdf=pdf)
    assert found.answer is Answer.VALID
    assert found.examination.time_stamped_at == NOW + timedelta(seconds=3)
    assert found.examination == examine(pdf, trusted_certs=selectors.certificates_of)
    broken = bytearray(pdf)
    at = pdf.rindex(NAME.encode().hex().upper().encode())
    broken[at] = ord("5") if broken[at] != ord("5") else ord("4")
    assert examine(bytes(broken), trusted_certs=selectors.certificates_of).kind is Kind.ALTERED


@pytest.mark.parametrize("answers", [b"", b"no stamp today", b"0" * 64])
def test_authority_that_fails_holds_up_no_report(one, alice, settings, answers) -> None:
    with authority(NOW, answers=answers) as settings.TSA_URL:
        version = issued(one, alice)
    assert version.summary["time_stamp"] == {"at": None, "by": ""}
    assert services.verify_file(pdf=pdf_of(one, version)).answer is Answer.VALID


def test_authority_that_is_away_holds_up_no_report(one, alice, settings) -> None:
    settings.TSA_URL = "http://127.0.0.1:9/"
    assert issued(one, alice).summary["time_stamp"]["at"] is None


def test_file_that_would_count_for_minutes_is_refused_at_once(one, alice) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    slow = (
        serialization.PrivateFormat.PKCS12.encryption_builder().kdf_rounds(6_000_000).build(PASSWORD.encode())
    )
    plain = customers_own(key=key)
    parsed = pkcs12.load_pkcs12(plain, PASSWORD.encode())
    assert parsed.cert is not None
    content = pkcs12.serialize_key_and_certificates(b"seal", key, parsed.cert.certificate, None, slow)
    begun = time.perf_counter()
    with workspace_scope(one.pk), pytest.raises(Invalid):
        services.import_seal(content=content, password=PASSWORD, actor=alice, now=NOW)
    assert time.perf_counter() - begun < 2
