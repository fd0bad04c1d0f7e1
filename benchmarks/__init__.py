"""
Measurements of Steward, side by side with other bots: `steward bench`. docs/benchmarks.md explains each.

A benchmark is a module with `LIMIT`, its time limit in seconds, and `measure(run)`, which reports figures to `run`.
"""
