/** Six charts with one cursor. A canvas is mute, so each has a sentence and a table beside it. */
import { NUMBERS, clockTime } from "./numbers.js";

/* global uPlot */
const HEIGHT = 170;
const cursors = window.uPlot ? uPlot.sync("now") : null;

/**
 * The charts of all numbers.
 * @param {HTMLElement} place
 */
export class Charts {
  constructor(place) {
    this.place = place;
    this.drawn = [];
    this.data = null;
    this.limit = 0;
    new ResizeObserver(() => this.resize()).observe(place);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
  }

  /** Show series as the bot sends them; `limit` is the memory's budget in MiB. */
  show(data, limit) {
    this.data = data;
    this.limit = limit;
    this.redraw();
  }

  redraw() {
    if (this.data === null) return;
    for (const plot of this.drawn) plot.destroy();
    this.drawn = [];
    const filled = withGaps(this.data);
    this.place.replaceChildren(...NUMBERS.map((number) => this.figure(number, filled)));
    this.resize();
  }

  figure(number, filled) {
    const figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    const values = filled[number.key];
    caption.textContent = sentence(number, values);
    const plot = document.createElement("div");
    plot.className = "plot";
    plot.setAttribute("role", "img");
    plot.setAttribute("aria-label", caption.textContent);
    figure.append(caption, plot, table(number, filled.at, values));
    if (window.uPlot && filled.at.length > 0) this.drawn.push(this.plot(number, filled, plot));
    return figure;
  }

  plot(number, filled, place) {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const [blue, quiet, line, red] = ["--blue", "--quiet", "--line", "--red"].map((name) => resolved(colour(name)));
    const axis = { stroke: quiet, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
    const series = [{}, { label: number.title, stroke: blue, width: 1.5, spanGaps: false, points: { show: false } }];
    const data = [filled.at, filled[number.key]];
    if (number.key === "memory" && this.limit > 0) {
      series.push({ label: "Budget", stroke: red, dash: [6, 4], width: 1, points: { show: false } });
      data.push(filled.at.map(() => this.limit));
    }
    return new uPlot(
      {
        width: 300,
        height: HEIGHT,
        legend: { show: false },
        cursor: { sync: { key: cursors.key }, drag: { x: false, y: false } },
        scales: { y: { range: (_, low, high) => [0, high > 0 ? high * 1.1 : 1] } },
        axes: [
          { ...axis, values: (_, ticks) => ticks.map(clockTime), space: 110 },
          { ...axis, values: (_, ticks) => ticks.map(number.write), size: 70 },
        ],
        series,
        hooks: { draw: [(plot) => restarts(plot, filled.starts, red)] },
      },
      data,
      place,
    );
  }

  resize() {
    for (const plot of this.drawn) plot.setSize({ width: Math.max(200, plot.root.parentElement.clientWidth), height: HEIGHT });
  }
}

/** Colours of CSS may be light-dark(); a canvas takes plain ones only. */
function resolved(colour) {
  const probe = document.createElement("i");
  probe.style.color = colour;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

/** A vertical line where the bot was started. */
function restarts(plot, starts, colour) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.setLineDash([2, 3]);
  for (const at of starts) {
    const x = Math.round(plot.valToPos(at, "x", true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

/** Put an empty point where steps are missing, so that a gap stays a gap. */
function withGaps(data) {
  const found = { at: [], starts: data.starts };
  for (const { key } of NUMBERS) found[key] = [];
  data.at.forEach((at, place) => {
    const before = found.at.at(-1);
    if (before !== undefined && at - before > data.step * 1.5) {
      found.at.push(before + data.step);
      for (const { key } of NUMBERS) found[key].push(null);
    }
    found.at.push(at);
    for (const { key } of NUMBERS) found[key].push(data[key][place]);
  });
  return found;
}

function sentence(number, values) {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return `${number.title}: no data yet.`;
  const last = known.at(-1);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return `${number.title}: ${number.write(last)} last, between ${number.write(low)} and ${number.write(high)}.`;
}

function table(number, at, values) {
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = "As a table";
  details.append(summary);
  details.addEventListener("toggle", () => {
    if (!details.open || details.querySelector("table") !== null) return;
    const found = document.createElement("table");
    const every = Math.max(1, Math.ceil(at.length / 24));
    const rows = at.map((when, place) => [when, values[place]]).filter((_, place) => (at.length - 1 - place) % every === 0);
    const head = found.createTHead().insertRow();
    for (const title of ["Time", number.title]) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = title;
      head.append(cell);
    }
    const body = found.createTBody();
    for (const [when, value] of rows.reverse()) {
      const row = body.insertRow();
      row.insertCell().textContent = clockTime(when);
      row.insertCell().textContent = value === null ? "no data" : number.write(value);
    }
    details.append(found);
  });
  return details;
}
