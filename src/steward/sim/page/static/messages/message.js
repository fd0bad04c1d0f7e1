/** One message: who wrote it, what it answers, its parts, and what can be done with it. */

import { useLayoutEffect, useMemo, useRef, useState } from "../vendor/hooks.js";
import { Actions } from "./message_bar.js";
import { Components } from "../components/components.js";
import { instant, written, writtenClock, writtenSent } from "../core/clock.js";
import { roleColour } from "../controls/colour.js";
import { Attachment, Embed, Poll, Reactions, Stickers } from "./embeds.js";
import { Guarded, counted, html, memo, names, useApp, useParts, useStore } from "../core/html.js";
import { Icon } from "../controls/icons.js";
import { Line, Text, preview, userName } from "../markdown/text.js";
import { AppTag, Avatar, Dots, OnlyYou } from "./parts.js";

const EPHEMERAL = 64;
const LOADING = 128;
const COMMAND = 2;
const REPLY = 19;
const ORDINARY = [0, REPLY, 20, 23];

function useAuthor(user, member) {
  const known = useStore((state) => state.people.get(user.id));
  const roles = useStore((state) => state.guild?.roles);
  return { name: known?.name ?? member?.nick ?? userName(user), role: roleColour(known ?? member, roles) };
}

function Author({ user, member, webhook }) {
  const app = useApp();
  const { name, role } = useAuthor(user, member);
  return html`<button type="button" class="author" ...${role} disabled=${webhook} onClick=${() => app.profile(user.id)}>
    <bdi>${name}</bdi></button>${user.bot || webhook ? html`<${AppTag} />` : null}`;
}

/** Whether a message mentions this member. */
export function pings(message, me) {
  if (!me || message.author?.id === me.id) return false;
  return Boolean(message.mention_everyone || message.mentions?.some((user) => user.id === me.id)
    || message.mention_roles?.some((id) => me.roles?.includes(id)));
}

/** A row of the chat. The `active` one is the tab stop of the chat; with the focus in it, so are its controls. */
export const Row = memo(({ message, joined, active, onActive, fresh }) => {
  const row = useRef(null);
  const [hovered, setHovered] = useState(false);
  const [focused, setFocused] = useState(false);
  const [menu, setMenu] = useState(null);
  const { me } = useParts();
  const flags = message.flags ?? 0;
  const ephemeral = (flags & EPHEMERAL) !== 0;
  useLayoutEffect(() => {
    for (const control of row.current.querySelectorAll("button, a, pre, input")) control.tabIndex = focused ? 0 : -1;
    row.current.tabIndex = active ? 0 : -1;
  });
  const focusIn = () => {
    setFocused(true);
    onActive(message.id);
  };
  const focusOut = (event) => setFocused(Boolean(event.relatedTarget && row.current.contains(event.relatedTarget)));
  const ordinary = ORDINARY.includes(message.type);
  return html`<li
    class=${names("message", joined && "joined", ephemeral && "ephemeral", pings(message, me) && "pinging")}
    ref=${row} data-id=${message.id} data-row onFocusIn=${focusIn} onFocusOut=${focusOut}
    onPointerEnter=${() => setHovered(true)} onPointerLeave=${() => setHovered(false)}>
    ${fresh ? html`<div class="new-line" role="separator" aria-label="New messages"><span>NEW</span></div>` : null}
    <${Guarded} data=${message} what="This message">
      ${ordinary ? html`<${Ordinary} message=${message} joined=${joined} ephemeral=${ephemeral} />`
        : html`<${SystemMessage} message=${message} />`}
    </${Guarded}>
    ${hovered || focused || menu ? html`<${Actions} message=${message} ephemeral=${ephemeral} menu=${menu}
      setMenu=${setMenu} />` : null}
  </li>`;
});

function Ordinary({ message, joined, ephemeral }) {
  const app = useApp();
  const { author, interaction_metadata: used } = message;
  const sent = instant(message.timestamp);
  const editing = useStore((state) => state.editing === message.id);
  const loading = (message.flags & LOADING) !== 0;
  return html`
    ${message.type === REPLY ? html`<${ReplyLine} message=${message} />` : null}
    ${used?.type === COMMAND && used.name ? html`<${UsedLine} user=${used.user} name=${used.name}
      kind=${used.command_type} />` : null}
    <div class="sides">
      ${joined ? html`<time class="side-time" title=${written(sent, "F")}>${written(sent, "t")}</time>`
        : html`<${Avatar} id=${author.id} name=${userName(author)} onClick=${() => app.profile(author.id)} />`}
      <div class="body">
        ${joined ? null : html`<div class="head"><${Author} user=${author} member=${message.member}
          webhook=${Boolean(message.webhook_id && !message.application_id)} />
          <time title=${`${written(sent, "F")}, ${writtenClock(sent)}`}>${writtenSent(sent, app.clock.now())}</time></div>`}
        ${loading ? html`<div class="thinking"><${Dots} /> <bdi>${userName(author)}</bdi> is thinking…</div>`
          : editing ? html`<${Editor} message=${message} />` : html`<${Parts} message=${message} />`}
        ${ephemeral ? html`<${OnlyYou} id=${message.id} />` : null}
      </div>
    </div>`;
}

