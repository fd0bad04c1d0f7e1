"""Which signs are emoji that Discord takes on a button: it refuses the whole message for one that is not."""

from __future__ import annotations

# Unicode 16, emoji-data.txt, property Emoji; in the planes above the first one its blocks.
_SINGLE = frozenset(
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
_JOINING = frozenset("\u200d\ufe0f\u20e3") | {chr(tag) for tag in range(0xE0020, 0xE0080)}
_KEYCAPS = frozenset("#*0123456789")


def is_emoji(text: str) -> bool:
    """Return whether a text is one Unicode emoji or a sequence of signs that makes one."""
    if text.endswith("\u20e3"):
        return text[0] in _KEYCAPS and set(text[1:]) <= _JOINING
    signs = [sign for sign in text if sign not in _JOINING]
    return bool(signs) and all(_is_sign(sign) for sign in signs)


def _is_sign(sign: str) -> bool:
    return sign in _SINGLE or any(first <= ord(sign) <= last for first, last in _BLOCKS)
