from __future__ import annotations

from steward.store.server.session import split_at_placeholders


def test_question_marks_in_strings_names_and_comments_are_no_placeholders():
    sql = """SELECT 'it''s ?', "a?" FROM t -- why?\nWHERE /* ? */ a = ? AND b = ?"""
    assert split_at_placeholders(sql) == (
        """SELECT 'it''s ?', "a?" FROM t -- why?\nWHERE /* ? */ a = """,
        " AND b = ",
        "",
    )
