"""Secrets as the database keeps them: nobody reads them without the key of the installation, secret.key."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from django.utils.crypto import salted_hmac

MARK = "sealed:"  # before each; a secret from before there were seals has none


def sealed(text: str) -> str:
    """Return a secret as it is kept."""
    return MARK + _lock().encrypt(text.encode()).decode()


def is_sealed(text: str) -> bool:
    """Return whether a secret that is kept can be read with the key alone."""
    return text.startswith(MARK)


def unsealed(text: str) -> str | None:
    """Return a secret that is kept, one without a seal as it stands; None: it was sealed with another key."""
    if not is_sealed(text):
        return text
    try:
        return _lock().decrypt(text.removeprefix(MARK)).decode()
    except InvalidToken:
        return None


def _lock() -> Fernet:
    """Return what seals and opens: its key is made from that of the installation, and is good for nothing else."""
    return Fernet(urlsafe_b64encode(salted_hmac("tramyte.web.seals", "", algorithm="sha256").digest()))
