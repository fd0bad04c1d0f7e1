"""A bot on interactions.py."""

import interactions
from interactions.api.events import MemberAdd, MessageCreate, Startup
from interactions.api.http.route import Route
from speech import API, TOKEN, rename, say

Route.BASE = API
intents = (
    interactions.Intents.GUILDS
    | interactions.Intents.GUILD_MEMBERS
    | interactions.Intents.GUILD_MESSAGES
    | interactions.Intents.MESSAGE_CONTENT
)
bot = interactions.Client(token=TOKEN, intents=intents)


@interactions.slash_command("hello", description="Say hello")
@interactions.slash_option("who", "To whom", interactions.OptionType.STRING, required=True)
async def hello(ctx: interactions.SlashContext, who: str):
    ask = interactions.Button(style=interactions.ButtonStyle.PRIMARY, label="Ask me", custom_id="ask")
    await ctx.send(f"hello {who}", components=ask)


@interactions.component_callback("ask")
async def asked(ctx: interactions.ComponentContext):
    who = interactions.ShortText(label="Your name", custom_id="name")
    await ctx.send_modal(interactions.Modal(who, title="Who are you?", custom_id="form"))


@interactions.modal_callback("form")
async def answered(ctx: interactions.ModalContext, name: str):
    await ctx.defer(ephemeral=True)
    await ctx.send(f"thank you, {name}", ephemeral=True)


@interactions.listen(Startup)
async def ready():
    say("ready")


@interactions.listen(MemberAdd)
async def joined(event: MemberAdd):
    say("joined", event.member.username)


@interactions.listen(MessageCreate)
async def wrote(event: MessageCreate):
    if event.message.content == "!rename":
        await rename(event.message.guild.channels)


if __name__ == "__main__":
    bot.start()
