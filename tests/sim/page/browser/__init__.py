"""The page in a real browser: one Chromium a run, skipped where there is none or no Playwright."""
