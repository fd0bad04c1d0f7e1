/** The WebSocket to the simulator: opens it again when it is lost, and keeps which answer belongs to what. */

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 10_000;

export class Connection {
  /**
   * @param {{opened: () => void, lost: (wait: number) => void, received: (message: object) => void}} told
   */
  constructor(told) {
    this._told = told;
    this._socket = null;
    this._number = 0;
    this._asked = new Map();
    this._wait = FIRST_WAIT;
    this._timer = 0;
  }

  open() {
    clearTimeout(this._timer);
    const address = new URL("ws", document.baseURI);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    address.hash = "";
    const socket = new WebSocket(address.href);
    this._socket = socket;
    socket.onopen = () => this._told.opened();
    socket.onmessage = (event) => this._receive(JSON.parse(event.data));
    socket.onclose = () => this._lost();
  }

  get isOpen() {
    return this._socket?.readyState === WebSocket.OPEN;
  }

  /** Send without an answer. */
  tell(op, fields = {}) {
    if (this.isOpen) this._socket.send(JSON.stringify({ op, ...fields }));
  }

  /**
   * Send, and return the result of the answer.
   * @throws {Error} a sentence for people
   */
  ask(op, fields = {}) {
    if (!this.isOpen) return Promise.reject(new Error("The simulator is not running."));
    this._number += 1;
    const n = this._number;
    return new Promise((resolve, reject) => {
      this._asked.set(n, { resolve, reject });
      this._socket.send(JSON.stringify({ op, n, ...fields }));
    });
  }

  _receive(message) {
    this._wait = FIRST_WAIT;
    if (message.op !== "done") {
      this._told.received(message);
      return;
    }
    const asked = this._asked.get(message.n);
    this._asked.delete(message.n);
    if (message.error) asked?.reject(new Error(message.error));
    else asked?.resolve(message.result ?? {});
  }

  _lost() {
    for (const { reject } of this._asked.values()) reject(new Error("The simulator stopped before it answered."));
    this._asked.clear();
    this._told.lost(this._wait);
    this._timer = setTimeout(() => this.open(), this._wait);
    this._wait = Math.min(LONGEST_WAIT, this._wait * 2);
  }
}
