"""
Measurements of Steward: `python -m benchmarks`. docs/benchmarks.md says what each means.

Each benchmark is a module with `LIMIT`, the seconds it may take, and `measure(run)`, which hands its figures to `run`.
"""
