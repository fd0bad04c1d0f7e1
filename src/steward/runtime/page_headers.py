"""The headers with which a page is answered, so that nothing foreign runs in it, frames it or reads it."""

from __future__ import annotations

FILE_HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Of every answer."""


def page_headers(images: str) -> dict[str, str]:
    """
    Return those of a page itself, and of errors.

    Args:
        images: where pictures may come from, as a Content-Security-Policy has it.

    """
    return {
        **FILE_HEADERS,
        "Content-Security-Policy": f"default-src 'self'; img-src {images}; object-src 'none'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
