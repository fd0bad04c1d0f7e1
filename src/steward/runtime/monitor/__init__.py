"""Measuring and alerting: times, counts, gauges, their history, and what is wrong. No registry but the one you make."""

from steward.runtime.monitor.alerts import Alert, Alerts, Rise, Rule, Severity, Share, log_alert
from steward.runtime.monitor.histogram import Histogram, Recent
from steward.runtime.monitor.history import History
from steward.runtime.monitor.loop_watch import Block, LoopWatch
from steward.runtime.monitor.monitor import Counter, Gauge, Monitor
from steward.runtime.monitor.resources import ResourceMeter
from steward.runtime.monitor.timers import Timer, Timing

__all__ = [
    "Alert",
    "Alerts",
    "Block",
    "Counter",
    "Gauge",
    "Histogram",
    "History",
    "LoopWatch",
    "Monitor",
    "Recent",
    "ResourceMeter",
    "Rise",
    "Rule",
    "Severity",
    "Share",
    "Timer",
    "Timing",
    "log_alert",
]
