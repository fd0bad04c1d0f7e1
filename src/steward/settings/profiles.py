"""Presets by size of machine and by purpose, in the syntax of a settings file; explicit values override them."""

from __future__ import annotations

from collections.abc import Mapping

PROFILES: Mapping[str, Mapping[str, str]] = {
    # A machine of 1.25 GiB.
    "small": {
        "cache_entries": "500",
        "cleanup_interval": "15m",
        "db_connections": "3",
        "query_cache_entries": "200",
        "query_cache_ttl": "30m",
        "db_idle_timeout": "10m",
        "task_concurrency": "3",
        "task_timeout": "180",
        "memory_budget_mb": "800",
        "memory_warn_mb": "560",
        "memory_critical_mb": "680",
        "limiter_entries": "1000",
        "limiter_ttl": "6h",
        "limiter_sweep": "3m",
    },
    # The defaults of the fields.
    "standard": {},
    # For thousands of Discord servers.
    "large": {
        "cache_entries": "10000",
        "db_connections": "20",
        "task_concurrency": "50",
        "memory_budget_mb": "4096",
        "memory_warn_mb": "2867",
        "memory_critical_mb": "3482",
        "limiter_entries": "100000",
    },
}

ENVIRONMENTS: Mapping[str, Mapping[str, str]] = {
    "development": {"log_level": "DEBUG", "log_format": "tree"},
    "production": {},
    "testing": {"log_level": "WARNING", "log_dir": "off", "health_port": "0"},
}
