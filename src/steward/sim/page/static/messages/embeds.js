/** Embeds, attachments, polls, stickers and reactions of a message. */

import { useState } from "../vendor/hooks.js";
import { instant, relative, useNow, writtenSent } from "../core/clock.js";
import { css } from "../controls/colour.js";
import { counted, html, memo, useApp } from "../core/html.js";
import { Icon } from "../controls/icons.js";
import { safeAddress } from "../markdown/inline.js";
import { Line, Link, Text } from "../markdown/text.js";

const UPLOADS = /^https?:\/\/[^/]+\/(attachments\/.+)$/;
const LARGEST = { width: 400, height: 300 };

/** Return the address of an upload relative to this page; null for other addresses, which are never loaded. */
export function uploaded(address) {
  const path = UPLOADS.exec(address ?? "")?.[1];
  const ours = path && new RegExp("^https?://(127\\.0\\.0\\.1|localhost|\\[::1\\]|" +
    `${location.hostname.replace(/[^\w.-]/g, "")})(:|/)`).test(address);
  return ours ? path : null;
}

/** A picture: an upload is shown, anything else is a link, as this page loads nothing from elsewhere. */
export function Picture({ address, text, width, height, spoiler, small, kind = "Image" }) {
  const [broken, setBroken] = useState(false);
  const [hidden, setHidden] = useState(Boolean(spoiler));
  const path = uploaded(address);
  if (path === null || broken) {
    const safe = safeAddress(address ?? "");
    return html`<div class="outside"><span>${broken ? "Image is gone" : `${kind} from elsewhere, not loaded`}</span>
      ${safe ? html`<${Link} address=${safe}>${safe}</${Link}>` : html`<span>${address}</span>`}
      ${text ? html`<small>${text}</small>` : null}</div>`;
  }
  if (hidden) return html`<button type="button" class="hidden-picture"
    onClick=${() => setHidden(false)}>Spoiler: show the image</button>`;
  const most = small ? { width: 80, height: 80 } : LARGEST;
  const scale = width && height ? Math.min(1, most.width / width, most.height / height) : 1;
  const size = width && height ? { width: Math.round(width * scale), height: Math.round(height * scale) } : {};
  return html`<a class="picture" href=${path} target="_blank" rel="noopener" aria-label=${`Open: ${text || "image"}`}>
    <img src=${path} alt=${text || "Image"} ...${size} onError=${() => setBroken(true)} /></a>`;
}

export const Embed = memo(({ embed }) => {
  const { clock } = useApp();
  const { title, url, description, fields = [], author, footer, image, thumbnail, timestamp, color } = embed;
  if (embed.type === "poll_result") return html`<${PollResult} fields=${fields} />`;
  const address = safeAddress(url ?? "");
  const style = color === null || color === undefined ? undefined : { borderInlineStartColor: css(color) };
  return html`<article class="embed" style=${style}>
    <div class="embed-words">
      ${author?.name ? html`<div class="embed-author"><bdi>${author.name}</bdi></div>` : null}
      ${title ? html`<div class="embed-title">${address
        ? html`<${Link} address=${address}><${Line} plain text=${title} /></${Link}>` : html`<${Line}
          text=${title} />`}</div>` : null}
      ${description ? html`<${Text} text=${description} />` : null}
      ${fields.length ? html`<dl class="embed-fields">${fields.map((field) => html`<div
        class=${field.inline ? "inline" : ""}>
        <dt><${Line} text=${field.name} /></dt><dd><${Text} text=${field.value} /></dd></div>`)}</dl>` : null}
      ${image ? html`<${Picture} address=${image.url} width=${image.width} height=${image.height}
        text=${image.description} />` : null}
      ${footer?.text || timestamp ? html`<div class="embed-footer"><bdi>${footer?.text}</bdi>
        ${footer?.text && timestamp ? " · " : ""}${timestamp ? writtenSent(instant(timestamp), clock.now()) : ""}</div>` : null}
    </div>
    ${thumbnail ? html`<${Picture} address=${thumbnail.url} width=${thumbnail.width}
      height=${thumbnail.height} small />` : null}
  </article>`;
});

