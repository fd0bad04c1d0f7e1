from __future__ import annotations

import textwrap
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.installed import OURS
from steward.bots.settings import load, settings_table
from steward.bots.stats.settings import StatsSettings
from steward.settings import Settings, SettingsError
from steward.settings.sources import from_mapping
from tests.settings.examples import GUILD, LEAST, TOKEN

# Every old name of the product description.
OLD_NAMES = textwrap.dedent(
    """
BOT_TOKEN DISCORD_TOKEN DISCORD_BOT_TOKEN GUILD_ID MEMBER_COUNT_CHANNEL_ID ONLINE_COUNT_CHANNEL_ID BAN_COUNT_CHANNEL_ID
HEARTBEAT_CHANNEL_ID STATS_CHANNEL_ID UPDATE_INTERVAL MAX_BACKOFF LOG_LEVEL MEMORY_THRESHOLD_MB
CRITICAL_MEMORY_THRESHOLD_MB CLEANUP_INTERVAL_MINUTES CONNECTION_POOL_SIZE API_BATCH_SIZE ADAPTIVE_POLLING_THRESHOLD
SLOW_OPERATION_THRESHOLD_MS METRICS_RETENTION_COUNT CACHE_MAX_SIZE CACHE_TTL DB_MAX_CONNECTIONS TASK_MAX_CONCURRENT
ENABLE_RESOURCE_MONITORING ENABLE_MEMORY_OPTIMIZATION MAX_REQUESTS_PER_MINUTE BURST_LIMIT API_TIMEOUT MAX_RETRIES
CACHE_CLEANUP_INTERVAL PRESENCE_UPDATE_INTERVAL METRICS_LOG_INTERVAL REDIS_HOST REDIS_PORT REDIS_PASSWORD REDIS_DB
MYSQL_HOST MYSQL_PORT MYSQL_USER MYSQL_PASSWORD MYSQL_DB ENABLE_PERFORMANCE_MONITORING PERFORMANCE_LOG_LEVEL
DISCORD_API_URL
"""
).split()


def problems_of(tmp_path: Path, environ: dict[str, str], **more):
    with pytest.raises(SettingsError) as caught:
        load(environ, tmp_path, **more)
    return caught.value.problems


def test_the_old_single_server_variables_are_enough(tmp_path):
    channels = {
        "MEMBER_COUNT_CHANNEL_ID": "1098765432109876541",
        "ONLINE_COUNT_CHANNEL_ID": "1098765432109876542",
        "BAN_COUNT_CHANNEL_ID": "1098765432109876543",
        "HEARTBEAT_CHANNEL_ID": "1098765432109876544",
        "STATS_CHANNEL_ID": "1098765432109876545",
    }
    settings = load(LEAST | channels, tmp_path)
    assert settings.token.reveal() == TOKEN
    assert settings.guild_id == int(GUILD)
    assert [str(channel) for channel in settings.of(StatsSettings).channel_ids.values()] == list(channels.values())


def test_defaults_are_those_of_the_product_description(tmp_path):
    settings = load(LEAST, tmp_path)
    stats = settings.of(StatsSettings)
    assert (stats.update_interval, stats.presence_interval, stats.heartbeat_interval) == (300, 300, 300)
    assert (settings.max_backoff, settings.metrics_log_interval) == (3600, 600)
    assert (settings.requests_per_minute, settings.burst, settings.api_timeout, settings.api_retries) == (15, 5, 30, 3)
    assert (settings.of(StatsSettings).report_time, settings.timezone.key) == (time(0, 0), "UTC")
    assert (settings.rename_count, settings.rename_window) == (2, 600)
    assert settings.api_url == "https://discord.com/api/v10"
    assert settings.database == "sqlite:///data/steward.sqlite3"
    assert settings.log_dir == Path("data/logs")


def test_settings_created_directly_have_the_same_defaults(tmp_path):
    loaded = load(LEAST, tmp_path)
    of_bots = tuple(bot.settings() for bot in OURS if bot.settings is not None)
    assert Settings(token=loaded.token, guild_id=loaded.guild_id, of_bots=of_bots) == loaded


