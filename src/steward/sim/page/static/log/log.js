/** The drawer with the bots' requests and, if asked for, the gateway's traffic. */

import { useMemo, useState } from "../vendor/hooks.js";
import { instant, writtenClock } from "../core/clock.js";
import { counted, html, memo, names, useApp, useParts, useStore } from "../core/html.js";
import { useRoving } from "../controls/roving.js";

const SHORTEST = 80;
const TALLEST = 0.7; // of the window
const STEP = 24;

/** What limited a request, or how much of its limit is left. */
export function limitOf(row) {
  if (row.fault) return `fault: ${row.fault}`;
  if (row.hidden) return `hidden: ${row.hidden}`;
  if (row.status === 429) return `${row.scope ?? "user"} limit${row.reset_after ? `, ${row.reset_after.toFixed(1)} s`
    : ""}`;
  if (!row.bucket) return "";
  const left = row.remaining === null || row.remaining === undefined ? "" : ` ${row.remaining} left`;
  const reset = row.reset_after ? `, resets in ${row.reset_after.toFixed(1)} s` : "";
  return `bucket ${String(row.bucket).slice(0, 6)}${left}${reset}`;
}

function kindOf(row) {
  if (row.fault) return "fault";
  if (row.status === 429) return "limited";
  return row.status >= 400 || row.status === 0 ? "failed" : "";
}

function useLines(filter) {
  const { log, gateway, showGateway: withGateway } = useParts();
  return useMemo(() => {
    const wanted = filter.toLowerCase();
    const rows = log.map((row) => ({ key: `r${row.row}`, at: instant(row.at), row,
      words: `${row.method} ${row.path} ${row.route} ${row.status} ${row.bot} ${limitOf(row)}` }));
    const ops = withGateway ? gateway.map((op, place) => ({ key: `g${op.at}${place}`, at: instant(op.at), op,
      words: op.name })) : [];
    return [...rows, ...ops].filter((line) => !wanted || line.words.toLowerCase().includes(wanted))
      .sort((one, other) => one.at - other.at).reverse();
  }, [log, gateway, withGateway, filter]);
}

export function Log() {
  const app = useApp();
  const { totals, showGateway: withGateway } = useParts();
  const [filter, setFilter] = useState("");
  const [height, setHeight] = useState(148);
  const [frozen, setFrozen] = useState(null);
  const [detail, setDetail] = useState(null);
  const lines = useLines(filter);
  const shown = frozen ?? lines;
  const fresh = frozen ? lines.length ? lines.findIndex((line) => line.key === frozen[0]?.key) : 0 : 0;
  const roving = useRoving();
  const scroller = roving.ref;
  const scrolled = () => {
    const up = scroller.current.scrollTop > 2;
    if (up !== Boolean(frozen)) setFrozen(up ? lines : null);
  };
  const resize = (to) => setHeight(Math.max(SHORTEST, Math.min(innerHeight * TALLEST, to)));
  const drag = (event) => {
    const from = { y: event.clientY, height };
    const move = (moved) => resize(from.height + from.y - moved.clientY);
    const end = () => removeEventListener("pointermove", move);
    addEventListener("pointermove", move);
    addEventListener("pointerup", end, { once: true });
  };
  const press = (event) => {
    const step = { ArrowUp: STEP, ArrowDown: -STEP }[event.key];
    if (!step) return;
    event.preventDefault();
    resize(height + step);
  };
  const newest = () => { scroller.current.scrollTop = 0; };
  const open = async (row) => {
    if (detail?.row.row === row.row) setDetail(null);
    else {
      setDetail({ row, body: undefined });
      const found = await app.request(row.row);
      setDetail((now) => (now?.row.row === row.row ? { row, ...found } : now));
    }
  };
  const leave = (event) => {
    if (event.key !== "Escape" || !detail) return;
    event.stopPropagation();
    setDetail(null);
  };
  return html`<section class="log" aria-label="API requests" style=${{ height: `${height}px` }} onKeyDown=${leave}>
    <div class="handle" role="separator" aria-orientation="horizontal" aria-label="Height of the log" tabindex="0"
      aria-valuenow=${Math.round(height)}
      aria-valuemin=${SHORTEST} aria-valuemax="2000" onPointerDown=${drag} onKeyDown=${press}></div>
    <div class="log-head"><h2>API</h2><span>${counted(totals.requests, "request")},
        ${" "}${totals.limited.toLocaleString()} limited</span>
      <input aria-label="Filter the log" placeholder="Filter" value=${filter}
        onInput=${(event) => setFilter(event.target.value)} />
      <label class="choice"><input type="checkbox" checked=${withGateway}
        onChange=${(event) => app.showGateway(event.target.checked)} /> Gateway</label>
      ${frozen ? html`<button type="button" class="as-link"
        onClick=${newest}>${fresh > 0 ? `${fresh} new ↑` : "To the newest ↑"}</button>` : null}
      <button type="button" class="close" aria-label="Hide the log" title="Ctrl+\`"
        onClick=${app.toggleDrawer}>✕</button></div>
    <div class="log-scroll" onScroll=${scrolled} role="region" aria-label="Requests" ...${roving}>
      <table><thead><tr><th>time</th><th>request</th><th>status</th><th>ms</th><th>limit</th><th>bot</th></tr></thead>
      <tbody>${shown.map((line) => (line.op ? html`<${Op} key=${line.key} at=${line.at} op=${line.op} />`
        : html`<${Request} key=${line.key} at=${line.at} row=${line.row}
        chosen=${detail?.row.row === line.row.row} onOpen=${open} />`))}</tbody></table>
      ${shown.length ? null : html`<p class="nothing">${filter ? "Nothing fits the filter." : "No request yet."}</p>`}
    </div>
    ${detail ? html`<${Detail} detail=${detail} onClose=${() => setDetail(null)} />` : null}
  </section>`;
}

