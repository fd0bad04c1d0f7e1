"""The page's libraries are those of the lock, byte for byte, with their licences."""

import hashlib
import json

import pytest

from steward.sim.page.vendor import FOLDER, LOCK

PACKAGES = json.loads(LOCK.read_text())
FILES = {name: file["sha256"] for package in PACKAGES.values() for name, file in package["files"].items()}


@pytest.mark.parametrize("name", FILES)
def test_a_library_is_the_file_of_the_lock(name):
    assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == FILES[name]


def test_there_is_no_other_library_and_each_has_a_licence():
    assert {path.name for path in FOLDER.iterdir()} == {*FILES, LOCK.name}
    assert all(f"{name}.LICENSE" in package["files"] for name, package in PACKAGES.items())
