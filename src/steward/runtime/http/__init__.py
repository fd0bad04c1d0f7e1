"""
One client for every web service: pooled, patient, bounded, and polite.

    async with HttpClient() as http:
        answer = await http.get("https://scores.example/table", params={"season": 2026})
        table = answer.json()

Every failure is one of `Away`, `Refused`, `Unusable`, or of `steward.runtime.resilience`, each with a sentence.
"""

from steward.runtime.http.answer import Answer, Source
from steward.runtime.http.client import Exchange, HttpClient
from steward.runtime.http.failures import Away, Refused, Unusable
from steward.runtime.http.hosts import HostLimits

__all__ = ["Answer", "Away", "Exchange", "HostLimits", "HttpClient", "Refused", "Source", "Unusable"]
