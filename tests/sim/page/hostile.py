"""Texts that run, load, widen or slow down a page which shows them carelessly."""

ZALGO = "".join(f"a{''.join(chr(0x300 + mark) for mark in range(20))}" for _ in range(60))

TEXTS = (
    "<img src=x onerror=alert(1)>",
    "</title><script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)}",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&#58;alert(1)) [y](\x01javascript:alert(1)) [z](java\nscript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[https://discord.com](https://evil.example) <https://a@evil.example>",
    'https://evil.example/"onmouseover="alert(1)',
    "\u202egnp.exe \u2066isolated\u2069 \u2068more",
    ZALGO,
    "\u200b\u200c\u200d\ufeff",
    "W" * 4000,
    "*" * 4000,
    "**_~~||`" * 500,
    "[" * 4000,
    "> " * 2000,
    "`" * 3999,
    "<t:99999999999999:R> <t:-1:F> <@0> <@99999999999999999999999>",
    "__proto__ constructor toString",
    "@everyone <@&1> </a b c:3>",
    "a\u2028b\u2029c",
    "||" * 2000,
    "a" + "\n" * 3998 + "b",
    "# " * 500,
    "\n".join("- " * depth + "x" for depth in range(1, 100)),
)
