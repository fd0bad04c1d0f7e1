from bot import MyBot


def test_an_administrator_sees_how_the_bot_is_doing(discord_sim):
    discord_sim.start(MyBot())
    discord_sim.guild.add_text_channel("general")
    olga = discord_sim.guild.join("olga")
    olga.give(discord_sim.guild.add_role("Admins", "administrator").id)
    discord_sim.wait(60)
    reply = discord_sim.run(olga.run("/system_health"))
    assert reply.embeds[0]["title"] == "System health"
    assert "**Memory**" in reply.embeds[0]["description"]
