"""
An HTTP client with pooling, caching, retries, circuit breakers and limits per host.

    async with HttpClient() as http:
        answer = await http.get("https://scores.example/table", params={"season": 2026})
        table = answer.json()

Raises `HostAway`, `HttpRefused`, `Unusable`, or errors of `steward.runtime.resilience`.
"""

from steward.runtime.http.answer import AnswerSource, HostAway, HttpAnswer, HttpRefused, Unusable
from steward.runtime.http.client import HttpClient, HttpExchange
from steward.runtime.http.hosts import HostLimits

__all__ = [
    "AnswerSource",
    "HostAway",
    "HostLimits",
    "HttpAnswer",
    "HttpClient",
    "HttpExchange",
    "HttpRefused",
    "Unusable",
]
