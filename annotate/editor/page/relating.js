// Commands on objects: roles, values of fields, chains, links, suggestions.

import { choose } from "./chooser.js";
import * as edits from "./edits.js";
import { idOf, kindOf, mentionsOf, pieces, same } from "./model.js";
import { isOpen } from "./marking.js";

const FILLERS = { ACTOR: "actor", PLACE: "place", TIME: "time", NUMBER: "number", TRIGGER: "event" };

/** What is selected fills a role of the event that is open. */
export async function role(app, target) {
  if (!isOpen(app, "event")) return app.say("Open an event first: Enter on its trigger.");
  const { model, caret, current } = app;
  const event = model.row(current.id);
  const [start, end] = target ?? [caret.start, caret.end];
  const here = app.view.over(start, end).filter((m) => FILLERS[m.label] && m.id !== current.id);
  const exact = here.filter((m) => m.start === start && m.end === end);
  const marks = exact.length ? exact : here;
  const known = model.forms.events[event.type]?.roles ?? {};
  const fits = (r) => marks.some((m) => r.fillers.includes(FILLERS[m.label])) || r.fillers.includes("text");
  const roles = Object.entries(known).sort((a, b) => fits(b[1]) - fits(a[1]));
  const words = model.text.slice(start, end);
  const name = await choose(
    `«${words}» in ${model.title(current.id)}`,
    roles.map(([label, r]) => ({ label, hint: `${r.definition} (${r.fillers.join(", ")})`, value: label })),
    { free: !roles.length },
  );
  if (name === null) return undefined;
  const wanted = known[name.typed ?? name]?.fillers ?? [];
  const options = marks
    .filter((m) => !wanted.length || wanted.includes(FILLERS[m.label]))
    .map((m) => ({ label: model.title(m.id), hint: `«${model.text.slice(m.start, m.end)}»`, value: m }));
  if (wanted.includes("text") || !options.length) options.push({ label: `«${words}»`, hint: "these words, no object", value: { start, end } });
  const chosen = options.length === 1 || (exact.length === 1 && options[0].value === exact[0]) ? options[0].value : await choose(`who or what is ${name.typed ?? name}?`, options);
  if (chosen === null) return undefined;
  return app.commit(edits.argument(model, current.id, { role: name.typed ?? name, ...(chosen.id ? { ref: chosen.id } : {}), evidence: evidence(app, chosen) }));
}

/** The mention that shows an argument: its words and place, and nothing that the object says itself. */
function evidence(app, mark) {
  const shown = mark.id && mentionsOf(app.model.row(mark.id)).find((m) => m.path.join() === mark.path.join())?.mention;
  if (!shown) return app.model.mention(mark.start, mark.end);
  return { text: shown.text, start: shown.start, ...(shown.more ? { more: shown.more } : {}) };
}

/** Any field of the object that is open, set by choosing. */
export async function field(app, wanted) {
  if (!app.current) return app.say("Open an object first: Enter on it.");
  const { model, current } = app;
  const row = model.row(current.id);
  const fields = model.fields(kindOf(row)).filter((f) => !["mention", "mentions", "args"].includes(f.control));
  const details = model.forms.events[row.type]?.details ?? {};
  const options = [
    ...fields.filter((f) => !["details", "factuality"].includes(f.control)).map((f) => ({ label: f.key, hint: String(row[f.key] ?? f.default ?? ""), value: { field: f } })),
    ...(kindOf(row) === "event" ? Object.entries(details) : []).map(([name, values]) => ({
      label: name, hint: row.details?.find((d) => d.name === name)?.value ?? "–", value: { detail: name, values },
    })),
  ];
  const chosen = wanted ?? (await choose(`change ${model.title(current.id)}`, options));
  if (chosen === null) return undefined;
  if (chosen.detail) {
    const value = await choose(chosen.detail, [...chosen.values, ""].map((v) => ({ label: v || "nothing", value: v })));
    return value === null ? undefined : app.commit(edits.detail(model, current.id, chosen.detail, value));
  }
  const value = await valueOf(app, row, chosen.field);
  return value === undefined ? undefined : app.commit(edits.assign(model, current.id, chosen.field.key, value));
}

/** A value for a field, asked for; undefined where nobody answered. */
export async function valueOf(app, row, f) {
  const { model } = app;
  const old = row[f.key] ?? f.default;
  if (f.control === "flag") return !old;
  if (f.control === "choice") {
    const labels = Object.entries(f.choices).map(([v, hint]) => ({ label: v || "nothing", hint, value: v }));
    if (!("" in f.choices) && f.default === "") labels.push({ label: "nothing", value: "" });
    return (await choose(f.key, labels)) ?? undefined;
  }
  if (f.control === "ref" || f.control === "refs") {
    const id = await reference(app, f.kinds, f.key, idOf(row), Array.isArray(old) ? old : []);
    if (id === null) return undefined;
    if (f.control === "ref") return id;
    return old.includes(id) ? old.filter((x) => x !== id) : [...old, id];
  }
  if (f.control === "choices") {
    const labels = Object.entries(f.choices).map(([v, hint]) => ({ label: v, hint: (old.includes(v) ? "✓ " : "") + hint, value: v }));
    const value = await choose(f.key, labels);
    if (value === null) return undefined;
    return old.includes(value) ? old.filter((x) => x !== value) : [...old, value];
  }
  const typed = await choose(f.key, [], { free: true, given: f.control === "texts" ? (old ?? []).join(", ") : String(old ?? "") });
  if (typed === null) return undefined;
  if (f.control === "texts") return typed.typed.split(",").map((x) => x.trim()).filter(Boolean);
  return f.control === "whole" ? Number.parseInt(typed.typed, 10) || 0 : typed.typed;
}

