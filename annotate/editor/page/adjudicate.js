// Adjudication: one case after the other, a key for a decision; what a key means is the server's to say.

import { ask } from "./server.js";
import { asking, choose } from "./chooser.js";
import { button, byId, make } from "./dom.js";
import { Text } from "./points.js";

let state = null;
let busy = Promise.resolve();

/** Sends an answer and shows what comes next; a second key waits for the first. */
function answer(said) {
  busy = busy
    .then(() => ask("answer", { turn: state.turn, said }))
    .then(show)
    .catch((error) => {
      byId("failed").hidden = false;
      byId("failed").textContent = error.message;
    });
  return busy;
}

function show(next) {
  state = next;
  byId("said").textContent = state.said;
  const root = byId("case");
  if (state.asks === "stop") {
    root.replaceChildren(make("p", { textContent: "The walk has ended; the command that began it has written what was decided. This page can be closed." }));
    byId("status").textContent = "ended";
    document.body.dataset.asks = "stop";
    return;
  }
  byId("status").textContent = state.case ? `case ${state.case.number} of ${state.case.cases}, ${state.case.open} open` : "no open case";
  root.replaceChildren(...(state.case ? shown(state.case) : end()));
  document.body.dataset.asks = state.asks;
  document.body.dataset.turn = state.turn;
  question();
}

function shown(found) {
  const context = found.context.map((part) => make("p", { className: "block" }, make("small", { textContent: `${part.name} ` }), ...marked(part)));
  const readings = found.readings.map((r) =>
    make(
      "li",
      {},
      button(r.letter, () => answer(r.letter), { disabled: !r.can_be_followed || state.asks !== "choice", "aria-label": `follow ${r.annotator}` }),
      " ",
      make("b", { textContent: r.said }),
      make("small", { textContent: ` ${r.annotator}` }),
      r.object ? make("p", { className: "note", textContent: r.object }) : "",
    ),
  );
  const others = [["e", "Write what is right"], ["s", "Skip"], ["u", "Take back"], ["q", "Stop"]].map(([key, text]) => button(`${text} (${key})`, () => answer(key), { disabled: state.asks !== "choice" }));
  return [
    make("h2", { textContent: `${found.id}: ${found.title}${found.part ? `: ${found.part}` : ": who has it?"}` }),
    ...context,
    make("ul", { className: "readings" }, ...readings),
    make("p", {}, ...others.flatMap((b) => [b, " "])),
    ...(state.asks === "lines" ? editor() : []),
  ];
}

/** The text with its marks; places count code points. */
function marked(part) {
  const text = new Text(part.text);
  const pieces = [];
  let at = part.start;
  for (const [start, end] of [...part.marks].sort((a, b) => a[0] - b[0] || b[1] - a[1])) {
    if (start < at) continue;
    pieces.push(text.slice(at - part.start, start - part.start), make("strong", { className: "disputed", textContent: text.slice(start - part.start, end - part.start) }));
    at = end;
  }
  return [...pieces, text.slice(at - part.start, text.length)];
}

/** The annotation lines of the case, to be written as they are right. */
function editor() {
  const area = make("textarea", { id: "lines", rows: 8, value: state.lines, spellcheck: false, "aria-label": "annotation lines" });
  const send = () => answer(area.value);
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
    if (event.key === "Escape") answer("");
  });
  return [area, make("p", {}, button("Take these lines (Ctrl+Enter)", send), " ", button("Back (Escape)", () => answer("")))];
}

function end() {
  const said = state.skipped ? `${state.skipped} cases were skipped.` : `All ${state.cases} cases are decided.`;
  return [make("h2", { textContent: said }), make("p", {}, state.skipped ? button("Go through the skipped ones (s)", () => answer("s")) : "", " ", button("Take back the last (u)", () => answer("u")), " ", button("End (Enter)", () => answer("")))];
}

/** Cause, rule and note are asked for in a list; leaving it goes back to the choice. */
async function question() {
  if (state.asks === "lines") return byId("lines").focus();
  if (!["cause", "rule", "note"].includes(state.asks)) return byId("case").focus();
  const plain = (words) => words.map((w) => ({ label: w, hint: state.causes[w] ?? "", value: { typed: w } }));
  const rules = state.rule ? [state.rule, ...state.rules.filter((r) => r !== state.rule)] : state.rules;
  const options = { cause: plain(Object.keys(state.causes)), rule: plain(rules), note: [] }[state.asks];
  const given = await choose(state.said ? `${state.asks}: ${state.said}` : state.asks, options, { free: state.asks === "note" || !options.length });
  return answer(given ? given.typed : state.asks === "note" ? "" : "u");
}

document.addEventListener("keydown", (event) => {
  if (asking() || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("textarea, button") && event.key === "Enter" || event.target.matches("textarea")) return;
  if (state?.asks === "choice" && event.key.length === 1) answer(event.key);
  else if (state?.asks === "end") answer(event.key === "Enter" ? "" : event.key);
  else return;
  event.preventDefault();
});

ask("walk").then(show, (error) => {
  byId("failed").hidden = false;
  byId("failed").textContent = error.message;
});
