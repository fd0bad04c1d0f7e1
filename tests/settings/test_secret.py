from __future__ import annotations

import copy
import json
import pickle

import pytest

from steward.settings import Secret


@pytest.mark.parametrize(
    "show", [str, repr, "{}".format, "{!r:>20}".format, "{:>20}".format, lambda s: f"{[s]} { ({1: s}) }"]
)
def test_a_secret_is_never_printed(show):
    assert "hunter2" not in show(Secret("hunter2"))


def test_json_does_not_show_a_secret():
    assert "hunter2" not in json.dumps({"password": Secret("hunter2")}, default=str)


def test_it_is_revealed_on_request():
    assert Secret("hunter2").reveal() == "hunter2"


def test_it_is_not_pickled():
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(Secret("hunter2"))


def test_copies_are_the_secret_itself():
    secret = Secret("hunter2")
    assert copy.copy(secret) is secret
    assert copy.deepcopy({"a": secret})["a"] is secret


def test_secrets_of_the_same_text_are_equal_and_hash_alike():
    assert Secret("a") == Secret("a") != Secret("b")
    assert len({Secret("a"), Secret("a")}) == 1
    assert Secret("a") != "a"


def test_an_empty_secret_is_false():
    assert not Secret("")
    assert Secret("x")
