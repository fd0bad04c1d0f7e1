"""`steward run`: run the bot on Discord."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from steward.cli.main import AddParser
from steward.cli.settings_flags import add_settings_flags, load_settings
from steward.cli.start.lean_imports import forget_annotations, lean_imports
from steward.errors import Broken, StewardError
from steward.runtime.process.stop_signals import StopSignals

if TYPE_CHECKING:
    import argparse

LOG_LINES_SHOWN = 5  # in the heartbeat


def add_parser(add: AddParser) -> None:
    parser = add(
        description="Run the bot until Ctrl-C or SIGTERM.",
        epilog="Exit codes: 0 stopped as asked, 75 not ready: start again later, "
        "78 fix settings or permissions first, 70 a bug in Steward.",
    )
    add_settings_flags(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Load the settings, configure the logs and run the bot; return its exit code."""
    stop = StopSignals()
    stop.listen()
    try:
        return _run(args, stop)
    finally:
        stop.ignore()


def _run(args: argparse.Namespace, stop: StopSignals) -> int:
    with lean_imports():
        import structlog

        from steward.runtime.logs.logs import configure_logs
        from steward.runtime.memory import use_one_arena

        settings = load_settings(args)
    use_one_arena()
    with configure_logs(
        level=settings.log_level,
        levels=settings.log_levels,
        format=settings.log_format,
        folder=settings.log_dir,
        rotate_bytes=settings.log_file_mb * 1024 * 1024,
        keep=settings.log_files,
        secrets=settings.secrets(),
    ) as logs:
        log = structlog.get_logger("steward")
        try:
            with lean_imports():
                from steward.process import run_bot
            forget_annotations()
            return run_bot(
                settings,
                stop,
                log_lines=lambda: logs.recent(LOG_LINES_SHOWN),
                feed_logs=logs.feed,
                greet=(lambda text: logs.show(f"\n{text}\n")) if sys.stdout.isatty() and sys.stderr.isatty() else None,
            )
        except StewardError as error:
            log.critical("steward_stops", exc_info=error, exit_code=error.exit_code)
            return error.exit_code
        except Exception as error:
            log.critical("steward_failed", exc_info=error, exit_code=Broken.exit_code)
            return Broken.exit_code
