// The page put together: one document, one caret, one object that is open.

import { ask } from "./server.js";
import { asking } from "./chooser.js";
import { beside } from "./beside.js";
import { Caret } from "./caret.js";
import { byId } from "./dom.js";
import { History } from "./history.js";
import * as lists from "./lists.js";
import { mentionAt } from "./marking.js";
import { Model, idOf, kindOf, mentionsOf, pieces } from "./model.js";
import { draw, openAt } from "./panel.js";
import { commandOf, help, named } from "./keys.js";
import { search } from "./search.js";
import { saving } from "./saving.js";
import { suggested } from "./suggesting.js";
import { View } from "./view.js";
import { dragging } from "./dragging.js";

const CHECKED = 350; // milliseconds after a change until the problems are asked for

class App {
  constructor(state) {
    this.path = state.path;
    this.annotator = state.annotator;
    this.guide = []; // sections of the guidelines, which come after the text is painted
    this.problems = [];
    this.current = null;
    this.model = new Model(state.rows, state.forms);
    this.history = new History(this.model, state, { told: (change) => this.changed(change), status: (text, kind) => this.status(text, kind), failed: (error) => this.failed(error) });
    this.pane = byId("text");
    this.view = new View(this.pane, this.model);
    this.view.flag("suggested", suggested(this.model));
    this.caret = new Caret(this.view, () => this.moved());
    this.queue = Promise.resolve();
    this.later = 0;
  }

  /** Makes a change. */
  commit(change) {
    this.history.commit(change);
    const first = change.set.map(idOf).find((id) => id) ?? change.drop[0];
    this.say(change.set.length ? `${this.model.title(first)}: changed` : `${change.drop.join(", ")} removed`);
  }

  /** The model has changed: paints what that touches, and asks for the problems a little later. */
  changed(change) {
    const ids = [...change.set.map(idOf), ...change.drop];
    this.view.refresh(ids);
    if (ids.some((id) => !this.model.row(id) || kindOf(this.model.row(id)) === "provenance")) this.view.flag("suggested", suggested(this.model));
    if (this.current && !this.model.row(this.current.id)) this.current = null;
    this.mark();
    draw(this);
    clearTimeout(this.later);
    this.later = setTimeout(() => this.check(), CHECKED);
  }

  async check() {
    lists.everything(this);
    try {
      const before = this.problems.length;
      await this.history.pump();
      this.problems = await ask("problems");
      this.view.flag("wrong", new Set(this.problems.filter((p) => !p.warning).map((p) => p.on)));
      lists.problems(this);
      draw(this);
      if (this.problems.length !== before) this.say(`${this.problems.length} problems`, true);
    } catch (error) {
      this.say(error.message, true);
    }
  }

  /** Opens an object, at one of its mentions. */
  pick(id, path, move = false) {
    const row = this.model.row(id);
    if (!row) return;
    const mentions = mentionsOf(row);
    const chosen = mentions.find((m) => m.path.join() === path?.join()) ?? (path ? undefined : mentions[0]);
    this.current = { id, path: path ?? chosen?.path ?? [] };
    lists.tab("object");
    lists.guideline(this);
    draw(this);
    this.mark();
    const stretch = mentionAt(this) ? openAt(this)[0] : row.start === undefined ? null : [row.start, row.end];
    if (move && stretch) this.caret.to(...stretch);
    this.say(`open: ${id ? this.model.title(id) : "the document"}`);
  }

  /** Opens what stands at the caret, and then what stands around it. */
  open() {
    const here = this.view.over(this.caret.start, this.caret.end);
    if (!here.length) return this.say("Nothing stands here.");
    const now = here.findIndex((m) => m.id === this.current?.id && m.path.join() === this.current.path.join());
    const next = here[(now + 1) % here.length];
    return this.pick(next.id, next.path);
  }

  /** The next mention in the text, or the one before. */
  walk(by, wanted = () => true) {
    const marks = this.view.ordered().filter((m) => wanted(m.id));
    const same = (m) => m.id === this.current?.id && m.path.join() === this.current.path.join() && m.start === this.caret.start;
    const here = marks.findIndex(same);
    const after = marks.findIndex((m) => m.start > this.caret.start);
    const before = marks.findLastIndex((m) => m.start < this.caret.start);
    const next = here >= 0 ? marks[here + by] : marks[by > 0 ? after : before];
    if (!next) return this.say("There is no more.");
    return this.pick(next.id, next.path, true);
  }

