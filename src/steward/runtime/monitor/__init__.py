"""Timers, counters, gauges with history, and alerts. There is no global registry."""

from steward.runtime.monitor.alerts import Alert, AlertRule, Alerts, RatioOf, Rise, Severity, log_alert
from steward.runtime.monitor.histogram import Histogram, Recent
from steward.runtime.monitor.loop_watch import Block, LoopWatch
from steward.runtime.monitor.monitor import Gauge, MetricHistory, Monitor, MonitorCounter
from steward.runtime.monitor.resources import ResourceMeter
from steward.runtime.monitor.timers import Timer, Timing

__all__ = [
    "Alert",
    "AlertRule",
    "Alerts",
    "Block",
    "Gauge",
    "Histogram",
    "LoopWatch",
    "MetricHistory",
    "Monitor",
    "MonitorCounter",
    "RatioOf",
    "Recent",
    "ResourceMeter",
    "Rise",
    "Severity",
    "Timer",
    "Timing",
    "log_alert",
]
