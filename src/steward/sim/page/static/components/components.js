/** The components of a message: types 1 to 3, 5 to 14 and 17; others are shown as their JSON. */

import { css } from "../controls/colour.js";
import { Guarded, Raw, html, names, useApp, useStore } from "../core/html.js";
import { Attachment, Picture } from "../messages/embeds.js";
import { Dots } from "../messages/parts.js";
import { safeAddress } from "../markdown/inline.js";
import { SelectMenu } from "./selects.js";
import { Text } from "../markdown/text.js";
import { useState } from "../vendor/hooks.js";

const STYLES = new Map([[1, "primary"], [2, "secondary"], [3, "success"], [4, "danger"], [5, "link"], [6, "premium"]]);
const SELECTS = [3, 5, 6, 7, 8];
const VIDEO = /^video\//;

export function Components({ items, message }) {
  return items.map((item, place) => html`<${Guarded} key=${item.id ?? place} data=${item} what="A component">
    <${Component} item=${item} message=${message} /></${Guarded}>`);
}

function Component({ item, message }) {
  if (SELECTS.includes(item.type)) return html`<${MessageSelect} item=${item} message=${message} />`;
  switch (item.type) {
    case 1: return html`<div class="row-of"><${Components} items=${item.components} message=${message} /></div>`;
    case 2: return html`<${Button} item=${item} message=${message} />`;
    case 9: return html`<div class="section"><div class="section-texts">
      <${Components} items=${item.components} message=${message} /></div>
      <${Component} item=${item.accessory} message=${message} /></div>`;
    case 10: return html`<${Text} text=${item.content} />`;
    case 11: return html`<${Picture} address=${item.media.url} width=${item.media.width} height=${item.media.height}
      text=${item.description} spoiler=${item.spoiler} small />`;
    case 12: return html`<${Gallery} items=${item.items} />`;
    case 13: return html`<${UploadedFile} item=${item} message=${message} />`;
    case 14: return html`<hr
      class=${names("separator", item.spacing === 2 && "wide", item.divider === false && "bare")} />`;
    case 17: return html`<${Container} item=${item} message=${message} />`;
    default: return html`<${Unknown} item=${item} />`;
  }
}

/** A component of a type that this page does not know. */
export function Unknown({ item }) {
  return html`<${Raw} title=${`Component of type ${item.type}`} data=${item} />`;
}

/** Return whether a click on this waits for the bot, and the error of the last one. */
function useClick(message, id) {
  return useStore((state) => state.clicks.get(`${message.id} ${id}`) ?? null);
}

function emojiOf(emoji) {
  return emoji ? (emoji.id ? `:${emoji.name}:` : emoji.name) : "";
}

function Button({ item, message }) {
  const app = useApp();
  const click = useClick(message, item.custom_id);
  const words = html`${item.emoji ? html`<span>${emojiOf(item.emoji)}</span>` : null}${item.label
    ? html`<bdi>${item.label}</bdi>` : null}`;
  const style = STYLES.get(item.style) ?? "secondary";
  if (item.style === 5) {
    const address = safeAddress(item.url ?? "");
    if (address === null) return html`<span class="button link" aria-disabled="true">${words}</span>`;
    return html`<a class="button link" href=${address} title=${address} target="_blank"
      rel="noopener noreferrer">${words}
      <span aria-hidden="true">↗</span></a>`;
  }
  if (item.style === 6) return html`<button type="button"
    class="button premium" disabled>Premium ${item.sku_id}</button>`;
  const press = () => app.interact("click", message, item.custom_id);
  const waits = click === "waiting";
  const label = waits ? item.label || emojiOf(item.emoji) : undefined; // the dots say nothing
  return html`<button type="button" class="button ${style}" disabled=${item.disabled} aria-busy=${waits}
    aria-label=${label} onClick=${waits ? undefined : press}>${waits ? html`<${Dots} />` : words}</button>`;
}

function MessageSelect({ item, message }) {
  const app = useApp();
  const click = useClick(message, item.custom_id);
  const choose = (values) => app.interact("select", message, item.custom_id, { values });
  return html`<${SelectMenu} item=${item} busy=${click === "waiting"} onChoose=${choose} />`;
}

function Gallery({ items }) {
  return html`<div
    class=${`gallery of-${Math.min(items.length, 4)}`}>${items.map(({ media, description, spoiler }) => html`
    <${Picture} address=${media.url} width=${media.width} height=${media.height} text=${description} spoiler=${spoiler}
      kind=${VIDEO.test(media.content_type ?? "") ? "Video" : "Image"} />`)}</div>`;
}

function UploadedFile({ item, message }) {
  const name = item.name ?? item.file.url.split("/").at(-1);
  const known = message.attachments.find((file) => file.url === item.file.url);
  const file = known ?? { url: item.file.url, filename: name, size: item.size, content_type: "" };
  return html`<${Attachment} file=${file} />`;
}

function Container({ item, message }) {
  const [hidden, setHidden] = useState(Boolean(item.spoiler));
  const accent = item.accent_color;
  const style = accent === null || accent === undefined ? undefined : { borderInlineStartColor: css(accent) };
  if (hidden) return html`<button type="button" class="hidden-picture"
    onClick=${() => setHidden(false)}>Spoiler: show</button>`;
  return html`<div class=${names("container", style && "accented")} style=${style}>
    <${Components} items=${item.components} message=${message} /></div>`;
}