def test_sources_have_an_order_of_precedence(tmp_path):
    (tmp_path / "config").mkdir()
    key = "UPDATE_INTERVAL"
    steps = [
        (lambda: None, 300.0),
        (lambda: (tmp_path / "steward.toml").write_text("update_interval = 50\n"), 50.0),
        (lambda: (tmp_path / "config" / ".env").write_text(f"{key}=40\n"), 40.0),
        (lambda: (tmp_path / ".env").write_text(f"{key}=30\n"), 30.0),
    ]
    for act, expected in steps:
        act()
        assert load(LEAST, tmp_path).of(StatsSettings).update_interval == expected
    assert load({**LEAST, key: "20"}, tmp_path).of(StatsSettings).update_interval == 20
    assert load({**LEAST, key: "20"}, tmp_path, {key: "10"}).of(StatsSettings).update_interval == 10


def test_current_and_old_names_have_the_same_precedence(tmp_path):
    (tmp_path / ".env").write_text("STEWARD_UPDATE_INTERVAL=30\n")
    assert load({**LEAST, "UPDATE_INTERVAL": "20"}, tmp_path).of(StatsSettings).update_interval == 20


def test_a_given_env_file_replaces_the_default_ones(tmp_path):
    (tmp_path / ".env").write_text("UPDATE_INTERVAL=30\n")
    (tmp_path / "other").write_text("PRESENCE_UPDATE_INTERVAL=40\n")
    settings = load(LEAST, tmp_path, env_file=Path("other"))
    assert (settings.of(StatsSettings).update_interval, settings.of(StatsSettings).presence_interval) == (300, 40)


def test_empty_values_are_values_not_set(tmp_path):
    (tmp_path / ".env").write_text("UPDATE_INTERVAL=30\n")
    assert load({**LEAST, "UPDATE_INTERVAL": " ", "MYSQL_HOST": ""}, tmp_path).of(StatsSettings).update_interval == 30


def test_origins_name_the_source_of_each_value(tmp_path):
    (tmp_path / ".env").write_text("\nUPDATE_INTERVAL=30\n")
    origins = load(LEAST, tmp_path).origins
    assert origins["update_interval"] == ".env line 2, UPDATE_INTERVAL"
    assert origins["token"] == "environment, BOT_TOKEN"


@pytest.mark.parametrize("name", OLD_NAMES)
def test_every_old_name_belongs_to_a_setting(name):
    assert sum(name in item.names for item in settings_table()) == 1


def test_old_names_keep_their_units(tmp_path):
    settings = load({**LEAST, "CLEANUP_INTERVAL_MINUTES": "15", "SLOW_OPERATION_THRESHOLD_MS": "250"}, tmp_path)
    assert (settings.cleanup_interval, settings.slow_operation) == (900, 0.25)


def test_the_small_profile_fits_a_small_machine(tmp_path):
    small = load({**LEAST, "STEWARD_PROFILE": "small"}, tmp_path)
    assert (small.cache_entries, small.cleanup_interval, small.db_connections) == (500, 900, 3)
    assert (small.query_cache_entries, small.query_cache_ttl, small.db_idle_timeout) == (200, 1800, 600)
    assert (small.task_concurrency, small.task_timeout, small.memory_budget_mb) == (3, 180, 800)
    assert (small.limiter_entries, small.limiter_ttl, small.limiter_sweep) == (1000, 21600, 180)


def test_the_standard_profile_is_the_default(tmp_path):
    standard = load(LEAST, tmp_path)
    assert standard.profile == "standard"
    assert (standard.cache_entries, standard.cache_ttl, standard.db_connections) == (1000, 3600, 10)
    assert (standard.task_concurrency, standard.task_timeout) == (10, 300)
    assert (standard.memory_warn_mb, standard.memory_critical_mb) == (512, 1024)


def test_any_value_of_a_profile_can_be_overridden(tmp_path):
    (tmp_path / "steward.toml").write_text('profile = "small"\ncache_entries = 7\n')
    settings = load(LEAST, tmp_path)
    assert (settings.cache_entries, settings.db_connections) == (7, 3)


@pytest.mark.parametrize(("word", "level"), [("development", "DEBUG"), ("production", "INFO"), ("testing", "WARNING")])
def test_the_environment_sets_the_log_level(tmp_path, word, level):
    assert load({**LEAST, "STEWARD_ENV": word}, tmp_path).log_level == level


