"""Rules are testable without Discord: only commands and views load discord.py, indirect imports counted."""

import grimp

DISCORD_SIDE = {"commands", "views"}
ALONE = {  # in a room of rules, for Discord's part of the same subject
    "steward.bots.events.rsvp.clicks",
    "steward.guilds.privacy.commands",
    "steward.guilds.setup.section",
    "steward.guilds.zones.place_option",
    "steward.guilds.zones.commands",
}


def test_rules_of_bots_and_guilds_load_no_discord():
    imports = grimp.build_graph(
        "steward", include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None
    )
    rooms = {
        module: set(module.split(".")[:-1])
        for module in imports.modules
        if (module.startswith("steward.bots.") and module.count(".") >= 4)
        or (module.startswith("steward.guilds.") and module.count(".") >= 3)
    }
    rules = {module for module, room in rooms.items() if not room & DISCORD_SIDE} - ALONE
    assert len(rules) > 80
    loading = {module: imports.find_shortest_chain(module, "discord") for module in sorted(rules)}
    assert {module: chain for module, chain in loading.items() if chain} == {}
    assert {module for module in ALONE if not imports.chain_exists(module, "discord")} == set(), "no exception any more"
