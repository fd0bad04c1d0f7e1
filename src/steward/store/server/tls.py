"""Encryption of the connection to the server, from the URL."""

from __future__ import annotations

import ssl

from steward.errors import NeedsOperator
from steward.store.server.address import Address


def tls_context(address: Address) -> ssl.SSLContext:
    """
    Return the TLS context for `sslmode` `require` or `verify-full`.

    Raises:
        NeedsOperator: the certificate file cannot be read.

    """
    try:
        context = ssl.create_default_context(cafile=address.root_certificate)
    except (OSError, ssl.SSLError) as error:
        raise NeedsOperator(
            f"The certificates in {address.root_certificate} cannot be read ({error}).",
            remedy="Name a PEM file that Steward's user can read as sslrootcert in the database URL.",
        ) from error
    if address.tls != "verify-full":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
