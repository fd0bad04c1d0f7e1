/** Icons drawn as lines, so that no font has to contain them. */

import { html } from "../core/html.js";

const PATHS = new Map([
  ["pause", "M8 5v14M16 5v14"],
  ["play", "M7 4l13 8-13 8z"],
  ["search", "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5"],
  ["people", "M9 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM2 20c0-4 3-6 7-6s7 2 7 6M16 4a4 4 0 0 1 0 8M18 14c3 1 4 3 4 6"],
  ["lock", "M6 11h12v9H6zM8 11V8a4 4 0 0 1 8 0v3"],
  ["voice", "M4 9v6h4l5 5V4L8 9zM16 9a4 4 0 0 1 0 6M18.5 6a8 8 0 0 1 0 12"],
  ["stage", "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5 11a7 7 0 0 0 14 0M12 18v3"],
  ["news", "M4 10v4h3l10 5V5L7 10zM20 9v6"],
  ["forum", "M4 5h16v11h-9l-5 4v-4H4z"],
  ["thread", "M7 4v8a4 4 0 0 0 4 4h9M16 12l4 4-4 4"],
  ["plus", "M12 5v14M5 12h14"],
  ["send", "M4 4l17 8-17 8 3-8zM7 12h6"],
  ["smile", "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 14c1 2 2 3 4 3s3-1 4-3M9 9v1M15 9v1"],
  ["reply", "M10 5l-6 6 6 6M4 11h9a7 7 0 0 1 7 7v1"],
  ["edit", "M4 20l1-5L16 4l4 4L9 19zM13 7l4 4"],
  ["more", "M5 12h.1M12 12h.1M19 12h.1"],
  ["clock", "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l4 2"],
  ["pin", "M9 4h6l-1 7 3 3H7l3-3zM12 14v7"],
  ["file", "M6 3h8l4 4v14H6zM14 3v4h4"],
  ["eye", "M2 12c3-5 6-7 10-7s7 2 10 7c-3 5-6 7-10 7s-7-2-10-7zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z"],
  ["warning", "M12 3l10 18H2zM12 10v5M12 18v.1"],
  ["enter", "M4 12h13M11 6l6 6-6 6M21 4v16"],
  ["shield", "M12 3l8 3v6c0 5-3 8-8 9-5-1-8-4-8-9V6z"],
  ["poll", "M5 20v-8M12 20V4M19 20v-5"],
  ["sun", "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2"],
  ["moon", "M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10z"],
  ["half", "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18"],
]);

export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path
    d=${PATHS.get(name)} /></svg>`;
}
