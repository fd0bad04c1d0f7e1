"""Small disks in memory, that can be filled and made read-only."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager

import pytest


@contextmanager
def mounted(folder, options):
    """Mount one at a folder while entered; skip the test where this user may not."""
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder]
    if os.name == "nt" or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("this user may not mount a file system")
    try:
        yield folder
    finally:
        # Lazily: a test that failed may have left a file open, and the mount would stay for good.
        subprocess.run(["umount", "--lazy", folder], check=True)


def remount(folder, options):
    subprocess.run(["mount", "-o", f"remount,{options}", folder], check=True)


def fill(folder):
    """Write a file named `filling` until nothing more fits."""
    with (folder / "filling").open("wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
        while True:
            file.write(bytes(65536))
