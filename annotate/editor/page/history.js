// Changes on their way: made at once on the page, kept for undoing, and sent one by one to the journal.

import { ask } from "./server.js";
import { difference } from "./model.js";

const PAUSE = 1500; // milliseconds until something that could not be kept is sent again

export class History {
  /** `told(change)` is called when the model has changed, `status(text, kind)` when what is kept has. */
  constructor(model, state, { told, status, failed }) {
    this.model = model;
    this.told = told;
    this.status = status;
    this.failed = failed;
    this.done = [];
    this.undone = [];
    this.waiting = [];
    this.running = null;
    this.version = state.version;
    this.after = 0;
    for (const change of state.changes) {
      this.done.push({ change, back: model.apply(change) });
      this.after++;
    }
  }

  get unsaved() {
    return this.after + this.waiting.length;
  }

  /** Makes a change and sends it. */
  commit(change) {
    if (!change.set.length && !change.drop.length) return;
    const sent = { set: change.set, drop: change.drop };
    this.done.push({ change: sent, back: this.model.apply(sent) });
    this.undone = [];
    this.send(sent);
  }

  undo() {
    return this.step(this.done, this.undone);
  }

  redo() {
    return this.step(this.undone, this.done);
  }

  step(from, to) {
    const last = from.pop();
    if (!last) return false;
    to.push({ change: last.back, back: this.model.apply(last.back) });
    this.send(last.back);
    return true;
  }

  send(change) {
    this.waiting.push(change);
    this.told(change);
    this.pump().catch(this.failed);
  }

  /** Sends what waits; the promise is kept when all of it is on disk. */
  pump() {
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  async run() {
    while (this.waiting.length) {
      this.status("keeping …", "busy");
      try {
        const change = this.waiting[0];
        const { after } = await ask("change", { version: this.version, after: this.after, change });
        this.after = after;
        this.waiting.shift();
      } catch (error) {
        this.status(`${this.waiting.length} changes are not kept: ${error.message}`, "bad");
        if (error.stale) throw error;
        if (error.status === 422 && error.message.includes(": structure: ")) {
          this.forget();
          throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
    }
    this.status(this.after ? `${this.after} changes, kept in the journal, not saved` : "saved", this.after ? "kept" : "saved");
  }

  /** Takes back what the server will never take. */
  forget() {
    for (; this.waiting.length; this.waiting.pop()) {
      const last = this.done.pop();
      if (last) {
        this.model.apply(last.back);
        this.told(last.back);
      }
    }
  }

  /** Asks for something that needs every change on disk first, and takes over the state answered. */
  async settled(question) {
    await this.pump();
    const state = await ask(question, { version: this.version, after: this.after });
    const wanted = new this.model.constructor(state.rows, this.model.forms);
    for (const change of state.changes) wanted.apply(change);
    const change = difference(this.model.rows, [...wanted.rows.values()]);
    this.version = state.version;
    this.after = state.changes.length;
    if (change.set.length || change.drop.length) {
      this.done.push({ change, back: this.model.apply(change) });
      this.undone = [];
    }
    this.told(change);
    await this.pump();
    return state;
  }
}
