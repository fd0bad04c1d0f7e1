/** Slash commands and their options: which there are, which fit a text, and what a typed value means. */

export const STRING = 3, INTEGER = 4, BOOLEAN = 5, USER = 6, CHANNEL = 7, ROLE = 8, MENTIONABLE = 9, NUMBER = 10;
export const ATTACHMENT = 11;
const SUBCOMMAND = 1;
const GROUP = 2;
const CHAT_INPUT = 1;
const TYPES = new Map([[STRING, "a text"], [INTEGER, "a whole number"], [BOOLEAN, "True or False"], [USER, "a member"],
  [CHANNEL, "a channel"], [ROLE, "a role"], [MENTIONABLE, "a member or a role"], [NUMBER, "a number"],
  [ATTACHMENT, "a file"]]);
export const ENTITY_KINDS = new Map([[USER, ["user"]], [CHANNEL, ["channel"]], [ROLE, ["role"]],
  [MENTIONABLE, ["user", "role"]]]);

/** Return the slash commands, each subcommand for itself: `{path, description, options, bot, refused, value}`. */
export function slashCommands(commands) {
  const found = [];
  for (const command of commands) {
    if ((command.type ?? CHAT_INPUT) !== CHAT_INPUT) continue;
    const { bot, refused } = command;
    const walk = (level, path) => {
      const inner = (level.options ?? []).filter((option) => option.type === SUBCOMMAND || option.type === GROUP);
      for (const option of inner) walk(option, `${path} ${option.name}`);
      if (inner.length) return;
      const options = [...(level.options ?? [])].sort((one, other) =>
        Number(Boolean(other.required)) - Number(Boolean(one.required)));
      found.push({ value: `${command.id} ${path}`, path, description: level.description, options, bot, refused });
    };
    walk(command, command.name);
  }
  return found;
}

/** Return the commands that fit what was typed after the slash, the best first. */
export function fitting(commands, typed, most = 60) {
  const wanted = typed.toLowerCase().trim();
  const ranked = commands.map((command) => ({ command, rank: rankOf(command, wanted) })).filter(({ rank }) => rank < 3);
  return ranked.sort((one, other) => one.rank - other.rank).slice(0, most).map(({ command }) => command);
}

function rankOf({ path, description = "" }, wanted) {
  if (path.startsWith(wanted)) return 0;
  if (path.includes(wanted)) return 1;
  return description.toLowerCase().includes(wanted) ? 2 : 3;
}

/** Return the choices to offer for an option by what is typed, or null if it has none of its own. */
export function choicesOf(option, text) {
  const all = option.type === BOOLEAN ? [{ name: "True", value: true }, { name: "False", value: false }]
    : option.choices;
  if (!all?.length) return null;
  const wanted = text.toLowerCase();
  return all.filter((choice) => choice.name.toLowerCase().includes(wanted));
}

/**
 * Return `{value}` of a field, `{}` if it is empty, or `{error}`.
 * @param {object} option Discord's
 * @param {{text: string, value?: any}} field `value`: what was picked from a list
 */
export function valueOf(option, field) {
  if (field?.value !== undefined) return checkedSize(option, field.value);
  const text = field?.text.trim() ?? "";
  if (text === "") return option.required ? { error: "This option is required." } : {};
  if (choicesOf(option, "")) {
    const choice = choicesOf(option, "").find((one) => one.name.toLowerCase() === text.toLowerCase());
    const wanted = option.type === BOOLEAN ? "True or False" : "one of the list";
    return choice ? { value: choice.value } : { error: `Choose ${wanted}.` };
  }
  if (option.type === STRING) return checkedSize(option, field.text);
  if (option.type === INTEGER || option.type === NUMBER) {
    const number = Number(text);
    const fits = Number.isFinite(number) && (option.type === NUMBER || Number.isSafeInteger(number));
    return fits ? checkedSize(option, number) : { error: `This takes ${TYPES.get(option.type)}.` };
  }
  return { error: `Choose ${TYPES.get(option.type) ?? "one"} from the list.` };
}

function checkedSize(option, value) {
  if (typeof value !== "string" && typeof value !== "number") return { value };
  const isText = option.type === STRING;
  const given = isText ? [...String(value)].length : value;
  const [low, high] = isText ? [option.min_length, option.max_length] : [option.min_value, option.max_value];
  const unit = isText ? " characters" : "";
  if (low !== undefined && low !== null && given < low) return { error: `At least ${low}${unit}.` };
  if (high !== undefined && high !== null && given > high) return { error: `At most ${high}${unit}.` };
  return { value };
}

/** Return `{name, data}` of a file that was chosen, its content as base64. */
export function readFile(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve({ name: file.name, data: String(reader.result).split(",")[1] ?? "" });
    reader.onerror = () => reject(new Error(`${file.name} could not be read.`));
    reader.readAsDataURL(file);
  });
}
