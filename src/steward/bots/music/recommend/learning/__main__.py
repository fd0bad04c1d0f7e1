"""
The learning child: a JSON object with the names of three files on stdin, a summary of what was learnt on stdout.

It imports as little as possible, and reads and writes files, so that the bot never has more than a piece in memory.
Numbers are of this machine: unsigned, of 32 bits, unless told otherwise.

- `listening`: for each listener how many artists, and these.
- `tags`: for each artist its number, how many tags, these, and their weights.
- `learnt`: for each vector its `HEAD`, the numbers in it, and their weights as floats of 32 bits.
"""

from __future__ import annotations

import json
import sys
from array import array
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from steward.bots.music.recommend.learning.learning import Listeners, learn, tag_vectors
from steward.bots.music.recommend.vectors import HEAD, IDS, VectorKind, packed


def main() -> None:
    """Learn from the files that are named, and say how much that was."""
    json.dump(learn_files(**json.load(sys.stdin)), sys.stdout)


def learn_files(listening: str, tags: str, learnt: str) -> dict[str, int]:
    """Learn from two files, write a third, and return how much it was learnt from."""
    listeners = Listeners()
    with open(listening, "rb") as file:  # noqa: PTH123 - one import less
        for artists in _baskets(file):
            listeners.add(artists)
    with open(learnt, "wb") as out, open(tags, "rb") as file:  # noqa: PTH123
        for index, (indexes, weights) in enumerate(learn(listeners)):
            near = packed((listeners.artists[other], weight) for other, weight in zip(indexes, weights, strict=True))
            head = listeners.artists[index], len(listeners.heard_by[index]), listeners.rarity(index), len(indexes)
            _write(out, VectorKind.NEAR, head, near)
        carriers: Counter[int] = Counter()
        tagged = 0
        for _, of_one, _ in _tagged(file):
            carriers.update(of_one)
            tagged += 1
        file.seek(0)
        for artist, vector in tag_vectors(_tagged(file), carriers, tagged):
            _write(out, VectorKind.TAGS, (artist, 0, 0.0, len(vector)), packed(vector))
    return {
        "listeners": len(listeners.baskets),
        "artists": len(listeners.artists),
        "pairs": sum(map(len, listeners.baskets)),
    }


def _write(file: BinaryIO, kind: VectorKind, head: tuple[int, int, float, int], vector: tuple[bytes, bytes]) -> None:
    file.write(HEAD.pack(kind, *head))
    file.writelines(vector)


def _baskets(file: BinaryIO) -> Iterator[array[int]]:
    while count := _numbers(file, 1):
        yield _numbers(file, count[0])


def _tagged(file: BinaryIO) -> Iterator[tuple[int, array[int], array[int]]]:
    while head := _numbers(file, 2):
        artist, count = head
        yield artist, _numbers(file, count), _numbers(file, count)


def _numbers(file: BinaryIO, count: int) -> array[int]:
    found = array(IDS)
    found.frombytes(file.read(count * found.itemsize))
    return found


if __name__ == "__main__":
    main()
