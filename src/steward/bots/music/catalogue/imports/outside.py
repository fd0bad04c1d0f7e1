"""Listeners from outside: strangers, whose names aren't kept. Each is a number below 0, which no member has."""

from __future__ import annotations

from hashlib import blake2b

LEAST = -(2**62)
"""Below all of them."""


def listener_number(salt: bytes, name: str) -> int:
    """
    Return the number of a listener: the same for the same name, and no way back to it without the salt.

    Args:
        salt: of this database alone, 16 to 64 bytes.

    """
    digest = blake2b(name.encode("utf-8", "surrogatepass"), key=salt, digest_size=8).digest()
    return -1 - int.from_bytes(digest, "big") % (-LEAST - 2)
