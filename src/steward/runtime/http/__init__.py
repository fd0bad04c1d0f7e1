"""
One client for every web service: pooled, patient, bounded, and polite.

    async with HttpClient() as http:
        answer = await http.get("https://scores.example/table", params={"season": 2026})
        table = answer.json()

Every failure is one of `HostAway`, `HttpRefused`, `Unusable`, or of `steward.runtime.resilience`, each with a sentence.
"""

from steward.runtime.http.answer import AnswerSource, HttpAnswer
from steward.runtime.http.client import HttpClient, HttpExchange
from steward.runtime.http.failures import HostAway, HttpRefused, Unusable
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
