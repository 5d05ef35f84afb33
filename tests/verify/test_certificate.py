"""The pin of a key, against the answer of an independent library."""

import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from byob_components.verify.certificate import public_key_info

_DAY = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    "key",
    [ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(public_exponent=65537, key_size=2048)],
    ids=["elliptic curve", "RSA"],
)
@pytest.mark.parametrize("name", ["localhost", "n" * 60])
def test_the_public_key_is_found_in_a_certificate(
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, name: str
) -> None:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_DAY)
        .not_valid_after(_DAY + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    expected = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    assert public_key_info(made.public_bytes(serialization.Encoding.DER)) == expected