function PollResult({ fields }) {
  const values = new Map(fields.map((field) => [field.name, field.value]));
  const winner = values.get("victor_answer_text");
  return html`<article class="embed"><div class="embed-words">
    <div class="embed-title"><bdi>${values.get("poll_question_text")}</bdi></div>
    <div>${winner ? html`<bdi>${winner}</bdi> won` : "There is no winner"}${" · "}
    ${counted(Number(values.get("total_votes")), "vote")}</div>
  </div></article>`;
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1 << 20 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / (1 << 20)).toFixed(1)} MB`;
}

export const Attachment = memo(({ file }) => {
  const { url, filename, content_type: kind = "", description } = file;
  if (kind?.startsWith("image/") && !kind.includes("svg")) {
    return html`<${Picture} address=${url} width=${file.width} height=${file.height} text=${description || filename}
      spoiler=${filename.startsWith("SPOILER_")} />`;
  }
  const path = uploaded(url) ?? safeAddress(url ?? "");
  return html`<div class="file"><${Icon} name="file" /><div>
    ${path ? html`<a href=${path} download=${filename}><bdi>${filename}</bdi></a>`
      : html`<bdi>${filename}</bdi>`}
    <small>${size(file.size ?? 0)}</small></div></div>`;
});

export function Stickers({ items }) {
  return html`<div class="stickers">${items.map((item) => html`<div class="sticker" role="img"
    aria-label=${`Sticker: ${item.name}`}><bdi>${item.name}</bdi></div>`)}</div>`;
}

export const Reactions = memo(({ message }) => {
  const app = useApp();
  return html`<div class="reactions">${message.reactions.map(({ emoji, count, me }) => {
    const key = emoji.id ? `${emoji.name}:${emoji.id}` : emoji.name;
    const shown = emoji.id ? `:${emoji.name}:` : emoji.name;
    const toggle = () => app.act(me ? "unreact" : "react", { message: message.id, emoji: key });
    return html`<button type="button" key=${key} aria-pressed=${me} class="reaction"
      aria-label=${`${shown}, ${count}`} onClick=${toggle}><bdi>${shown}</bdi> ${count}</button>`;
  })}</div>`;
});

export function Poll({ message }) {
  const { poll } = message;
  const app = useApp();
  const now = useNow();
  const results = new Map((poll.results?.answer_counts ?? []).map((one) => [one.id, one]));
  const total = [...results.values()].reduce((sum, one) => sum + one.count, 0);
  const own = [...results.values()].filter((one) => one.me_voted).map((one) => one.id);
  const closed = poll.results?.is_finalized || instant(poll.expiry) <= now;
  const ends = relative(instant(poll.expiry), now);
  const vote = (id) => {
    const left = own.includes(id) ? own.filter((one) => one !== id) : [...(poll.allow_multiselect ? own : []), id];
    const texts = poll.answers.filter((answer) => left.includes(answer.answer_id)).map((answer) =>
      answer.poll_media.text);
    app.act("vote", { message: message.id, answers: texts });
  };
  return html`<section class="poll" aria-label="Poll">
    <b><bdi>${poll.question.text}</bdi></b>
    <small>${closed ? "Closed" : poll.allow_multiselect ? "Select one or more answers" : "Select one answer"}</small>
    ${poll.answers.map(({ answer_id: id, poll_media: media }) => {
      const { count = 0 } = results.get(id) ?? {};
      const part = total ? Math.round((count / total) * 100) : 0;
      return html`<button type="button" class="answer" key=${id} disabled=${closed}
        aria-pressed=${own.includes(id)}
        onClick=${() => vote(id)}><span class="bar" style=${{ width: `${part}%` }}></span>
        <span>${media.emoji?.name ? `${media.emoji.name} ` : ""}<bdi>${media.text}</bdi></span>
        <span>${count} · ${part} %</span></button>`;
    })}
    <small>${`${counted(total, "vote")} · ${closed ? "ended" : "ends"} ${ends}`}</small>
  </section>`;
}
