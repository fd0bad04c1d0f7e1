'use strict';
// A bot on eris.
const http = require('node:http');
const { Client, Constants } = require('eris');
const { API, FRAMING, TOKEN, fail, obey, say } = require('../speech');

// eris speaks HTTPS only: an agent that calls itself one, and opens plain connections, is how it reaches a plain address.
const { hostname, pathname, port } = new URL(API);
const agent = Object.assign(new http.Agent(), { protocol: 'https:', defaultPort: Number(port) });
const client = new Client(`Bot ${TOKEN}`, {
  intents: ['guilds', 'guildMembers', 'guildMessages', 'guildMessageReactions'],
  compress: FRAMING === 'zlib-stream',
  rest: { agent, domain: hostname, baseURL: pathname },
});

client.once('ready', () => say('ready', { guilds: client.guilds.map((guild) => guild.name) }));
client.on('guildMemberAdd', (_, member) => say('joined', { name: member.username }));
client.on('messageCreate', (message) => say('written', { by: message.author.username }));
client.on('messageUpdate', (message) => say('edited', { by: message.author.username }));
client.on('messageDelete', (message) => say('deleted', { id: message.id }));
client.on('messageReactionAdd', (_, emoji, user) => say('reacted', { by: user.id, emoji: emoji.name }));
client.on('threadCreate', (thread) => say('thread', { name: thread.name }));
client.on('shardResume', () => say('resumed'));
// It calls a connection that was cut an error, and resumes.
client.on('error', (error) => error.code === 1006 || fail(error));
client.on('interactionCreate', (interaction) => answer(interaction).catch(fail));

// A command brings a button, the button a modal, the modal an answer.
async function answer(interaction) {
  const { ButtonStyles, ComponentTypes, InteractionTypes, MessageFlags, TextInputStyles } = Constants;
  const row = (component) => [{ type: ComponentTypes.ACTION_ROW, components: [component] }];
  if (interaction.type === InteractionTypes.APPLICATION_COMMAND) {
    const button = { type: ComponentTypes.BUTTON, custom_id: 'ask', label: 'Ask me', style: ButtonStyles.PRIMARY };
    const content = `hello ${interaction.data.options[0].value}`;
    await interaction.createMessage({ content, components: row(button) });
  } else if (interaction.type === InteractionTypes.MESSAGE_COMPONENT) {
    const field = { type: ComponentTypes.TEXT_INPUT, custom_id: 'name', label: 'Your name', style: TextInputStyles.SHORT };
    await interaction.createModal({ custom_id: 'form', title: 'Who are you?', components: row(field) });
  } else if (interaction.type === InteractionTypes.MODAL_SUBMIT) {
    await interaction.defer(MessageFlags.EPHEMERAL);
    await interaction.editOriginalMessage(`thank you, ${interaction.data.components[0].components[0].value}`);
    await interaction.createFollowup('and good bye');
  }
}

obey({
  rename: async ({ channel, name }) => ({ name: (await client.editChannel(channel, { name })).name }),
  send: async ({ channel, text }) => ({ id: (await client.createMessage(channel, text)).id }),
  count: async ({ guild }) => ({ members: client.guilds.get(guild).memberCount }),
  sync: async () => {
    const { ApplicationCommandOptionTypes, ApplicationCommandTypes } = Constants;
    const who = { type: ApplicationCommandOptionTypes.STRING, name: 'who', description: 'To whom', required: true };
    const hello = { type: ApplicationCommandTypes.CHAT_INPUT, name: 'hello', description: 'Say hello', options: [who] };
    return { commands: (await client.bulkEditCommands([hello])).length };
  },
  tend: async ({ channel }) => {
    const message = await client.createMessage(channel, 'penguin?');
    await message.edit('penguin!');
    await message.addReaction('🐧');
    await (await message.createThreadWithMessage({ name: 'Penguins' })).createMessage('in here');
    await (await client.createMessage(channel, 'oops')).delete();
    return { reactions: Object.keys((await client.getMessage(channel, message.id)).reactions) };
  },
});
client.connect();
