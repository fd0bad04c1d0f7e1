from bot import make_bot


def test_it_welcomes_and_reminds(discord_sim):
    chat = discord_sim.guild.add_text_channel("chat")
    discord_sim.start(make_bot())
    alice = discord_sim.guild.join("alice")
    alice.say(chat, "!remind 24 water the flowers")
    discord_sim.wait(24 * 3600 + 1)
    assert [message.content for message in chat.messages if message.author.bot] == [
        "Welcome, alice!",
        "alice: water the flowers",
    ]
