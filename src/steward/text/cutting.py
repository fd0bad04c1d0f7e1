"""
Cut what is too long for Discord, at a place where people would cut it.

`cut_text` is for texts in which Discord reads markdown, `cut_label` for those in which it does not (buttons, options,
names of channels), `cut_list` for lists. None of them cuts through a character made of several code points; `cut_text`
keeps mentions, emoji, timestamps and links whole, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from steward.text.clusters import cluster_end, cluster_ends

MORE = "…"
_UNFIT = re.compile("[\0\ud800-\udfff]")
WORD_WITHIN = 30
"""How many characters are given up at most so that the cut falls between two words."""

# Docs: Reference > "Message Formatting".
_WHOLE = re.compile(
    r"\\[^\w\s]"  # an escaped sign
    r"|<(?:@[!&]?|#)\d+>|</[^<>:\n]{1,100}:\d+>|<id:\w+>"  # mentions
    r"|<a?:\w+:\d+>|<t:-?\d+(?::[tTdDfFR])?>"  # emoji of a server, timestamps
    r"|\[[^\[\]\n]+\]\(<?https?://[^\s()]+>?\)|<?https?://[^\s<>]+>?"  # links
)
_MARK = re.compile(r"```|\*\*|__|~~|\|\||[*_`]")
_CODE = ("```", "`")


def storable(text: str) -> str:
    """Return a text without what some database refuses: zero bytes (PostgreSQL) and lone surrogates (all)."""
    return _UNFIT.sub("", text)


def cut_text(text: str, longest: int) -> str:
    """Return at most `longest` characters of a text; one that is cut ends with `…`, and open markdown is closed."""
    if len(text) <= longest:
        return text
    return _cut(text, longest, _marked_tokens(text))


def cut_label(text: str, longest: int) -> str:
    """Return a text without markdown of at most `longest` characters; one that is cut ends with `…`."""
    if len(text) <= longest:
        return text
    return _cut(text, longest, ((end, "") for end in cluster_ends(text)))


def cut_list(items: Sequence[str], longest: int, *, separator: str = "\n") -> str:
    """
    Join as many whole items as fit, and say how many more there are: `and 3 more`.

    Of an item that is too long by itself as much as fits is shown.
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
    """Cut after the last token that leaves room for what closes the text, at a space if one is near."""
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
    """Yield where each token ends, and what would have to follow there to close the markdown that is open."""
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
    """Tell whether a sign begins a span that is closed later; in `2 * 3` and `snake_case` it stands for itself."""
    following, before = text[mark.end() : mark.end() + 1], text[mark.start() - 1 : mark.start()]
    if mark[0] not in _CODE and (not following or following.isspace()):
        return False
    if mark[0] == "_" and before.isalnum():
        return False
    return text.find(mark[0], mark.end() + 1) != -1
