"""A bot on py-cord."""

import discord
from discord.http import Route
from speech import API, TOKEN, listen

Route.API_BASE_URL = API
bot = discord.Bot(intents=discord.Intents(guilds=True, members=True, guild_messages=True, message_content=True))


class Form(discord.ui.Modal):
    def __init__(self):
        super().__init__(discord.ui.InputText(label="Your name", custom_id="name"), title="Who are you?")

    async def callback(self, interaction):
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send(f"thank you, {self.children[0].value}", ephemeral=True)


class Panel(discord.ui.View):
    @discord.ui.button(label="Ask me")
    async def ask(self, button, interaction):
        await interaction.response.send_modal(Form())


@bot.slash_command(description="Say hello")
async def hello(ctx, who: discord.Option(str, "To whom")):
    await ctx.respond(f"hello {who}", view=Panel())


if __name__ == "__main__":
    listen(bot)
    bot.run(TOKEN)
