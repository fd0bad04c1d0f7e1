/** Draws Discord's Markdown. */

import { useMemo, useState } from "../vendor/hooks.js";
import { isInstant, relative, useNow, written } from "../core/clock.js";
import { html, memo, useApp, useStore } from "../core/html.js";
import { inline } from "./inline.js";
import { blocks } from "./markdown.js";

const ONLY_EMOJI = /^(?:\p{Extended_Pictographic}[\p{Emoji_Modifier}\u{FE0F}\u{200D}]*\s*){1,27}$/u;
const PLACES = new Map([["browse", "Browse Channels"], ["customize", "Channels & Roles"], ["guide", "Server Guide"],
  ["linked-roles", "Linked Roles"]]);

/** A text with headings, lists, quotes and code blocks. */
export const Text = memo(({ text, edited }) => {
  const tree = useMemo(() => blocks(text), [text]);
  const large = ONLY_EMOJI.test(text) ? " large" : "";
  return html`<div class="text${large}">
    ${tree.map((block) => drawBlock(block))}
    ${edited ? html` <span class="edited" title=${edited}>(edited)</span>` : null}
  </div>`;
});

/** A text of one line: inline styles only; `plain` within a button or a link, where nothing else can be pressed. */
export const Line = memo(({ text, plain }) => {
  const tree = useMemo(() => inline(text), [text]);
  return html`<span class="line">${tree.map(plain ? drawPlain : drawInline)}</span>`;
});

/** Return what a message says as one line, for `Line`: without the marks of quotes and headings. */
export function preview({ content }) {
  return content.slice(0, 200).replace(/^(?:>>> |> |#{1,3} |-# )+/gm, "");
}

function drawBlock(block) {
  if (block.kind === "code") {
    const label = block.language ? `Code in ${block.language}` : "Code";
    return html`<pre class="code" tabindex="0" role="region" aria-label=${label}><code>${block.text}</code></pre>`;
  }
  if (block.kind === "quote") return html`<blockquote>${block.blocks.map(drawBlock)}</blockquote>`;
  if (block.kind === "list") return drawList(block.items, 0).list;
  if (block.kind === "heading") {
    // Headings of a message are no headings of this page.
    return html`<div class="heading h${block.level}">${block.parts.map(drawInline)}</div>`;
  }
  return html`<div class=${block.kind === "small" ? "fine" : "plain"}>${block.parts.map(drawInline)}</div>`;
}

/** Draw the items from a place on that are at least as deep as that one. */
function drawList(items, start) {
  const { depth, number } = items[start];
  const drawn = [];
  let place = start;
  while (place < items.length && items[place].depth >= depth) {
    const item = items[place];
    if ((item.number === null) !== (number === null) && item.depth === depth) break;
    let below = null;
    let next = place + 1;
    if (next < items.length && items[next].depth > depth) {
      const inner = drawList(items, next);
      below = inner.list;
      next = inner.next;
    }
    drawn.push(html`<li>${item.parts.map(drawInline)}${below}</li>`);
    place = next;
  }
  const list = number === null ? html`<ul>${drawn}</ul>` : html`<ol start=${number}>${drawn}</ol>`;
  if (depth > 0 || place >= items.length) return { list, next: place };
  const rest = drawList(items, place);
  return { list: html`<div>${list}${rest.list}</div>`, next: rest.next };
}

function drawInline(node) {
  if (typeof node === "string") return node;
  const inside = () => node.parts.map(drawInline);
  switch (node.kind) {
    case "strong": return html`<strong>${inside()}</strong>`;
    case "em": return html`<em>${inside()}</em>`;
    case "under": return html`<u>${inside()}</u>`;
    case "strike": return html`<s>${inside()}</s>`;
    case "spoiler": return html`<${Spoiler}>${inside()}</${Spoiler}>`;
    case "code": return html`<code>${node.text}</code>`;
    case "link": return html`<${Link} address=${node.address}>${inside()}</${Link}>`;
    case "time": return html`<${Timestamp} ...${node} />`;
    case "emoji": return html`<span class="custom-emoji">:${node.name}:</span>`;
    case "everyone": return html`<span class="mention">${node.text}</span>`;
    case "place": return html`<span class="mention">${PLACES.get(node.name)}</span>`;
    case "command": return html`<${CommandMention} name=${node.name} />`;
    default: return html`<${Mention} kind=${node.kind} id=${node.id} />`;
  }
}

function drawPlain(node) {
  if (node.kind === "spoiler") return "▒▒▒";
  if (node.parts) return node.kind === "strong" ? html`<b>${node.parts.map(drawPlain)}</b>` : node.parts.map(drawPlain);
  const named = ["user", "role", "channel"].includes(node.kind);
  if (named) return html`<${Mention} plain kind=${node.kind} id=${node.id} />`;
  if (node.kind === "command") return `/${node.name}`;
  return node.kind === "code" ? html`<code>${node.text}</code>` : drawInline(node);
}

export function Link({ address, children }) {
  return html`<a href=${address} title=${address} target="_blank" rel="noopener noreferrer nofollow">${children}</a>`;
}

function Spoiler({ children }) {
  const [open, setOpen] = useState(false);
  if (open) return html`<span class="spoiler open">${children}</span>`;
  return html`<button type="button" class="spoiler" aria-label="Spoiler, show" onClick=${() => setOpen(true)}>
    <span aria-hidden="true">${children}</span></button>`;
}

function Timestamp({ seconds, style, source }) {
  const milliseconds = seconds * 1000;
  if (!isInstant(milliseconds)) return source;
  const words = style === "R" ? html`<${Relative} milliseconds=${milliseconds} />` : written(milliseconds, style);
  return html`<time class="timestamp" dateTime=${new Date(milliseconds).toISOString()}
    title=${written(milliseconds, "F")}>${words}</time>`;
}

function Relative({ milliseconds }) {
  return relative(milliseconds, useNow());
}

function CommandMention({ name }) {
  const app = useApp();
  return html`<button type="button" class="mention"
    onClick=${() => app.type(`/${name}`)}>/<bdi>${name}</bdi></button>`;
}

function Mention({ kind, id, plain }) {
  const app = useApp();
  const found = useStore((state) => named(state, kind, id));
  if (kind === "channel" && found && !plain) {
    return html`<button type="button" class="mention"
      onClick=${() => app.look({ channel: id })}>#<bdi>${found}</bdi></button>`;
  }
  if (kind === "user" && found && !plain) {
    const show = () => app.profile(id);
    return html`<button type="button" class="mention" onClick=${show}>@<bdi>${found}</bdi></button>`;
  }
  const unknown = { user: `<@${id}>`, role: "@unknown-role", channel: "# unknown" }[kind];
  const sign = kind === "channel" ? "#" : "@";
  return html`<span class="mention">${found ? html`${sign}<bdi>${found}</bdi>` : unknown}</span>`;
}

/** The name of a member, role or channel, or undefined. */
function named(state, kind, id) {
  if (kind === "role") return state.guild?.roles.find((role) => role.id === id)?.name.replace(/^@/, "");
  if (kind === "channel") return state.channels.find((channel) => channel.id === id)?.name;
  const known = state.people.get(id) ?? (state.me?.id === id ? state.me : state.users.get(id));
  return known && userName(known);
}

/** The name by which a user or a member is shown. */
export function userName(user) {
  return user.nick || user.name || user.global_name || user.username;
}
