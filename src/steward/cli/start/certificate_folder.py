"""Make OpenSSL look authorities up in the certificate folder instead of keeping all of them in memory."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from ssl import get_default_verify_paths


@contextmanager
def certificate_folder() -> Iterator[None]:
    """
    Return a context manager in which only the folder is loaded by default, if that trusts the same authorities.

    OpenSSL trusts a bundle, which it reads whole for each context, and a folder, in which it looks up an authority on
    demand. aiohttp makes two contexts when it is imported: 1.8 MB for a bundle of 144. If the folder holds everything
    that is in the bundle (on Debian and Ubuntu it does), the bundle is left out.
    """
    paths = get_default_verify_paths()
    if not (paths.cafile and paths.capath and _holds_all(Path(paths.capath), Path(paths.cafile))):
        yield
        return
    name, before = paths.openssl_cafile_env, os.environ.get(paths.openssl_cafile_env)
    os.environ[name] = os.devnull
    try:
        yield
    finally:
        del os.environ[name]
        if before is not None:
            os.environ[name] = before


def _holds_all(folder: Path, bundle: Path) -> bool:
    """Tell whether OpenSSL finds each certificate of a bundle in a folder, by the hash in a file's name."""
    try:
        hashed = [path for path in folder.iterdir() if re.fullmatch(r"[0-9a-f]{8}\.\d+", path.name)]
        return _certificates(bundle) <= {one for path in hashed for one in _certificates(path)}
    except OSError:
        return False


def _certificates(file: Path) -> set[str]:
    """Return the certificates in a file, base64-encoded."""
    parts = file.read_text("latin-1").split("-----END CERTIFICATE-----")[:-1]
    return {"".join(part.rpartition("-----BEGIN CERTIFICATE-----")[2].split()) for part in parts}
