"""A pipe that takes nothing more, such as the console of a program whose output nobody reads."""

import os
from contextlib import contextmanager, suppress


@contextmanager
def full_pipe():
    """Give the end to read from and the full end to write to, as descriptors."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with suppress(BlockingIOError):
        while True:
            os.write(writing, b"x" * 4096)
    os.set_blocking(writing, True)
    try:
        yield reading, writing
    finally:
        os.close(writing)
        os.close(reading)
