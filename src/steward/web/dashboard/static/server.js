/** What the page asks the bot for. All addresses are relative, so that the page works below any path. */

/** The bot refuses: whoever reads has to sign in, or may not read at all. */
export class Refused extends Error {
  /** @param {string} message @param {boolean} signIn */
  constructor(message, signIn) {
    super(message);
    this.signIn = signIn;
  }
}

/** A part of the bot doesn't answer, such as its database; the message says which. */
export class Away extends Error {}

/**
 * Return an answer's JSON.
 * @param {string} path
 * @returns {Promise<any>}
 */
export async function ask(path) {
  const answer = await fetch(path, { headers: { Accept: "application/json" } });
  const said = await answer.json();
  if (answer.status === 401) throw new Refused(said.error, said.sign_in);
  if (!answer.ok) throw new Away(said.error);
  return said;
}

/**
 * Sign in; return why not, empty if it worked.
 * @param {string} password
 * @returns {Promise<string>}
 */
export async function signIn(password) {
  const answer = await fetch("api/sign-in", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ password }),
  });
  if (answer.ok) return "";
  const said = await answer.json();
  return said.wait > 0 ? `${said.error} Wait ${Math.ceil(said.wait)} seconds.` : said.error;
}

/** End the session. */
export async function signOut() {
  await fetch("api/sign-in", { method: "DELETE" });
}
