"""Key pairs of reviewers: Ed25519, as PEM files; cryptography is imported where it is used."""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from policies.errors import InputError, Problem

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


def fingerprint(key: str) -> str:
    """Return a short name of a raw public key in base64: the first 16 hex digits of its SHA-256, in fours."""
    digits = sha256(key.encode()).hexdigest()[:16]
    return " ".join(digits[i : i + 4] for i in range(0, 16, 4))


def public_name(private: Path) -> Path:
    """Return where the public key of a private one stands: ``anna.pem`` -> ``anna.pub.pem``."""
    return private.with_name(f"{private.stem}.pub.pem")


def make_pair(private: Path, passphrase: str | None) -> str:
    """Write a new key pair, readable by its owner only, and return the public key in base64.

    Raises ``InputError`` if one of the two files exists or cannot be written.
    """
    from cryptography.hazmat.primitives import serialization as s
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    locked = s.BestAvailableEncryption(passphrase.encode()) if passphrase else s.NoEncryption()
    secret = key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, locked)
    open_part = key.public_key().public_bytes(s.Encoding.PEM, s.PublicFormat.SubjectPublicKeyInfo)
    public = public_name(private)
    taken = [path for path in (private, public) if path.exists()]
    if taken:
        raise InputError([Problem(str(path), "exists", "choose another name; keys are not replaced") for path in taken])
    _write(private, secret, 0o600)
    _write(public, open_part, 0o644)
    return raw_of(key.public_key())


def _write(path: Path, data: bytes, mode: int) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
            stream.write(data)
    except OSError as error:
        raise InputError([Problem(str(path), f"cannot be written: {error.strerror}", "choose another name")]) from None


def raw_of(public: Ed25519PublicKey) -> str:
    """Return a public key as 32 bytes in base64."""
    return b64encode(public.public_bytes_raw()).decode("ascii")


def is_locked(path: Path) -> bool:
    """Say whether a private key asks for a passphrase."""
    return b"ENCRYPTED" in _read(path)


def private_key(path: Path, passphrase: str | None = None) -> Ed25519PrivateKey:
    """Return the private key of a PEM file. Raises ``InputError`` if it is none, or the passphrase is wrong."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(_read(path), passphrase.encode() if passphrase else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        what = "is no private key in PEM form, or its passphrase is another one"
        raise InputError([Problem(str(path), what, "make a key pair: prelaunch report key NAME.pem")]) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError([Problem(str(path), "is a key of another kind", "use an Ed25519 key: prelaunch report key")])
    return key


def public_key(path: Path) -> str:
    """Return the public key of a PEM file as 32 bytes in base64. Raises ``InputError`` if it is none."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    data = _read(path)
    if b"PRIVATE KEY" in data:
        raise InputError([Problem(str(path), "is a private key", f"give the public one: {public_name(path).name}")])
    try:
        key = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        raise InputError([Problem(str(path), "is no public key in PEM form", "give the file NAME.pub.pem")]) from None
    if not isinstance(key, Ed25519PublicKey):
        raise InputError([Problem(str(path), "is a key of another kind", "use an Ed25519 key: prelaunch report key")])
    return raw_of(key)


def sound(key: str, signature: str, message: bytes) -> bool:
    """Say whether ``signature`` is that of ``message`` by the public ``key``, both base64."""
    from binascii import Error

    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        raw, signed = b64decode(key, validate=True), b64decode(signature, validate=True)
        Ed25519PublicKey.from_public_bytes(raw).verify(signed, message)
    except (Error, ValueError, InvalidSignature):
        return False
    return True


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError([Problem(str(path), f"cannot be read: {error.strerror}", "check the path")]) from None