  nextProblem() {
    const order = this.problems.map((p) => p.on);
    if (!order.length) return this.say("No problems.");
    const here = order.lastIndexOf(this.current?.id ?? "–");
    const problem = this.problems[(here + 1) % order.length];
    this.pick(problem.on, undefined, true);
    return this.say(`${problem.rule}: ${problem.message}`);
  }

  decide(how) {
    const id = this.current?.id;
    if (!id || !this.view.suggested.has(id)) return this.say("What is open is no suggestion.");
    const title = this.model.title(id);
    this.history.commit(how(this.model, id, this.annotator));
    this.walk(1, (x) => this.view.suggested.has(x));
    return this.say(`${title}: ${how.name}ed; ${this.view.suggested.size} left`);
  }

  /** Into the form of what is open. */
  enter() {
    lists.tab("object");
    (byId("object").querySelector("select, input, button") ?? byId("tab-object")).focus();
  }

  moved() {
    const here = this.view.over(this.caret.start, this.caret.end);
    const said = here.slice(0, 4).map((m) => `${m.label.toLowerCase()} ${this.model.title(m.id).split(" «")[0]}`);
    this.say([this.caret.text, ...said].join("; "));
  }

  /** Shows in the text what is open and what it is joined with. */
  mark() {
    const row = this.current && this.model.row(this.current.id);
    this.view.highlight("open", row ? openAt(this) : []);
    this.view.highlight("caret", [[this.caret.start, this.caret.end]]);
    const joined = (row?.args ?? []).flatMap((a) => (a.evidence ? pieces(a.evidence) : []));
    if (row?.speaker_span) joined.push(...pieces(row.speaker_span));
    if (row?.mentions) joined.push(...row.mentions.flatMap(pieces));
    if (row?.coref) joined.push(...this.model.cluster(row.event).flatMap((id) => pieces(this.model.row(id).trigger)));
    this.view.highlight("joined", joined);
  }

  say(text, quiet = false) {
    byId(quiet ? "aside" : "said").textContent = text;
  }

  status(text, kind) {
    byId("status").textContent = text;
    byId("status").className = kind;
  }

  /** Runs a command after those that run already. */
  run(name, argument, event) {
    const how = typeof name === "string" ? named(name) : name;
    this.queue = this.queue.then(() => how(this, event, argument)).catch((error) => this.failed(error));
    return this.queue;
  }

  failed(error) {
    this.say(error.message);
    if (error.stale === "page") byId("stale").hidden = false;
    if (!error.status) console.error(error);
  }
}

async function begin() {
  help();
  const state = await ask("state");
  performance.mark("arrived");
  const app = new App(state);
  const doc = app.model.doc;
  document.title = `${doc.title || doc.doc} – goldwire`;
  byId("name").textContent = `${doc.title || doc.doc}`;
  byId("path").textContent = state.path;
  lists.tabs();
  addEventListener("tab", () => lists.everything(app));
  search(app);
  saving(app, state);
  dragging(app);
  beside(app, state.beside);
  app.pane.addEventListener("click", (event) => {
    const mark = event.target.closest("mark");
    if (mark && getSelection().isCollapsed) app.run(() => app.pick(mark.dataset.id, mark.dataset.path.split(".").map((x) => (/^\d+$/.test(x) ? Number(x) : x))));
  });
  document.addEventListener("keydown", (event) => {
    const inText = document.activeElement === app.pane;
    if (asking() || byId("help").open || byId("merge").open) return;
    if (event.key === "Escape" && !inText) app.pane.focus();
    const command = commandOf(event, inText);
    if (!command || (event.key === "Tab" && !app.current)) return;
    event.preventDefault();
    app.run(command, undefined, event);
  });
  draw(app);
  lists.tab("object");
  app.caret.show();
  app.pane.focus();
  // What the guide's figures are of: from the arrival of the document to the frame that shows it.
  requestAnimationFrame(() => setTimeout(() => performance.measure("painted", "arrived")));
  app.guide = await ask("guide");
  lists.guideline(app);
  await app.history.run();
  await app.check();
  document.body.dataset.ready = "yes";
}

begin().catch((error) => {
  byId("failed").hidden = false;
  byId("failed").textContent = error.message;
});
