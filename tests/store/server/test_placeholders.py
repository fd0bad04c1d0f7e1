from __future__ import annotations

from steward.store.server.marks import split_at_marks


def test_only_marks_outside_of_strings_names_and_comments_stand_for_values():
    sql = """SELECT 'it''s ?', "a?" FROM t -- why?\nWHERE /* ? */ a = ? AND b = ?"""
    assert split_at_marks(sql) == ("""SELECT 'it''s ?', "a?" FROM t -- why?\nWHERE /* ? */ a = """, " AND b = ", "")
