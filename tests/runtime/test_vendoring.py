"""The libraries of our pages are those of their lock, byte for byte, with their licences."""

import hashlib
import json
from pathlib import Path

import pytest

import steward
from steward.runtime.vendoring import LOCK

ROOT = Path(steward.__file__).parent
FOLDERS = [ROOT / page / "static" / "vendor" for page in ("sim/page", "web/dashboard")]
PACKAGES = {folder: json.loads((folder / LOCK).read_text()) for folder in FOLDERS}
FILES = {
    folder / name: file["sha256"]
    for folder, packages in PACKAGES.items()
    for package in packages.values()
    for name, file in package["files"].items()
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_library_is_the_file_of_the_lock(path):
    assert hashlib.sha256(path.read_bytes()).hexdigest() == FILES[path]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parts[-3])
def test_there_is_no_other_library_and_each_has_a_licence(folder):
    assert set(folder.iterdir()) == {folder / LOCK, *(path for path in FILES if path.parent == folder)}
    assert all(f"{name}.LICENSE" in package["files"] for name, package in PACKAGES[folder].items())
