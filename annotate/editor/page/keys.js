// Every key of the text with what it does: the page's help and its behaviour are this one table.

import * as marking from "./marking.js";
import * as relating from "./relating.js";
import * as edits from "./edits.js";
import { takeReading } from "./panel.js";
import { accept, reject } from "./suggesting.js";
import { make, byId } from "./dom.js";

// [keys, name, what it does, how]; "Ctrl+" is also the command key of a Mac.
export const KEYS = [
  ["Moving"],
  ["ArrowLeft ArrowRight", "word", "the word before, the next word", (app, e) => app.caret.step(e.key === "ArrowLeft" ? -1 : 1, false)],
  ["Shift+ArrowLeft Shift+ArrowRight", "extend", "select by words", (app, e) => app.caret.step(e.key === "ArrowLeft" ? -1 : 1, true)],
  ["ArrowUp ArrowDown", "block", "the sentence before, the next one", (app, e) => app.caret.block(e.key === "ArrowUp" ? -1 : 1, false)],
  ["Shift+ArrowUp Shift+ArrowDown", "blocks", "select to the sentence before, the next one", (app, e) => app.caret.block(e.key === "ArrowUp" ? -1 : 1, true)],
  ["Home End", "edge", "the first, the last word of the sentence", (app, e) => app.caret.edge(e.key === "End", false)],
  ["Shift+Home Shift+End", "edges", "select to the first, the last word", (app, e) => app.caret.edge(e.key === "End", true)],
  ["Ctrl+Home Ctrl+End", "ends", "the beginning, the end of the text", (app, e) => app.caret.word(e.key === "Home" ? 0 : Infinity)],
  [", .", "end", "the right edge of the selection by a character", (app, e) => app.caret.nudge("end", e.key === "," ? -1 : 1)],
  ["< >", "start", "the left edge by a character", (app, e) => app.caret.nudge("start", e.key === "<" ? -1 : 1)],
  ["[ ]", "mention", "the mention before, the next one", (app, e) => app.walk(e.key === "]" ? 1 : -1)],
  ["{ }", "suggestion", "the suggestion before, the next one", (app, e) => app.walk(e.key === "}" ? 1 : -1, (id) => app.view.suggested.has(id))],
  ["!", "problem", "the next problem", (app) => app.nextProblem()],
  ["/", "search", "search words, names and ids", () => byId("search").focus()],
  ["Making"],
  ["a", "actor", "actor, or a mention more of one", (app) => marking.chained(app, "actor")],
  ["p", "place", "place, or a mention more of one", (app) => marking.chained(app, "place")],
  ["t", "time", "time, read by the grammar", (app) => marking.valued(app, "time")],
  ["n", "number", "number, read by the grammar", (app) => marking.valued(app, "number")],
  ["e", "event", "event with this trigger", (app) => marking.event(app)],
  ["q", "quotation", "quotation with this content", (app) => marking.plain(app, "quotation", "content")],
  ["w", "term", "a word in quotation marks that nobody is quoted for", (app) => marking.plain(app, "term", "mention")],
  ["o", "other", "segment, mask, ambiguity, span, provenance", (app) => relating.other(app)],
  ["With the object that is open"],
  ["Enter", "open", "open what stands here; again: what stands around it", (app) => app.open()],
  ["c", "cue", "selection is the cue of the quotation", (app) => marking.part(app, "cue")],
  ["s", "speaker", "selection is its speaker", (app) => marking.speaker(app)],
  ["v", "verbatim", "selection is its verbatim part", (app) => marking.part(app, "verbatim")],
  ["r", "role", "selection fills a role of the event", (app, _, target) => relating.role(app, target)],
  ["f", "factuality", "who holds the event for how certain", (app) => relating.factuality(app)],
  ["l", "link", "link from the event to the one here", (app) => relating.link(app)],
  ["i", "field", "change a field: any of them", (app, _, field) => relating.field(app, field)],
  ["h", "head", "selection is the head of the mention", (app) => marking.head(app)],
  ["k", "form", "form of the mention", (app) => marking.form(app)],
  ["b", "bounds", "the mention gets the bounds of the selection", (app) => marking.bounds(app)],
  ["&", "fragment", "selection is a further piece of the mention", (app) => marking.fragment(app)],
  ["g", "give", "selection goes into a field, such as content or evidence", (app, _, key) => (app.current ? marking.give(app, key) : app.say("Open an object first."))],
  ["=", "reading", "take over what the grammar reads", (app) => takeReading(app)],
  ["m", "merge", "is the same as … : two chains become one", (app) => relating.merge(app)],
  ["M", "split", "the mention becomes a chain of its own", (app) => relating.split(app)],
  ["x Delete", "unmark", "remove the mention; the object with its last one", (app) => app.current && app.commit(edits.unmention(app.model, app.current.id, app.current.path.length ? app.current.path : ["mention"]))],
  ["X", "remove", "remove the object", (app) => app.current?.id && app.commit(edits.remove(app.model, app.current.id))],
  ["y", "accept", "accept the suggestion, and go to the next", (app) => app.decide(accept)],
  ["z", "reject", "reject it, and go to the next", (app) => app.decide(reject)],
  ["Tab", "panel", "to the form of the object; Escape comes back", (app) => app.enter()],
  ["d", "document", "open the document's own line", (app) => app.pick("")],
  ["The file"],
  ["u Ctrl+z", "undo", "undo", (app) => app.say(app.history.undo() ? "Undone." : "Nothing to undo.")],
  ["U Ctrl+y Ctrl+Shift+Z", "redo", "redo", (app) => app.say(app.history.redo() ? "Redone." : "Nothing to redo.")],
  ["Ctrl+s", "save", "save", (app) => app.save()],
  ["?", "help", "these keys", () => byId("help").showModal()],
];

const BY_KEY = new Map(KEYS.filter((k) => k.length > 1).flatMap((k) => k[0].split(" ").map((key) => [key, k])));
const BY_NAME = new Map(KEYS.filter((k) => k.length > 1).map((k) => [k[1], k]));
const ANYWHERE = ["Ctrl+s", "Ctrl+z", "Ctrl+y", "Ctrl+Shift+Z"];

export const named = (name) => BY_NAME.get(name)[3];

/** The command of a key; null if it is none. */
export function commandOf(event, inText) {
  if (event.altKey) return null;
  const ctrl = event.ctrlKey || event.metaKey;
  const shift = event.shiftKey && (ctrl || event.key.length > 1);
  const name = `${ctrl ? "Ctrl+" : ""}${shift ? "Shift+" : ""}${event.key}`;
  if (!inText && (!ANYWHERE.includes(name) || (event.target.matches("input[type=text]") && name !== "Ctrl+s"))) return null;
  return BY_KEY.get(name)?.[3] ?? null;
}

/** Fills the help with the table. */
export function help() {
  const rows = KEYS.map((k) =>
    k.length === 1
      ? make("tr", {}, make("th", { colspan: 2, scope: "colgroup", textContent: k[0] }))
      : make("tr", {}, make("td", {}, ...k[0].split(" ").flatMap((key) => [make("kbd", { textContent: key.replace("Arrow", "") }), " "])), make("td", { textContent: k[2] })),
  );
  byId("keys").replaceChildren(make("tbody", {}, ...rows));
}