/** An object of some kinds, chosen; "" for none, null where nobody answered. */
export function reference(app, kinds, title, self, taken = []) {
  const { model, caret } = app;
  const near = new Set(app.view.over(caret.start, caret.end).map((m) => m.id));
  const rows = model.all(...kinds).filter((row) => idOf(row) !== self);
  const distance = (row) => Math.min(...mentionsOf(row).map((m) => Math.abs(m.mention.start - caret.start)), Number.MAX_SAFE_INTEGER);
  const order = rows.map((row) => [near.has(idOf(row)) ? -1 : distance(row), row]).sort((a, b) => a[0] - b[0]);
  const options = order.map(([, row]) => ({ label: model.title(idOf(row)), hint: taken.includes(idOf(row)) ? "✓ there already" : "", value: idOf(row) }));
  if (kinds.includes(model.forms.holder)) options.unshift({ label: model.forms.holder, hint: "who wrote the text", value: model.forms.holder });
  return choose(title, [...options, { label: "nothing", value: "" }]);
}

/** Who holds the event that is open for how certain. */
export async function factuality(app) {
  if (!isOpen(app, "event")) return app.say("Open an event first: Enter on its trigger.");
  const { model, current } = app;
  const trigger = model.row(current.id).trigger;
  const around = (q) => (q.content ?? []).some((m) => pieces(m).some(([a, b]) => a <= trigger.start && trigger.start < b));
  const quotations = model.all("quotation").sort((a, b) => around(b) - around(a));
  const holders = [model.forms.holder, ...quotations.map((q) => q.quotation)];
  const known = Object.fromEntries((model.row(current.id).factuality ?? []).map((x) => [x.holder, x.value]));
  const holder = await choose("who holds it?", holders.map((h) => ({ label: model.title(h), hint: known[h] ?? "", value: h })));
  if (holder === null) return undefined;
  const values = Object.entries(model.forms.factuality).map(([v, hint]) => ({ label: v, hint, value: v }));
  const value = await choose(`for ${holder}, it is`, [...values, { label: "nothing", value: "" }]);
  return value === null ? undefined : app.commit(edits.factuality(model, current.id, holder, value));
}

/** The chain that is open becomes one with another. */
export async function merge(app) {
  if (!isOpen(app, "actor", "place", "event")) return app.say("Open an actor, a place or an event first.");
  const { model, current } = app;
  const kind = kindOf(model.row(current.id));
  const into = await reference(app, [kind], `${model.title(current.id)} is the same as`, current.id);
  if (!into) return undefined;
  const shown = current.path;
  const mention = mentionsOf(model.row(current.id)).find((m) => m.path.join() === shown.join())?.mention;
  app.commit(edits.merge(model, current.id, into));
  if (kind === "event") return app.pick(current.id, shown);
  const path = mentionsOf(model.row(into)).find((m) => mention && same(pieces(m.mention), pieces(mention)))?.path;
  return app.pick(into, path ?? ["mentions", 0]);
}

/** The mention that is open becomes a chain of its own. */
export function split(app) {
  if (!isOpen(app, "actor", "place", "event")) return app.say("Open a mention of an actor, a place or an event first.");
  const { model, current } = app;
  const row = model.row(current.id);
  const alone = kindOf(row) === "event" ? model.cluster(current.id).length < 2 : row.mentions.length < 2 || current.path[0] !== "mentions";
  if (alone) return app.say("It stands alone already.");
  const change = edits.split(model, current.id, current.path);
  app.commit(change);
  return app.pick(change.id ?? current.id, change.id ? ["mentions", 0] : current.path);
}

/** From the event that is open to the one that is selected. */
export async function link(app) {
  if (!isOpen(app, "event")) return app.say("Open an event first: Enter on its trigger.");
  const { model, caret, current } = app;
  const there = app.view.over(caret.start, caret.end).find((m) => m.label === "TRIGGER" && m.id !== current.id);
  const to = there?.id ?? (await reference(app, ["event"], "to which event?", current.id));
  if (!to) return undefined;
  const types = model.fields("link").find((f) => f.key === "type").choices ?? {};
  const options = Object.entries(types).map(([v, hint]) => ({ label: v, hint, value: v }));
  const type = await choose(`${model.title(current.id)} … ${model.title(to)}`, options, { free: !options.length });
  if (type === null) return undefined;
  const change = edits.create(model, "link", { from: current.id, to, type: type.typed ?? type });
  app.commit(change);
  return app.say(`${change.id}: ${current.id} ${type.typed ?? type} ${to}`);
}

/** Segments, masks, ambiguities and whatever else has no key of its own. */
export async function other(app) {
  const { model, caret, current } = app;
  const stretch = { start: caret.start, end: caret.end };
  const options = [
    { label: "segment", hint: `over «${caret.text}»`, value: ["segment", { ...stretch, kind: "sentence", paragraph: 1 }] },
    { label: "mask", hint: `«${caret.text}» was not annotated`, value: ["mask", stretch] },
    { label: "span", hint: "in words of your own", value: ["span", { mention: model.mention(caret.start, caret.end) }] },
  ];
  if (current?.id) {
    options.unshift({ label: "ambiguity", hint: `of ${model.title(current.id)}`, value: ["ambiguity", { on: current.id, field: "" }] });
  }
  options.push({ label: "provenance", hint: current?.id ? `of ${model.title(current.id)}` : "of the document", value: ["provenance", current?.id ? { on: current.id } : {}] });
  const chosen = await choose("a new …", options);
  if (chosen === null) return;
  const change = edits.create(model, ...chosen);
  app.commit(change);
  app.pick(change.id, chosen[0] === "span" ? ["mention"] : []);
}
