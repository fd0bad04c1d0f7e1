'use strict';
// A bot on oceanic.js.
const {
  ApplicationCommandOptionTypes, ApplicationCommandTypes, ButtonStyles, Client, ComponentTypes, MessageFlags,
  TextInputStyles,
} = require('oceanic.js');
const { API, FRAMING, TOKEN, fail, obey, say } = require('../speech');

const client = new Client({
  auth: `Bot ${TOKEN}`,
  gateway: {
    intents: ['GUILDS', 'GUILD_MEMBERS', 'GUILD_MESSAGES', 'GUILD_MESSAGE_REACTIONS'],
    compress: FRAMING === 'none' ? false : FRAMING,
  },
  rest: { baseURL: API },
});

client.once('ready', () => say('ready', { guilds: client.guilds.map((guild) => guild.name) }));
client.on('guildMemberAdd', (member) => say('joined', { name: member.username }));
client.on('messageCreate', (message) => say('written', { by: message.author.username }));
client.on('messageUpdate', (message) => say('edited', { by: message.author.username }));
client.on('messageDelete', (message) => say('deleted', { id: message.id }));
client.on('messageReactionAdd', (_, user, reaction) => say('reacted', { by: user.id, emoji: reaction.emoji.name }));
client.on('threadCreate', (thread) => say('thread', { name: thread.name }));
client.on('shardResume', () => say('resumed'));
// It calls a connection that was cut an error, and resumes.
client.on('error', (error) => error.code === 1006 || fail(error));
client.on('interactionCreate', (interaction) => answer(interaction).catch(fail));

// A command brings a button, the button a modal, the modal an answer.
async function answer(interaction) {
  const row = (component) => [{ type: ComponentTypes.ACTION_ROW, components: [component] }];
  if (interaction.isCommandInteraction()) {
    const button = { type: ComponentTypes.BUTTON, customID: 'ask', label: 'Ask me', style: ButtonStyles.PRIMARY };
    const content = `hello ${interaction.data.options.getString('who')}`;
    await interaction.createMessage({ content, components: row(button) });
  } else if (interaction.isComponentInteraction()) {
    const field = { type: ComponentTypes.TEXT_INPUT, customID: 'name', label: 'Your name', style: TextInputStyles.SHORT };
    await interaction.createModal({ customID: 'form', title: 'Who are you?', components: row(field) });
  } else if (interaction.isModalSubmitInteraction()) {
    await interaction.defer(MessageFlags.EPHEMERAL);
    await interaction.editOriginal({ content: `thank you, ${interaction.data.components.getTextInput('name')}` });
    await interaction.createFollowup({ content: 'and good bye' });
  }
}

obey({
  rename: async ({ channel, name }) => ({ name: (await client.rest.channels.edit(channel, { name })).name }),
  send: async ({ channel, text }) => ({ id: (await client.rest.channels.createMessage(channel, { content: text })).id }),
  count: async ({ guild }) => ({ members: client.guilds.get(guild).memberCount }),
  sync: async () => {
    const who = { type: ApplicationCommandOptionTypes.STRING, name: 'who', description: 'To whom', required: true };
    const hello = { type: ApplicationCommandTypes.CHAT_INPUT, name: 'hello', description: 'Say hello', options: [who] };
    return { commands: (await client.application.bulkEditGlobalCommands([hello])).length };
  },
  tend: async ({ channel }) => {
    const chat = client.getChannel(channel);
    const message = await chat.createMessage({ content: 'penguin?' });
    await message.edit({ content: 'penguin!' });
    await message.createReaction('🐧');
    await (await message.startThread({ name: 'Penguins' })).createMessage({ content: 'in here' });
    await (await chat.createMessage({ content: 'oops' })).delete();
    return { reactions: (await chat.getMessage(message.id)).reactions.map((reaction) => reaction.emoji.name) };
  },
});
client.connect().catch(fail);
