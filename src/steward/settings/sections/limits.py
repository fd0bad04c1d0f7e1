"""Resource limits: memory, connections, concurrency. Profiles set these."""

from __future__ import annotations

from dataclasses import dataclass

from steward.settings.declare import setting
from steward.settings.kinds import boolean, integer, log_level, megabytes
from steward.settings.time_kinds import duration

PROVIDERS = "the music and betting bots, which call other services"


@dataclass(frozen=True, kw_only=True)
class LimitSettings:
    """Limits: memory, connections, concurrency. Profiles set these."""

    memory_budget_mb: int = setting(
        megabytes(64, 1 << 20),
        "The memory that pressure is measured against, or the container's limit if that is lower.",
        default=1024,
    )
    memory_warn_mb: int = setting(
        megabytes(32, 1 << 20),
        "Above this, warn and collect garbage; or above 70 % of the budget if that is less.",
        default=512,
        old=("MEMORY_THRESHOLD_MB",),
    )
    memory_critical_mb: int = setting(
        megabytes(32, 1 << 20),
        "Above this, pause optional work such as charts; or above 85 % of the budget if that is less.",
        default=1024,
        old=("CRITICAL_MEMORY_THRESHOLD_MB",),
    )
    memory_optimization: bool = setting(
        boolean(),
        "Free memory under pressure and at regular intervals.",
        default=True,
        old=("ENABLE_MEMORY_OPTIMIZATION",),
    )
    cleanup_interval: float = setting(
        duration(60, 86400),
        "How often to sweep stale data and return freed memory to the system. "
        "A bare number under the old name is in minutes.",
        default=1800.0,
        old=(("CLEANUP_INTERVAL_MINUTES", duration(60, 86400, unit=60)),),
    )
    cache_entries: int = setting(
        integer(1, 10_000_000),
        "The most entries in the cache, up to 2 MB in total.",
        default=1000,
        old=("CACHE_MAX_SIZE",),
    )
    cache_ttl: float = setting(
        duration(1, 604800),
        "How long the cache keeps an entry whose category sets no TTL of its own.",
        default=3600.0,
        old=("CACHE_TTL",),
    )
    cache_cleanup_interval: float = setting(
        duration(1, 86400),
        "How often to drop expired cache entries.",
        default=300.0,
        old=("CACHE_CLEANUP_INTERVAL",),
    )
    query_cache_entries: int = setting(
        integer(0, 10_000_000),
        "The most query results to cache, up to 2 MB in total. 0 turns this off.",
        default=1000,
    )
    query_cache_ttl: float = setting(
        duration(1, 86400),
        "How long to cache a query result, unless a table it was read from changes first.",
        default=600.0,
    )
    db_connections: int = setting(
        integer(1, 1000),
        "The most connections to a database server: one writes, the rest read. At least 2 are used.",
        default=10,
        old=("DB_MAX_CONNECTIONS",),
    )
    db_idle_timeout: float = setting(
        duration(1, 86400),
        "How long until an idle connection to a database server is closed. The writing one stays open.",
        default=1800.0,
    )
    task_concurrency: int = setting(
        integer(1, 1000),
        "How many jobs run at once, such as the reports of many servers at midnight.",
        default=10,
        old=("TASK_MAX_CONCURRENT",),
    )
    task_timeout: float = setting(
        duration(30, 86400), "How long a job may take before it is stopped and retried.", default=300.0
    )
    task_spread: float = setting(
        duration(0, 3600),
        "Spread jobs due at the same time, such as the reports of thousands of servers, over this long. "
        "Each job always starts with the same delay.",
        default=0.0,
    )
    limiter_entries: int = setting(
        integer(1, 10_000_000), "The most users the command limiter remembers.", default=10_000
    )
    limiter_ttl: float = setting(
        duration(60, 604800), "How long after their last command the limiter forgets a user.", default=86400.0
    )
    limiter_sweep: float = setting(
        duration(1, 86400), "How often the limiter looks for users to forget.", default=300.0
    )
    requests_per_minute: int = setting(
        integer(1, 10_000),
        "How many commands a user may run per minute.",
        default=15,
        old=("MAX_REQUESTS_PER_MINUTE",),
    )
    burst: int = setting(
        integer(1, 1000),
        "How many commands a user may run within 5 seconds; never more than the limit per minute.",
        default=5,
        old=("BURST_LIMIT",),
    )
    http_connections: int = setting(
        integer(1, 1000),
        "The most HTTP connections to services other than Discord.",
        default=20,
        old=("CONNECTION_POOL_SIZE",),
        planned=PROVIDERS,
    )
    api_timeout: float = setting(
        duration(1, 600),
        "The timeout for requests to Discord and to webhooks. Discord's API gets 5 seconds more, for rate limits.",
        default=30.0,
        old=("API_TIMEOUT",),
    )
    api_retries: int = setting(
        integer(0, 20),
        "How many times to retry a request to a service other than Discord.",
        default=3,
        old=("MAX_RETRIES",),
        planned=PROVIDERS,
    )
    api_batch_size: int = setting(
        integer(1, 1000),
        "How many servers to ask about in one request for counts. Discord allows up to 200.",
        default=200,
        old=("API_BATCH_SIZE",),
    )
    adaptive_polling_threshold: int = setting(
        integer(1, 1_000_000),
        "How many changes between two readings make a server active. "
        "While no server is, counts are read less often, down to every 9 minutes.",
        default=1,
        old=("ADAPTIVE_POLLING_THRESHOLD",),
    )
    slow_operation: float = setting(
        duration(0.001, 600),
        "How long an operation or a query may take before it is logged as slow. "
        "A bare number under the old name is in milliseconds.",
        default=1.0,
        old=(("SLOW_OPERATION_THRESHOLD_MS", duration(0.001, 600, unit=0.001)),),
    )
    metrics_retention: int = setting(
        integer(1, 10_000_000),
        "How many samples to keep of each measurement.",
        default=1000,
        old=("METRICS_RETENTION_COUNT",),
    )
    metrics_log_interval: float = setting(
        duration(10, 86400),
        "How often to log measurements.",
        default=600.0,
        old=("METRICS_LOG_INTERVAL",),
    )
    resource_monitoring: bool = setting(
        boolean(), "Measure CPU, threads, disk and network.", default=True, old=("ENABLE_RESOURCE_MONITORING",)
    )
    performance_monitoring: bool = setting(
        boolean(),
        "Measure operation times and event loop lag, and log them.",
        default=True,
        old=("ENABLE_PERFORMANCE_MONITORING",),
    )
    performance_log_level: str = setting(
        log_level(),
        "The log level for measurements.",
        default="INFO",
        old=("PERFORMANCE_LOG_LEVEL",),
    )
