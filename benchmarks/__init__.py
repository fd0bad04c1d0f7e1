"""
Measurements of Steward, side by side with other bots: `steward bench`. docs/benchmarks.md says what each means.

Each benchmark is a module with `LIMIT`, the seconds it may take, and `measure(run)`, which hands its figures to `run`.
"""
