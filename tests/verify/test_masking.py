"""Secrets never reach evidence, whatever form they take."""

import pytest

from byob_components.verify.masking import Mask


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "GET https://b.s3.amazonaws.com/k?X-Amz-Credential=AKIA/x&X-Amz-Date=2026&X-Amz-Signature=abc123",
            "GET https://b.s3.amazonaws.com/k?X-Amz-Credential=****&X-Amz-Date=2026&X-Amz-Signature=****",
        ),
        ("https://h/k?x-amz-security-token=FwoG%2FZ&X-User=me", "https://h/k?x-amz-security-token=****&X-User=me"),
        ("https://h/k?AWSAccessKeyId=AKIA&Signature=q%3D&Expires=1", "https://h/k?AWSAccessKeyId=****&Signature=****&Expires=1"),
        ("https://a.blob.core.windows.net/c/b?sv=2024&sig=q%2Fw%3D", "https://a.blob.core.windows.net/c/b?sv=2024&sig=****"),
        ("https://storage.googleapis.com/b/o?X-Goog-Signature=00ff", "https://storage.googleapis.com/b/o?X-Goog-Signature=****"),
        ("https://storage.googleapis.com/upload?uploadType=resumable&upload_id=AH_x-1", "https://storage.googleapis.com/upload?uploadType=resumable&upload_id=****"),
        ("403 AccessDenied", "403 AccessDenied"),
    ],
)  # fmt: skip
def test_signatures_in_addresses_are_masked(text: str, shown: str) -> None:
    assert Mask()(text) == shown


@pytest.mark.parametrize("form", ["wJal/rXU+tnF=EMI", "wJal%2FrXU%2BtnF%3DEMI"])
def test_a_secret_is_masked_plain_and_percent_encoded(form: str) -> None:
    assert Mask(["wJal/rXU+tnF=EMI"])(f"token {form} end") == "token **** end"


def test_a_secret_that_begins_with_another_is_masked_whole() -> None:
    assert Mask(["abc", "abcdef"])("abcdef abc") == "**** ****"


def test_an_empty_secret_masks_nothing() -> None:
    assert Mask(["", "x9"])("a x9 b") == "a **** b"
