/** The bar of time: pause, speeds, jumps, the clock, faults and the theme. */

import { useRef, useState } from "../vendor/hooks.js";
import { instant, useNow, written, writtenClock, zone } from "../core/clock.js";
import { html, names, useApp, useParts, useStore } from "../core/html.js";
import { lazy } from "../core/lazy.js";
import { Icon } from "../controls/icons.js";
import { useRoving } from "../controls/roving.js";

const Jumps = lazy(() => import("./time_menus.js"), "Jumps");
const Faults = lazy(() => import("./time_menus.js"), "Faults");
const SPEEDS = [[1, "×1"], [10, "×10"], [100, "×100"], [null, "max"]];
const LINKS = new Map([["loading", "○ connecting"], ["closed", "○ off"]]);
const BEHIND = 0.8; // of the speed that was asked for

function Clock() {
  const app = useApp();
  const now = useNow();
  const speed = useStore((state) => state.time?.speed);
  const until = useStore((state) => state.time?.until);
  const pace = app.clock.pace;
  const target = until ? instant(until) : null;
  const slow = speed > 1 && pace !== null && pace < speed * BEHIND ? `×${Math.round(pace)} of ×${speed}` : "";
  return html`<span class="clock" role="timer" aria-label="Simulated time">${slow ? html`<small
    class="slow">${slow}</small> ` : null}
    ${target && target > now ? html`<small>to ${written(target, "s")} </small>` : null}
    <span class="date">${written(now, "D")}, </span>${writtenClock(now)} <small>${zone(now)}</small></span>`;
}

export function TimeBar() {
  const app = useApp();
  const { time, link } = useParts();
  const [open, setOpen] = useState(null);
  const [sheet, setSheet] = useState(false);
  const toolbar = useRoving({ across: true });
  const jump = useRef(null);
  const fault = useRef(null);
  const controls = time?.controls ?? false;
  const paused = time?.speed === 0;
  const other = Boolean(time?.speed) && !SPEEDS.some(([speed]) => speed === time.speed);
  const go = (fields) => {
    setOpen(null);
    app.setTime(fields);
  };
  const speedButton = ([speed, words]) => html`<button type="button" data-stop key=${words}
    aria-pressed=${time?.speed === speed} onClick=${() => go({ speed })}>${words}</button>`;
  return html`<header class=${names("timebar", paused && "paused", sheet && "unfolded")}>
    <h1>Simulated Discord</h1>
    <div class="time-controls" role="toolbar" aria-label="Simulated time and faults" ...${toolbar}>
      ${controls ? html`<button type="button" data-stop aria-pressed=${paused} aria-label="Pause"
        onClick=${() => go({ speed: paused ? time.resume : 0 })}><${Icon} name=${paused ? "play" : "pause"} /></button>
      ${SPEEDS.map(speedButton)}
      ${other ? speedButton([time.speed, `×${time.speed}`]) : null}
      <button type="button" data-stop ref=${jump} aria-haspopup="dialog" aria-expanded=${open === "jump"}
        onClick=${() => setOpen(open === "jump" ? null : "jump")}>Jump to…</button>` : null}
      <button type="button" data-stop ref=${fault} aria-haspopup="dialog" aria-expanded=${open === "fault"}
        onClick=${() => setOpen(open === "fault" ? null : "fault")}>Faults…</button>
    </div>
    ${paused ? html`<span class="stands">Time stands still; clicks are answered</span>` : null}
    <div class="time-right">
      <button type="button" class="unfold" aria-expanded=${sheet} aria-label="Time controls"
        onClick=${() => setSheet(!sheet)}><${Icon} name="clock" /></button>
      ${time ? html`<${Clock} />` : null}
      <span class=${names("live", link)}>${link !== "open" ? LINKS.get(link) : paused ? "❚❚ paused" : "● live"}</span>
      <${Theme} />
    </div>
    ${open === "jump" ? html`<${Jumps} anchor=${jump} onClose=${() => setOpen(null)} onGo=${go} />` : null}
    ${open === "fault" ? html`<${Faults} anchor=${fault} onClose=${() => setOpen(null)} />` : null}
  </header>`;
}

const THEMES = new Map([["", ["half", "Theme of the system"]], ["light", ["sun", "Light theme"]], ["dark", ["moon",
  "Dark theme"]]]);

function Theme() {
  const app = useApp();
  const theme = useStore((state) => state.theme ?? "");
  const order = [...THEMES.keys()];
  const [icon, words] = THEMES.get(theme) ?? THEMES.get("");
  return html`<button type="button" class="theme" aria-label=${`${words}; change`} title=${words}
    onClick=${() => app.setTheme(order[(order.indexOf(theme) + 1) % order.length])}><${Icon} name=${icon} /></button>`;
}
