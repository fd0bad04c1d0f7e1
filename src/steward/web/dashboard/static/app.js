/** The first view: how the bot is now, and how it was. It asks every five seconds, and not while it is hidden. */
import { Charts } from "./charts.js";
import { NUMBERS, change, clockTime, span } from "./numbers.js";
import { Away, Refused, ask, signIn, signOut } from "./server.js";

const EVERY = 5000;
/** Each span: its button, and its seconds. */
const SPANS = { "1h": ["1 hour", 3600], "6h": ["6 hours", 21600], "24h": ["24 hours", 86400], "7d": ["7 days", 604800] };

const at = (id) => document.getElementById(id);
const charts = new Charts(at("charts"));
let chosen = "1h";
let series = null;
let seriesAt = 0;
let heardAt = 0;
let limit = 0;
let timer = 0;

function show(id) {
  for (const main of document.querySelectorAll("main")) main.hidden = main.id !== id;
}

function item(className, ...parts) {
  const found = document.createElement("li");
  found.className = className;
  for (const [tag, name, text] of parts) {
    const part = document.createElement(tag);
    part.className = name;
    part.textContent = text;
    found.append(part);
  }
  return found;
}

function drawAlerts(now) {
  const alerts = now.alerts.map((alert) =>
    item(alert.severity, ["b", "", `${alert.severity}: `], ["bdi", "", alert.sentence], ["div", "since", `since ${clockTime(alert.since)}`]),
  );
  const problems = now.problems.map((sentence) => item("warning", ["bdi", "", sentence]));
  const well = item("well", ["span", "", `All well since ${clockTime(now.well_since)}.`]);
  at("alerts").replaceChildren(...(alerts.length + problems.length > 0 ? [...alerts, ...problems] : [well]));
}

function drawTiles(now) {
  at("tiles").replaceChildren(
    ...NUMBERS.map(({ key, title, write }) => {
      const value = now.numbers[key];
      const over = key === "memory" && value !== null && value > now.memory_limit * 0.7;
      const of = key === "memory" ? ` of ${now.memory_limit} MiB` : "";
      const limited = key === "requests" && now.numbers.limited > 0 ? `, ${now.numbers.limited} refused with 429` : "";
      const note = over ? "over 70 % of the budget" : change(value, now.hour_before?.[key]);
      return item(
        over ? "over" : "",
        ["div", "label", `${title}${of}`],
        ["div", "number", value === null ? "unknown" : `${write(value)}${limited}`],
        ["div", "change", note],
      );
    }),
  );
}

function drawTasks(now) {
  at("tasks-well").textContent =
    `${now.tasks_running} tasks run.` + (now.logins === null ? "" : ` ${now.logins.left} of ${now.logins.of} logins are left today.`);
  at("tasks").replaceChildren(
    ...now.tasks.map((task) =>
      item("", ["b", "", task.name], ["div", "since", `failed ${task.failures} times: ${task.error ?? ""}`]),
    ),
  );
}

async function draw() {
  const now = await ask("api/now");
  heardAt = Date.now();
  limit = now.memory_limit;
  at("name").textContent = now.name || "Steward";
  document.title = `${now.alerts.length + now.problems.length > 0 ? "! " : ""}${now.name || "Steward"}`;
  at("state").textContent = `${now.gateway} In ${now.guilds} server${now.guilds === 1 ? "" : "s"}.`;
  at("foot").textContent = `Steward ${now.version}, up for ${span(now.uptime)}. It only shows; nothing can be changed here.`;
  drawAlerts(now);
  drawTiles(now);
  drawTasks(now);
  show("now");
  document.documentElement.classList.remove("stale");
}

async function drawSeries() {
  if (series !== null && Date.now() - seriesAt < 60000) return;
  try {
    const after = series === null || series.at.length === 0 ? 0 : series.at.at(-1);
    series = merged(series, await ask(`api/series?span=${chosen}&after=${after}`));
    seriesAt = Date.now();
    at("charts-problem").hidden = true;
    charts.show(series, limit);
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    at("charts-problem").textContent = error.message;
    at("charts-problem").hidden = false;
  }
}

/** Add newer points, and drop those that have left the span. */
function merged(before, more) {
  if (before === null || before.step !== more.step) return more;
  const since = Date.now() / 1000 - SPANS[chosen][1];
  const first = before.at.findIndex((when) => when >= since);
  const kept = first < 0 ? before.at.length : first;
  const found = { step: more.step, starts: [...before.starts, ...more.starts] };
  for (const key of Object.keys(more)) {
    if (key !== "step" && key !== "starts") found[key] = [...before[key].slice(kept), ...more[key]];
  }
  return found;
}

async function look() {
  clearTimeout(timer);
  if (document.hidden) return;
  try {
    await draw();
    await drawSeries();
    at("sign-out").hidden = sessionStorage.getItem("signed-in") === null;
  } catch (error) {
    failed(error);
  }
  document.documentElement.dataset.ready = "";
  timer = setTimeout(look, EVERY);
}

function failed(error) {
  if (error instanceof Refused) {
    at("state").textContent = "";
    at("why").textContent = error.message;
    show(error.signIn ? "sign-in" : "refusal");
    return;
  }
  if (heardAt === 0) {
    at("state").textContent = "The bot doesn't answer. I keep asking.";
  } else if (Date.now() - heardAt >= EVERY) {
    document.documentElement.classList.add("stale");
    at("state").textContent = `The bot doesn't answer; last at ${new Date(heardAt).toLocaleTimeString("en-GB")}.`;
  }
}

for (const [name, [label]] of Object.entries(SPANS)) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label;
  button.setAttribute("aria-pressed", String(name === chosen));
  button.addEventListener("click", () => {
    chosen = name;
    series = null;
    for (const other of at("spans").children) other.setAttribute("aria-pressed", String(other === button));
    look();
  });
  at("spans").append(button);
}
at("show").addEventListener("change", (event) => {
  at("password").type = event.target.checked ? "text" : "password";
});
at("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  at("refused").textContent = await signIn(at("password").value);
  if (at("refused").textContent === "") {
    at("password").value = "";
    sessionStorage.setItem("signed-in", "1");
    look();
  }
});
at("sign-out").addEventListener("click", async () => {
  await signOut();
  sessionStorage.removeItem("signed-in");
  look();
});
document.addEventListener("visibilitychange", look);
look();
