"""What Steward may use: memory, connections, concurrency. Profiles set these."""

from __future__ import annotations

from dataclasses import dataclass

from steward.settings.declare import setting
from steward.settings.kinds import boolean, integer, log_level, megabytes
from steward.settings.time_kinds import duration


@dataclass(frozen=True, kw_only=True)
class LimitSettings:
    """What Steward may use: memory, connections, concurrency. Profiles set these."""

    memory_budget_mb: int = setting(
        megabytes(64, 1 << 20), "The memory that pressure is measured against.", default=1024, planned=True
    )
    memory_warn_mb: int = setting(
        megabytes(32, 1 << 20),
        "The memory above which a warning is raised.",
        default=512,
        old=("MEMORY_THRESHOLD_MB",),
        planned=True,
    )
    memory_critical_mb: int = setting(
        megabytes(32, 1 << 20),
        "The memory above which optional work pauses.",
        default=1024,
        old=("CRITICAL_MEMORY_THRESHOLD_MB",),
        planned=True,
    )
    memory_optimization: bool = setting(
        boolean(),
        "Shrink caches under memory pressure.",
        default=True,
        old=("ENABLE_MEMORY_OPTIMIZATION",),
        planned=True,
    )
    cleanup_interval: float = setting(
        duration(60, 86400),
        "How often stale data is swept; a bare number in the old name counts minutes.",
        default=1800.0,
        old=(("CLEANUP_INTERVAL_MINUTES", duration(60, 86400, unit=60)),),
        planned=True,
    )
    cache_entries: int = setting(
        integer(1, 10_000_000), "How many entries a cache holds.", default=1000, old=("CACHE_MAX_SIZE",), planned=True
    )
    cache_ttl: float = setting(
        duration(1, 604800), "How long a cache keeps an entry.", default=3600.0, old=("CACHE_TTL",), planned=True
    )
    cache_cleanup_interval: float = setting(
        duration(1, 86400),
        "How often expired cache entries are dropped.",
        default=300.0,
        old=("CACHE_CLEANUP_INTERVAL",),
        planned=True,
    )
    query_cache_entries: int = setting(
        integer(0, 10_000_000), "How many query results are cached.", default=1000, planned=True
    )
    query_cache_ttl: float = setting(
        duration(1, 86400), "How long a query result is cached.", default=600.0, planned=True
    )
    db_connections: int = setting(
        integer(1, 1000), "The most database connections.", default=10, old=("DB_MAX_CONNECTIONS",), planned=True
    )
    db_idle_timeout: float = setting(
        duration(1, 86400), "After how long an idle database connection is closed.", default=1800.0, planned=True
    )
    task_concurrency: int = setting(
        integer(1, 1000),
        "How many background tasks run at a time.",
        default=10,
        old=("TASK_MAX_CONCURRENT",),
        planned=True,
    )
    task_timeout: float = setting(
        duration(1, 86400), "The longest that a background task may take.", default=300.0, planned=True
    )
    limiter_entries: int = setting(
        integer(1, 10_000_000), "How many users and servers the limiter remembers.", default=10_000, planned=True
    )
    limiter_ttl: float = setting(
        duration(60, 604800), "After how long the limiter forgets a user.", default=86400.0, planned=True
    )
    limiter_sweep: float = setting(duration(1, 86400), "How often the limiter is swept.", default=300.0, planned=True)
    requests_per_minute: int = setting(
        integer(1, 10_000),
        "How many commands a user may give in a minute.",
        default=15,
        old=("MAX_REQUESTS_PER_MINUTE",),
        planned=True,
    )
    burst: int = setting(
        integer(1, 1000), "How many commands a user may give at once.", default=5, old=("BURST_LIMIT",), planned=True
    )
    http_connections: int = setting(
        integer(1, 1000), "The most HTTP connections.", default=20, old=("CONNECTION_POOL_SIZE",), planned=True
    )
    api_timeout: float = setting(
        duration(1, 600), "The longest wait for an answer over HTTP.", default=30.0, old=("API_TIMEOUT",), planned=True
    )
    api_retries: int = setting(
        integer(0, 20), "How often an HTTP request is tried again.", default=3, old=("MAX_RETRIES",), planned=True
    )
    api_batch_size: int = setting(
        integer(1, 1000),
        "How many items one batched request carries.",
        default=200,
        old=("API_BATCH_SIZE",),
        planned=True,
    )
    adaptive_polling_threshold: int = setting(
        integer(1, 1_000_000),
        "How many changes between two readings make a server lively; while none is, counts are asked for less often, "
        "at least every 9 min.",
        default=10,
        old=("ADAPTIVE_POLLING_THRESHOLD",),
    )
    slow_operation: float = setting(
        duration(0.001, 600),
        "From how long an operation counts as slow; a bare number in the old name counts milliseconds.",
        default=1.0,
        old=(("SLOW_OPERATION_THRESHOLD_MS", duration(0.001, 600, unit=0.001)),),
        planned=True,
    )
    metrics_retention: int = setting(
        integer(1, 10_000_000),
        "How many samples of each measurement are kept.",
        default=1000,
        old=("METRICS_RETENTION_COUNT",),
        planned=True,
    )
    metrics_log_interval: float = setting(
        duration(10, 86400),
        "How often measurements are logged.",
        default=600.0,
        old=("METRICS_LOG_INTERVAL",),
        planned=True,
    )
    resource_monitoring: bool = setting(
        boolean(), "Measure CPU, disk and network.", default=True, old=("ENABLE_RESOURCE_MONITORING",), planned=True
    )
    performance_monitoring: bool = setting(
        boolean(), "Measure the time of operations.", default=True, old=("ENABLE_PERFORMANCE_MONITORING",), planned=True
    )
    performance_log_level: str = setting(
        log_level(),
        "The level that measurements are logged at.",
        default="INFO",
        old=("PERFORMANCE_LOG_LEVEL",),
        planned=True,
    )
