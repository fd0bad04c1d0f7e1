'use strict';
// A bot on discordeno, which remembers nothing of guilds, channels and messages: what is counted here, it counts itself.
const {
  ApplicationCommandOptionTypes, ApplicationCommandTypes, ButtonStyles, Intents, InteractionTypes,
  MessageComponentTypes, TextStyles, createBot, createDesiredPropertiesObject,
} = require('@discordeno/bot');
const { API, FRAMING, TOKEN, fail, obey, say } = require('../speech');

const members = new Map();
const quiet = { debug() {}, info() {}, warn() {}, error: fail, fatal: fail };
const bot = createBot({
  token: TOKEN,
  intents: Intents.Guilds | Intents.GuildMembers | Intents.GuildMessages | Intents.GuildMessageReactions,
  desiredProperties: createDesiredPropertiesObject({}, true),
  loggerFactory: () => quiet,
  gateway: {
    token: TOKEN,
    compress: FRAMING === 'payload',
    transportCompression: FRAMING.endsWith('-stream') ? FRAMING : null,
    events: { resumed: () => say('resumed') },
  },
  events: {
    guildCreate(guild) {
      members.set(String(guild.id), guild.memberCount);
      say('ready', { guilds: [guild.name] });
    },
    guildMemberAdd(member, user) {
      members.set(String(member.guildId), members.get(String(member.guildId)) + 1);
      say('joined', { name: user.username });
    },
    messageCreate: (message) => say('written', { by: message.author.username }),
    messageUpdate: (message) => say('edited', { by: message.author.username }),
    messageDelete: ({ id }) => say('deleted', { id: String(id) }),
    reactionAdd: ({ emoji, userId }) => say('reacted', { by: String(userId), emoji: emoji.name }),
    threadCreate: (thread) => say('thread', { name: thread.name }),
    interactionCreate: (interaction) => answer(interaction).catch(fail),
  },
});
// Not its option `rest.proxy`, with which it leaves rate limits to the proxy.
bot.rest.baseUrl = API.replace('/v10', '');

// A command brings a button, the button a modal, the modal an answer.
async function answer(interaction) {
  const row = (component) => [{ type: MessageComponentTypes.ActionRow, components: [component] }];
  if (interaction.type === InteractionTypes.ApplicationCommand) {
    const button = { type: MessageComponentTypes.Button, customId: 'ask', label: 'Ask me', style: ButtonStyles.Primary };
    await interaction.respond({ content: `hello ${interaction.data.options[0].value}`, components: row(button) });
  } else if (interaction.type === InteractionTypes.MessageComponent) {
    const field = { type: MessageComponentTypes.InputText, customId: 'name', label: 'Your name', style: TextStyles.Short };
    await interaction.respond({ customId: 'form', title: 'Who are you?', components: row(field) });
  } else if (interaction.type === InteractionTypes.ModalSubmit) {
    await interaction.defer(true);
    await interaction.edit(`thank you, ${interaction.data.components[0].components[0].value}`);
    await interaction.respond('and good bye');
  }
}

obey({
  rename: async ({ channel, name }) => ({ name: (await bot.helpers.editChannel(channel, { name })).name }),
  send: async ({ channel, text }) => ({ id: String((await bot.helpers.sendMessage(channel, { content: text })).id) }),
  count: async ({ guild }) => ({ members: members.get(guild) }),
  sync: async () => {
    const who = { type: ApplicationCommandOptionTypes.String, name: 'who', description: 'To whom', required: true };
    const hello = { type: ApplicationCommandTypes.ChatInput, name: 'hello', description: 'Say hello', options: [who] };
    return { commands: (await bot.helpers.upsertGlobalApplicationCommands([hello])).length };
  },
  tend: async ({ channel }) => {
    const { id } = await bot.helpers.sendMessage(channel, { content: 'penguin?' });
    await bot.helpers.editMessage(channel, id, { content: 'penguin!' });
    await bot.helpers.addReaction(channel, id, '🐧');
    const thread = await bot.helpers.startThreadWithMessage(channel, id, { name: 'Penguins', autoArchiveDuration: 60 });
    await bot.helpers.sendMessage(thread.id, { content: 'in here' });
    await bot.helpers.deleteMessage(channel, (await bot.helpers.sendMessage(channel, { content: 'oops' })).id);
    return { reactions: (await bot.helpers.getMessage(channel, id)).reactions.map((reaction) => reaction.emoji.name) };
  },
});
bot.start().catch(fail);