def test_every_problem_is_reported_at_once(tmp_path):
    (tmp_path / ".env").write_text("STEWARD_TIMEZON=UTC\nbad line\n")
    (tmp_path / "steward.toml").write_text('report_time = "25:00"\nnonsense = 1\n')
    environ = {"BOT_TOKEN": "Bot x", "GUILD_ID": "<#613425648685547541>", "UPDATE_INTERVAL": "1", "LOG_LEVEL": "loud"}
    problems = problems_of(tmp_path, environ)
    assert {(problem.name, problem.where) for problem in problems} == {
        ("STEWARD_TIMEZON", ".env line 1"),
        (".env", "line 2"),
        ("report_time", "steward.toml line 1"),
        ("nonsense", "steward.toml line 2"),
        ("BOT_TOKEN", "environment"),
        ("GUILD_ID", "environment"),
        ("UPDATE_INTERVAL", "environment"),
        ("LOG_LEVEL", "environment"),
    }


def test_the_error_lists_all_problems_and_prevents_a_restart(tmp_path):
    with pytest.raises(SettingsError) as caught:
        load({"UPDATE_INTERVAL": "1"}, tmp_path)
    assert caught.value.exit_code == 78
    text = str(caught.value)
    for expected in ("2 settings", "BOT_TOKEN", 'UPDATE_INTERVAL (environment) = "1"', "Fix:"):
        assert expected in text


def test_a_missing_setting_suggests_a_similar_name_that_is_set(tmp_path):
    (token,) = problems_of(tmp_path, {"BOT_TOKN": TOKEN})
    assert "BOT_TOKN is set" in token.fix
    assert TOKEN not in str(token)


@pytest.mark.parametrize(
    ("name", "meant"), [("STEWARD_TIMEZON", "STEWARD_TIMEZONE"), ("STEWARD_GUILD", "STEWARD_GUILD_ID")]
)
def test_an_unknown_name_suggests_the_nearest(tmp_path, name, meant):
    (problem,) = problems_of(tmp_path, {**LEAST, name: "canary"})
    assert problem.name == name
    assert meant in problem.fix
    assert "canary" not in str(problem)


@pytest.mark.parametrize("name", ["PATH", "STEWARD_SHARED", "STEWARD_SERVICE_HOST", "STEWARD_PORT_8080_TCP_ADDR"])
def test_other_variables_are_ignored(tmp_path, name):
    assert load({**LEAST, name: "x"}, tmp_path)


def test_an_unknown_flag_is_reported(tmp_path):
    (problem,) = problems_of(tmp_path, LEAST, flags={"UPDATE_INTERVALL": "5"})
    assert "UPDATE_INTERVAL" in problem.fix


def test_flags_are_understood_by_field_name_too(tmp_path):
    assert load(LEAST, tmp_path, {"update_interval": "60"}).of(StatsSettings).update_interval == 60


def test_two_names_with_different_values_are_reported(tmp_path):
    (problem,) = problems_of(tmp_path, {**LEAST, "DISCORD_TOKEN": TOKEN.replace("canary", "budgie")})
    assert problem.name == "BOT_TOKEN and DISCORD_TOKEN"
    assert "canary" not in str(problem)
    assert "budgie" not in str(problem)


def test_two_names_with_the_same_value_are_fine(tmp_path):
    assert load({**LEAST, "DISCORD_TOKEN": TOKEN}, tmp_path)


def test_a_name_given_twice_in_a_file_is_reported(tmp_path):
    (tmp_path / ".env").write_text("UPDATE_INTERVAL=30\nUPDATE_INTERVAL=40\n")
    (problem,) = problems_of(tmp_path, LEAST)
    assert problem.where == ".env line 1 and .env line 2"


def test_quotes_in_values_are_pointed_out(tmp_path):
    (problem,) = problems_of(tmp_path, {**LEAST, "GUILD_ID": f'"{GUILD}"'})
    assert "quotes" in problem.why


def test_two_counters_cannot_share_a_channel(tmp_path):
    shared = {"MEMBER_COUNT_CHANNEL_ID": "1098765432109876541", "BAN_COUNT_CHANNEL_ID": "1098765432109876541"}
    (problem,) = problems_of(tmp_path, LEAST | shared)
    assert problem.name == "MEMBER_COUNT_CHANNEL_ID and BAN_COUNT_CHANNEL_ID"


