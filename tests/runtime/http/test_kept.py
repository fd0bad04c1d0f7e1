from hypothesis import given
from hypothesis import strategies as st

from steward.runtime.http.answer import Answer
from steward.runtime.http.kept import Kept, KeptAnswers


def kept(size):
    return Kept(Answer(200, "host", {}, b"x" * size), 0.0, 60.0)


@given(st.lists(st.tuples(st.sampled_from(["put", "get", "drop"]), st.integers(0, 9), st.integers(0, 300))))
def test_never_more_answers_nor_bytes_than_it_may_hold_and_the_count_is_true(story):
    answers = KeptAnswers(entries=4, size=1000)
    there: dict[int, int] = {}
    for what, key, size in story:
        if what == "put":
            answers.put(key, kept(size))
            there[key] = size
        elif what == "drop":
            answers.drop(key)
        found = answers.get(key)
        if found is not None:
            assert len(found.answer.body) == there[key]
        assert len(answers) <= 4
        assert answers.bytes <= 1000
        assert answers.bytes == sum(len(item.answer.body) for item in answers._kept.values())


def test_what_was_used_longest_ago_goes_first():
    answers = KeptAnswers(entries=2)
    answers.put("a", kept(1))
    answers.put("b", kept(1))
    answers.get("a")
    answers.put("c", kept(1))
    assert [key for key in "abc" if answers.get(key)] == ["a", "c"]


def test_one_answer_does_not_push_out_all_others():
    answers = KeptAnswers(size=1000)
    answers.put("a", kept(200))
    answers.put("b", kept(251))
    assert answers.get("a") is not None
    assert answers.get("b") is None
