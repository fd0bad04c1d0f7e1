"""
Fetches the JavaScript libraries of a page: `python -m steward.runtime.vendoring FOLDER [REGISTRY]`.

FOLDER has a `vendor.lock`, which names each package's version and npm's hash of it, and the hash of each file made from
it. Without a registry the packages come from npm's as `npm config get registry` says it. To take a newer version, write
its number and `integrity` into `vendor.lock` and run this again.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any
from urllib.request import urlopen

LOCK = "vendor.lock"
_SECONDS = 60
# The one edit: a browser resolves no bare names.
_BARE, _RELATIVE = b'"preact"', b'"./preact.js"'


def fetch(registry: str, name: str, version: str, integrity: str) -> dict[str, bytes]:
    """
    Return the files of an npm package by their paths.

    Raises:
        ValueError: the package is not the one whose hash is in the lock.

    """
    address = f"{registry.rstrip('/')}/{name}/-/{name}-{version}.tgz"
    with urlopen(address, timeout=_SECONDS) as response:  # noqa: S310 - the caller names the registry
        packed = response.read()
    found = "sha512-" + base64.b64encode(hashlib.sha512(packed).digest()).decode()
    if found != integrity:
        raise ValueError(f"{name} {version} has the hash {found}, not {integrity}.")
    files: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for member in archive:
            if (opened := archive.extractfile(member)) is not None:
                files[member.name.removeprefix("package/")] = opened.read()
    return files


def made(source: str, content: bytes) -> bytes:
    """Return a file as it is vendored: modules import their neighbour, and name no source map that is not there."""
    if not source.endswith((".js", ".mjs")):
        return content
    lines = content.replace(_BARE, _RELATIVE).splitlines()
    return b"\n".join(line for line in lines if not line.startswith(b"//# sourceMappingURL")) + b"\n"


def vendor(folder: Path, registry: str) -> None:
    """Write all files of the lock, and their hashes into the lock."""
    lock: dict[str, dict[str, Any]] = json.loads((folder / LOCK).read_text(encoding="utf-8"))
    for name, package in lock.items():
        files = fetch(registry, name, package["version"], package["integrity"])
        for target, file in package["files"].items():
            content = made(file["source"], files[file["source"]])
            (folder / target).write_bytes(content)
            file["sha256"] = hashlib.sha256(content).hexdigest()
    (folder / LOCK).write_text(json.dumps(lock, indent=2) + "\n", encoding="utf-8")


def _configured() -> str:
    asked = ["npm", "config", "get", "registry"]
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603


if __name__ == "__main__":
    vendor(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else _configured())  # noqa: PLR2004 - see above