def test_a_channel_without_its_server_is_a_problem(tmp_path):
    environ = {"BOT_TOKEN": TOKEN, "MEMBER_COUNT_CHANNEL_ID": "1098765432109876541"}
    (problem,) = problems_of(tmp_path, environ)
    assert (problem.name, "MEMBER_COUNT_CHANNEL_ID" in problem.why) == ("GUILD_ID", True)


def test_a_token_is_enough(tmp_path):
    assert load({"BOT_TOKEN": TOKEN}, tmp_path).guild_id is None


def test_the_warning_level_must_not_exceed_the_critical_one(tmp_path):
    (problem,) = problems_of(tmp_path, {**LEAST, "MEMORY_THRESHOLD_MB": "2000"})
    assert "2000 MB" in problem.why


def test_secrets_never_appear_in_settings_or_problems(tmp_path):
    environ = {**LEAST, "REDIS_PASSWORD": "canary-redis", "STEWARD_DATABASE": "postgresql://me:canary-db@host/x"}
    settings = load(environ, tmp_path)
    assert "canary" not in repr(settings)
    assert sorted(settings.secrets()) == sorted([TOKEN, "canary-redis", "canary-db"])
    text = "\n".join(map(str, problems_of(tmp_path, {**environ, "BOT_TOKEN": TOKEN[2:], "GUILD_ID": TOKEN})))
    assert "canary" not in text
    assert "canary" not in repr(from_mapping(environ, "environment"))


def test_the_old_names_of_a_mysql_server_make_the_database(tmp_path):
    environ = {"MYSQL_HOST": "db.example", "MYSQL_USER": "me", "MYSQL_PASSWORD": "p@ss/word", "MYSQL_DB": "bot"}
    settings = load({**LEAST, **environ}, tmp_path)
    assert settings.database == "mysql://me:p%40ss%2Fword@db.example:3306/bot"
    assert {"p@ss/word", "p%40ss%2Fword"} <= set(settings.secrets())


def test_two_databases_are_a_problem(tmp_path):
    (problem,) = problems_of(tmp_path, {**LEAST, "MYSQL_HOST": "h", "STEWARD_DATABASE": "x.db"})
    assert problem.name == "STEWARD_DATABASE and MYSQL_HOST"
    assert "only one can be used" in problem.why


def test_every_example_and_default_of_the_table_is_accepted(tmp_path):
    for item in settings_table():
        if item.example:
            assert load({**LEAST, item.name: item.example} if item.field != "guild_id" else LEAST, tmp_path)


ANY_NAME = st.sampled_from([name for item in settings_table() for name in item.names])
ANY_VALUE = st.text(max_size=30) | st.sampled_from(["1", "300", "true", TOKEN, GUILD, "UTC", "DEBUG", "'x'", "-1"])


@given(environ=st.dictionaries(ANY_NAME, ANY_VALUE, max_size=8))
def test_any_environment_gives_settings_or_a_complete_list_of_problems(tmp_path_factory, environ):
    folder = tmp_path_factory.getbasetemp()
    wrong = {name for name, value in environ.items() if _is_wrong(name, value)}
    try:
        load(environ, folder)
    except SettingsError as error:
        named = {name for problem in error.problems for name in problem.name.split(" and ")}
        for name in wrong:  # two names of one setting with one value make one problem
            assert any(other in named and environ.get(other, "").strip() == environ[name].strip() for other in environ)
    else:
        assert not wrong


def _is_wrong(name: str, value: str) -> bool:
    item = next(item for item in settings_table() if name in item.names)
    value = value.strip()
    if not value:
        return False
    try:
        item.names[name].read(value)
    except ValueError:
        return True
    return False


def test_the_shortest_job_timeout_allows_a_report(tmp_path):
    """A report waits five seconds for what happened just before its end, and for its turn to draw."""
    (problem,) = problems_of(tmp_path, {**LEAST, "STEWARD_TASK_TIMEOUT": "29"})
    assert "shorter than 30s" in str(problem)
    assert load({**LEAST, "STEWARD_TASK_TIMEOUT": "30"}, tmp_path).task_timeout == 30