const Request = memo(({ row, at, chosen, onOpen }) => html`<tr class=${names(kindOf(row), chosen && "chosen")}>
  <td data-label="time">${writtenClock(at)}</td>
  <td data-label="request"><button type="button" class="log-row" data-stop aria-expanded=${Boolean(chosen)}
    title=${row.path} onClick=${() => onOpen(row)}><b>${row.method}</b> ${row.route || row.path}</button></td>
  <td data-label="status">${row.status || "no answer"}</td><td
    data-label="ms">${row.ms === null || row.ms === undefined ? "" : Math.round(row.ms)}</td>
  <td data-label="limit">${limitOf(row)}</td><td data-label="bot"><${BotName} id=${row.bot} /></td></tr>`);

function BotName({ id }) {
  const name = useStore((state) => state.bots.find((bot) => bot.id === id)?.name ?? id);
  return html`<bdi>${name}</bdi>`;
}

const Op = memo(({ op, at }) => html`<tr class="op"><td data-label="time">${writtenClock(at)}</td>
  <td data-label="gateway"><b>${op.to_bot ? "→ bot" : "← bot"}</b> ${op.name}</td><td></td><td></td>
  <td class="cut" data-label="data">${JSON.stringify(op.data)?.slice(0, 200)}</td><td></td></tr>`);

function Detail({ detail, onClose }) {
  const app = useApp();
  const { row, body, result, error } = detail;
  const text = (value) => (value === null || value === undefined ? "none" : typeof value === "string" ? value
    : JSON.stringify(value, null, 2));
  const message = result?.id && result?.channel_id ? result : null;
  return html`<div class="log-detail" role="region" aria-label="The chosen request">
    <div class="log-head"><b title=${row.path}>${row.method} ${row.path}</b>
      ${message ? html`<button type="button" class="as-link"
        onClick=${() => app.showMessage(message)}>Show message</button>` : null}
      <button type="button" class="close" aria-label="Close the request" onClick=${onClose}>✕</button></div>
    ${error ? html`<p class="failure">${error}</p>` : body === undefined && result === undefined ? html`<p
      class="nothing">Loading…</p>`
      : html`<div class="two" tabindex="0" role="region" aria-label="Bodies">
        <div><h3>Body</h3><pre>${text(body)}</pre></div>
        <div><h3>Response</h3><pre>${text(result)}</pre></div></div>`}
  </div>`;
}
