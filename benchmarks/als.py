"""Alternating least squares of the library `implicit`, tuned for this data: what a recommender is compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec

from benchmarks.last_fm import SHOWN, Split

FACTORS, REGULARIZATION, ALPHA = 96, 80.0, 20.0
"""Tuned on a part of the first split."""


def is_installed() -> bool:
    """Whether the library is there; it is no dependency, not even of the tests."""
    return find_spec("implicit") is not None


def als_lists(split: Split, artists: int, seed: int) -> Mapping[int, Sequence[int]]:
    """Return what it shows to each listener of whom something is held back."""
    als, sparse = import_module("implicit.als"), import_module("scipy.sparse")  # which mypy doesn't find
    pairs = [(listener, artist) for listener, plays in enumerate(split.train) for artist, _ in plays]
    matrix = sparse.csr_matrix(
        ([1.0] * len(pairs), ([one for one, _ in pairs], [one for _, one in pairs])),
        shape=(len(split.train), artists),
        dtype="float32",
    )
    model = als.AlternatingLeastSquares(
        factors=FACTORS, regularization=REGULARIZATION, alpha=ALPHA, random_state=seed, num_threads=1
    )
    model.fit(matrix, show_progress=False)
    asked = [listener for listener, held in enumerate(split.test) if held]
    found, _ = model.recommend(asked, matrix[asked], N=SHOWN)
    return {listener: [int(artist) for artist in row] for listener, row in zip(asked, found, strict=True)}
