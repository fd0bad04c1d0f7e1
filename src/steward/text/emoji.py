"""Recognises emoji that Discord accepts on a button; any other text makes it reject the message."""

from __future__ import annotations

# Unicode 16, emoji-data.txt, property Emoji; above the first plane by blocks.
_SINGLE = (
    "©®‼⁉™\u2139↔↕↖↗↘↙↩↪⌚⌛⌨⏏⏩⏪⏫⏬⏭⏮⏯⏰⏱⏲⏳⏸⏹⏺Ⓜ▪▫▶◀◻◼◽◾☀☁☂☃☄☎☑☔☕☘☝☠☢☣☦☪☮☯☸☹☺♀♂♈♉♊♋♌♍♎♏♐♑♒♓♟♠♣♥♦♨♻♾♿⚒⚓⚔⚕⚖⚗⚙⚛⚜⚠⚡⚧⚪⚫⚰⚱"
    "⚽⚾⛄⛅⛈⛎⛏⛑⛓⛔⛩⛪⛰⛱⛲⛳⛴⛵⛷⛸⛹⛺⛽✂✅✈✉✊✋✌✍✏✒✔✖✝✡✨✳✴❄❇❌❎❓❔❕❗❣❤\u2795\u2796➗➡➰➿⤴⤵⬅⬆⬇⬛⬜⭐⭕〰〽㊗㊙"
)
_BLOCKS = (
    (0x1F170, 0x1F251),
    (0x1F300, 0x1F64F),
    (0x1F680, 0x1F6FF),
    (0x1F7E0, 0x1F7EB),
    (0x1F90C, 0x1F9FF),
    (0x1FA70, 0x1FAFF),
)
_JOINER, _COLOURED = "\u200d", "\ufe0f"
_TONES = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)
_LETTERS = range(0x1F1E6, 0x1F200)  # two make a flag
_KEYCAPS = "#*0123456789"


def is_emoji(text: str) -> bool:
    """Return whether a text is a single Unicode emoji or emoji sequence."""
    if text.endswith("\u20e3"):
        return text[0] in _KEYCAPS and text[1:-1] in {"", _COLOURED}
    if all(ord(sign) in _LETTERS for sign in text):
        return 1 <= len(text) <= 2  # noqa: PLR2004 - a letter, or a flag
    return all(_is_part(part) for part in text.split(_JOINER))


def _is_part(text: str) -> bool:
    """Return whether a text is one emoji with optional variation selector, skin tone or flag tags."""
    if not text or not _is_sign(text[0]):
        return False
    rest = text[1:].removeprefix(_COLOURED)
    if rest and ord(rest[0]) in _TONES:
        rest = rest[1:].removeprefix(_COLOURED)
    return all(ord(sign) in _TAGS for sign in rest)


def _is_sign(sign: str) -> bool:
    return sign in _SINGLE or any(first <= ord(sign) <= last for first, last in _BLOCKS)
