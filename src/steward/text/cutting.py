"""
Shortens text to Discord's limits.

`cut_text` is for text with markdown, `cut_label` for text without (buttons, options, channel names), `cut_list` for
lists. None of them splits a grapheme cluster; `cut_text` also keeps mentions, emoji, timestamps and links whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

_JOINER = "\u200d"
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)
_JAMO = range(0x1160, 0x1200)  # vowels and final consonants of Hangul, which join the previous character


def cluster_end(text: str, start: int) -> int:
    """
    Return the end of the grapheme cluster (a user-perceived character, such as a flag) that starts at `start`.

    A subset of the extended grapheme clusters of UAX #29; unknown sequences count per code point.
    """
    end = start + 1
    if text[start] == "\r" and text[end : end + 1] == "\n":
        return end + 1
    if _is(text, start, _FLAG_LETTERS) and _is(text, end, _FLAG_LETTERS):
        end += 1
    while end < len(text):
        if text[end] == _JOINER and end + 1 < len(text):
            end += 2
        elif _extends(text, end):
            end += 1
        else:
            break
    return end


def cluster_ends(text: str) -> Iterator[int]:
    """Yield the end of each grapheme cluster."""
    end = 0
    while end < len(text):
        end = cluster_end(text, end)
        yield end


def _extends(text: str, at: int) -> bool:
    return (
        unicodedata.category(text[at]).startswith("M")
        or text[at] == _JOINER
        or _is(text, at, _SKIN_TONES)
        or _is(text, at, _TAGS)
        or _is(text, at, _JAMO)
    )


def _is(text: str, at: int, kind: range) -> bool:
    return at < len(text) and ord(text[at]) in kind


MORE = "…"
_UNFIT = re.compile("[\0\ud800-\udfff]")
WORD_WITHIN = 30
"""Most characters dropped to cut between two words."""

# Docs: Reference > "Message Formatting".
_WHOLE = re.compile(
    r"\\[^\w\s]"  # an escaped character
    r"|<(?:@[!&]?|#)\d+>|</[^<>:\n]{1,100}:\d+>|<id:\w+>"  # mentions
    r"|<a?:\w+:\d+>|<t:-?\d+(?::[tTdDfFR])?>"  # custom emoji, timestamps
    r"|\[[^\[\]\n]+\]\(<?https?://[^\s()]+>?\)|<?https?://[^\s<>]+>?"  # links
)
_MARK = re.compile(r"```|\*\*|__|~~|\|\||[*_`]")
_CODE = ("```", "`")


def storable(text: str) -> str:
    """Return the text without characters a database refuses: NUL (PostgreSQL) and lone surrogates (all)."""
    return _UNFIT.sub("", text)


def cut_text(text: str, longest: int) -> str:
    """Cut markdown to `longest` characters, ending with `…` and with open markdown closed."""
    if len(text) <= longest:
        return text
    return _cut(text, longest, _marked_tokens(text))


def cut_label(text: str, longest: int) -> str:
    """Cut plain text to `longest` characters, ending with `…`."""
    if len(text) <= longest:
        return text
    return _cut(text, longest, ((end, "") for end in cluster_ends(text)))


def cut_list(items: Sequence[str], longest: int, *, separator: str = "\n") -> str:
    """
    Join as many whole items as fit, then `and 3 more`.

    If not even the first fits, it is cut.
    """
    ends: list[int] = []
    length = 0
    for item in items:
        length += len(item) + (len(separator) if ends else 0)
        ends.append(length)
    if not ends or ends[-1] <= longest:
        return separator.join(items)
    for kept in range(len(items) - 1, 0, -1):
        more = f"{separator}and {len(items) - kept:,} more"
        if ends[kept - 1] + len(more) <= longest:
            return separator.join(items[:kept]) + more
    more = f"{separator}and {len(items) - 1:,} more" if len(items) > 1 else ""
    return cut_text(items[0], longest - len(more)) + more


def _cut(text: str, longest: int, tokens: Iterator[tuple[int, str]]) -> str:
    """Cut after the last token that fits with its closing marks, at a nearby space if possible."""
    best, at_word, begin = (0, ""), (0, ""), 0
    for end, closing in tokens:
        if begin and text[begin].isspace():
            at_word = best
        if end + len(MORE) + len(closing) > longest:
            break
        best, begin = (end, closing), end
    end, closing = at_word if best[0] - at_word[0] <= WORD_WITHIN and at_word[0] else best
    return (text[:end].rstrip() + MORE + closing)[: max(0, longest)]


def _marked_tokens(text: str) -> Iterator[tuple[int, str]]:
    """Yield the end of each token with the marks that close the markdown open there."""
    opened: list[str] = []
    start = 0
    while start < len(text):
        in_code = bool(opened) and opened[-1] in _CODE
        mark = _MARK.match(text, start)
        whole = None if in_code else _WHOLE.match(text, start)
        if whole is not None:
            start = whole.end()
        elif mark is None or (in_code and mark[0] != opened[-1]):
            start = cluster_end(text, start)
        else:
            start = mark.end()
            if mark[0] in opened:
                del opened[opened.index(mark[0]) :]
            elif _opens(text, mark):
                opened.append(mark[0])
        yield start, "".join(reversed(opened))


def _opens(text: str, mark: re.Match[str]) -> bool:
    """Return whether a mark starts a span that is closed later; not so in `2 * 3` and `snake_case`."""
    following, before = text[mark.end() : mark.end() + 1], text[mark.start() - 1 : mark.start()]
    if mark[0] not in _CODE and (not following or following.isspace()):
        return False
    if mark[0] == "_" and before.isalnum():
        return False
    return text.find(mark[0], mark.end() + 1) != -1