/** What a message consists of. */
function Parts({ message }) {
  const { content, attachments = [], embeds = [], components = [] } = message;
  const edited = message.edited_timestamp ? written(instant(message.edited_timestamp), "F") : "";
  const inFiles = useMemo(() => JSON.stringify(components), [components]);
  const loose = attachments.filter((file) => !inFiles.includes(JSON.stringify(file.url)));
  return html`
    ${content ? html`<${Text} text=${content} edited=${edited} />` : null}
    ${message.poll ? html`<${Poll} message=${message} />` : null}
    ${message.sticker_items?.length ? html`<${Stickers} items=${message.sticker_items} />` : null}
    ${loose.map((file) => html`<${Attachment} key=${file.id} file=${file} />`)}
    ${embeds.map((embed, place) => html`<${Guarded} key=${place} data=${embed} what="An embed"><${Embed}
      embed=${embed} /></${Guarded}>`)}
    ${components.length ? html`<${Components} items=${components} message=${message} />` : null}
    ${edited && !content ? html`<span class="edited" title=${edited}>(edited)</span>` : null}
    <${Failure} id=${message.id} />
    ${message.reactions?.length ? html`<${Reactions} message=${message} />` : null}
    ${message.thread ? html`<${ThreadLink} thread=${message.thread} />` : null}`;
}

/** Why the last click on this message failed. */
function Failure({ id }) {
  const words = useStore((state) => state.clicks.get(`${id} error`));
  return words ? html`<div class="failure" role="alert"><${Icon} name="warning" /> ${words}</div>` : null;
}

function UsedLine({ user, name, kind = 1 }) {
  const { name: who } = useAuthor(user);
  return html`<div class="above"><span class="mention"><bdi>${who}</bdi></span> used <span
    class="mention"><bdi>${kind === 1 ? "/" : ""}${name}</bdi></span></div>`;
}

function ReplyLine({ message }) {
  const app = useApp();
  const id = message.message_reference?.message_id;
  // Without `referenced_message` it was not looked up; with null it is gone.
  const known = useStore((state) => state.messages.find((one) => one.id === id));
  const original = message.referenced_message ?? known;
  if (!original && message.referenced_message === undefined) return null;
  if (!original) return html`<div class="above reply"><i>The original message was deleted</i></div>`;
  return html`<button type="button" class="above reply" onClick=${() => app.show(original.id)}>
    <b><bdi>${userName(original.author)}</bdi></b> <span class="cut"><${Line} plain
      text=${preview(original) || "Click to see the attachment"} /></span></button>`;
}

function ThreadLink({ thread }) {
  const app = useApp();
  return html`<button type="button" class="thread-link" onClick=${() => app.look({ channel: thread.id })}>
    <b><bdi>${thread.name}</bdi></b> <span>${counted(thread.message_count ?? 0, "message")} ›</span></button>`;
}

const SYSTEM = new Map([
  [6, [" pinned a message to this channel.", "pin"]], [7, [" joined the server.", "enter"]],
  [12, [" now posts here: ", "news"]], [18, [" started a thread: ", "thread"]], [21, [" started this thread.",
    "thread"]],
  [24, ["AutoMod has blocked a message", "shield"]], [46, ["'s poll has closed.", "poll"]],
]);

function SystemMessage({ message }) {
  const { clock } = useApp();
  const { author, embeds = [], type } = message;
  const [words, icon] = SYSTEM.get(type) ?? [` · system message of type ${type}`, "forum"];
  const { name } = useAuthor(author, message.member);
  const sent = instant(message.timestamp);
  return html`<div class="system"><span class="sign"><${Icon} name=${icon} /></span><div class="body">
    ${type === 24 ? words : html`<b><bdi>${name}</bdi></b>${words}`}${type === 12 || type === 18
      ? html`<b><bdi>${message.content}</bdi></b>` : null}
    <time title=${written(sent, "F")}>${writtenSent(sent, clock.now())}</time>
    ${type === 24 && message.content ? html`<${Text} text=${message.content} />` : null}
    ${embeds.map((embed) => html`<${Embed} embed=${embed} />`)}</div></div>`;
}

/** The box in which a member edits a message. */
function Editor({ message }) {
  const app = useApp();
  const box = useRef(null);
  const close = () => app.edit(null);
  useLayoutEffect(() => {
    box.current.focus();
    box.current.setSelectionRange(message.content.length, message.content.length);
  }, []);
  const save = () => {
    const content = box.current.value;
    close();
    if (content !== message.content) app.act("edit", { message: message.id, content });
  };
  const press = (event) => {
    event.stopPropagation();
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      save();
    }
  };
  return html`<div class="editor"><textarea ref=${box} rows="2" aria-label="Edit message"
    onKeyDown=${press}>${message.content}</textarea>
    <small>Esc: <button type="button" class="as-link" onClick=${close}>cancel</button> · Enter: <button type="button"
      class="as-link" onClick=${save}>save</button></small></div>`;
}
