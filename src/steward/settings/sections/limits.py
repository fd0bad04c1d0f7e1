"""What Steward may use: memory, connections, concurrency. Profiles set these."""

from __future__ import annotations

from dataclasses import dataclass

from steward.settings.declare import setting
from steward.settings.kinds import boolean, integer, log_level, megabytes
from steward.settings.time_kinds import duration

PROVIDERS = "the music and betting bots, which ask other services"


@dataclass(frozen=True, kw_only=True)
class LimitSettings:
    """What Steward may use: memory, connections, concurrency. Profiles set these."""

    memory_budget_mb: int = setting(
        megabytes(64, 1 << 20),
        "The memory that pressure is measured against; the container's limit where that is less.",
        default=1024,
    )
    memory_warn_mb: int = setting(
        megabytes(32, 1 << 20),
        "The memory above which a warning is raised, and garbage collected; at 70 % of the budget if that is less.",
        default=512,
        old=("MEMORY_THRESHOLD_MB",),
    )
    memory_critical_mb: int = setting(
        megabytes(32, 1 << 20),
        "The memory above which optional work, such as charts, pauses; at 85 % of the budget if that is less.",
        default=1024,
        old=("CRITICAL_MEMORY_THRESHOLD_MB",),
    )
    memory_optimization: bool = setting(
        boolean(),
        "Give up memory under pressure, and what is not needed from time to time.",
        default=True,
        old=("ENABLE_MEMORY_OPTIMIZATION",),
    )
    cleanup_interval: float = setting(
        duration(60, 86400),
        "How often what is stale is swept and freed memory given back; a bare number in the old name counts minutes.",
        default=1800.0,
        old=(("CLEANUP_INTERVAL_MINUTES", duration(60, 86400, unit=60)),),
    )
    cache_entries: int = setting(
        integer(1, 10_000_000),
        "How many entries the cache holds, and 2 MB of them at most.",
        default=1000,
        old=("CACHE_MAX_SIZE",),
    )
    cache_ttl: float = setting(
        duration(1, 604800),
        "How long the cache keeps an entry of a kind that has no time of its own.",
        default=3600.0,
        old=("CACHE_TTL",),
    )
    cache_cleanup_interval: float = setting(
        duration(1, 86400),
        "How often expired cache entries are dropped.",
        default=300.0,
        old=("CACHE_CLEANUP_INTERVAL",),
    )
    query_cache_entries: int = setting(
        integer(0, 10_000_000),
        "How many answers of the database are cached, and 2 MB of them at most; 0 for none.",
        default=1000,
    )
    query_cache_ttl: float = setting(
        duration(1, 86400),
        "How long an answer of the database is cached, unless what it was read from is written before.",
        default=600.0,
    )
    db_connections: int = setting(
        integer(1, 1000),
        "The most connections to a database server; one of them writes, and at least 2 are used.",
        default=10,
        old=("DB_MAX_CONNECTIONS",),
    )
    db_idle_timeout: float = setting(
        duration(1, 86400),
        "After how long an idle connection to a database server is closed; the one that writes stays.",
        default=1800.0,
    )
    task_concurrency: int = setting(
        integer(1, 1000),
        "How many jobs, such as the reports of many servers at midnight, run at a time.",
        default=10,
        old=("TASK_MAX_CONCURRENT",),
    )
    task_timeout: float = setting(
        duration(30, 86400), "The longest that a job may take before it is stopped and tried again.", default=300.0
    )
    task_spread: float = setting(
        duration(0, 3600),
        "Over how long jobs that are due at the same time are spread, such as the reports of thousands of servers; "
        "each begins always as long after its time.",
        default=0.0,
    )
    limiter_entries: int = setting(
        integer(1, 10_000_000), "How many users the limiter of commands remembers at most.", default=10_000
    )
    limiter_ttl: float = setting(
        duration(60, 604800), "After how long without a command the limiter forgets a user.", default=86400.0
    )
    limiter_sweep: float = setting(
        duration(1, 86400), "How often the limiter looks for users to forget.", default=300.0
    )
    requests_per_minute: int = setting(
        integer(1, 10_000),
        "How many commands a user may give in a minute.",
        default=15,
        old=("MAX_REQUESTS_PER_MINUTE",),
    )
    burst: int = setting(
        integer(1, 1000),
        "How many commands a user may give at once, that is within 5 seconds; more than a minute's are as many.",
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
        "The longest wait for an answer of Discord or of a webhook; Discord gets five seconds more.",
        default=30.0,
        old=("API_TIMEOUT",),
    )
    api_retries: int = setting(
        integer(0, 20),
        "How often a request to a service other than Discord is tried again.",
        default=3,
        old=("MAX_RETRIES",),
        planned=PROVIDERS,
    )
    api_batch_size: int = setting(
        integer(1, 1000),
        "How many servers one request for counts asks about; Discord takes 200 at most.",
        default=200,
        old=("API_BATCH_SIZE",),
    )
    adaptive_polling_threshold: int = setting(
        integer(1, 1_000_000),
        "How many changes between two readings make a server lively; while none is, counts are asked for less often, "
        "at least every 9 min.",
        default=1,
        old=("ADAPTIVE_POLLING_THRESHOLD",),
    )
    slow_operation: float = setting(
        duration(0.001, 600),
        "From how long an operation or a query counts as slow; a bare number in the old name counts milliseconds.",
        default=1.0,
        old=(("SLOW_OPERATION_THRESHOLD_MS", duration(0.001, 600, unit=0.001)),),
    )
    metrics_retention: int = setting(
        integer(1, 10_000_000),
        "How many samples of each measurement are kept.",
        default=1000,
        old=("METRICS_RETENTION_COUNT",),
    )
    metrics_log_interval: float = setting(
        duration(10, 86400),
        "How often measurements are logged.",
        default=600.0,
        old=("METRICS_LOG_INTERVAL",),
    )
    resource_monitoring: bool = setting(
        boolean(), "Measure CPU, threads, disk and network.", default=True, old=("ENABLE_RESOURCE_MONITORING",)
    )
    performance_monitoring: bool = setting(
        boolean(),
        "Measure the time of operations and how late the event loop is, and log the measurements.",
        default=True,
        old=("ENABLE_PERFORMANCE_MONITORING",),
    )
    performance_log_level: str = setting(
        log_level(),
        "The level that measurements are logged at.",
        default="INFO",
        old=("PERFORMANCE_LOG_LEVEL",),
    )
