// What an annotator does, as changes of rows: each function takes the model and gives {set, drop}.

import { copy, idOf, kindOf, mentionsOf, pieces, same } from "./model.js";

const one = (model, row) => ({ set: [model.tidy(row)], drop: [] });

/** A new object; `fields` are keys of its row. */
export function create(model, kind, fields) {
  const id = model.fresh(kind);
  const row = { [kind]: id, ...fields };
  if (kind === "event") row.coref = id;
  return { ...one(model, row), id };
}

/** A field set to a value; "" or [] takes it away. */
export function assign(model, id, key, value) {
  return one(model, { ...copy(model.row(id)), [key]: value });
}

/** What stands at a path, changed by `f`; where `f` gives undefined, it goes. */
export function at(model, id, path, f) {
  const row = copy(model.row(id));
  let owner = row;
  for (const step of path.slice(0, -1)) owner = owner[step];
  const step = path.at(-1);
  const value = f(owner[step]);
  if (value !== undefined) owner[step] = value;
  else if (Array.isArray(owner)) owner.splice(step, 1);
  else delete owner[step];
  return one(model, row);
}

/** A mention more in a field, where it takes several in the order of the text; else the mention. */
export function mention(model, id, key, made) {
  const field = model.fields(kindOf(model.row(id))).find((f) => f.key === key);
  if (field.control !== "mentions") return assign(model, id, key, made);
  const list = [...(model.row(id)[key] ?? []).filter((m) => !same(pieces(m), pieces(made))), made];
  return assign(model, id, key, list.sort((a, b) => a.start - b.start || b.text.length - a.text.length));
}

/** A further fragment of a mention. */
export function fragment(model, id, path, piece) {
  return at(model, id, path, (m) => {
    const parts = [{ text: m.text, start: m.start }, ...(m.more ?? []), piece].sort((a, b) => a.start - b.start);
    return { ...m, ...parts[0], more: parts.slice(1) };
  });
}

/** A participant; the same one twice is one. */
export function argument(model, id, made) {
  const args = (model.row(id).args ?? []).filter((a) => a.role !== made.role || !same([a.ref, a.ref ? 0 : a.evidence], [made.ref, made.ref ? 0 : made.evidence]));
  return assign(model, id, "args", [...args, made]);
}

/** What a holder makes of an event; "" takes it away. */
export function factuality(model, id, holder, value) {
  const rest = (model.row(id).factuality ?? []).filter((x) => x.holder !== holder);
  const old = (model.row(id).factuality ?? []).findIndex((x) => x.holder === holder);
  if (value) rest.splice(old < 0 ? rest.length : old, 0, { holder, value });
  return assign(model, id, "factuality", rest);
}

export function detail(model, id, name, value) {
  const rest = (model.row(id).details ?? []).filter((x) => x.name !== name);
  return assign(model, id, "details", value ? [...rest, { name, value }] : rest);
}

/** An object removed, and with it what only spoke of it; references to it go. */
export function remove(model, id) {
  const change = { set: [], drop: [id] };
  for (const row of model.pointing(id)) {
    const links = ["from", "to"].some((key) => row[key] === id);
    if (row.on === id || links) change.drop.push(idOf(row));
    else change.set.push(leaving(model, row, id));
  }
  change.set = change.set.filter((row) => !change.drop.includes(idOf(row)));
  return change;
}

/** A row without an id; the events of a cluster whose first goes are named by the next one. */
function leaving(model, row, id) {
  const made = model.mapped(row, (x) => (x === id ? "" : x));
  if (kindOf(row) === "event" && row.coref === id) made.coref = model.cluster(id).find((x) => x !== id);
  return made;
}

/** A mention removed, and its object with it if it was the only one. */
export function unmention(model, id, path) {
  const rest = mentionsOf(model.row(id)).filter((m) => m.label !== "ARG");
  if (path.length === 3) return at(model, id, path.slice(0, 2), () => undefined);
  const only = rest.filter((m) => m.path[0] === path[0]).length === 1;
  const bearing = ["mentions", "mention", "trigger", "content"].includes(path[0]);
  return only && bearing ? remove(model, id) : at(model, id, path, () => undefined);
}

/** Two chains made one: the mentions of the first go to the second, and so does what names it. */
export function merge(model, id, into) {
  const row = model.row(id);
  if (kindOf(row) === "event") {
    // The cluster has the name of its first mention in the text.
    const both = new Set([...model.cluster(id), ...model.cluster(into)]);
    const order = model.all("event").filter((x) => both.has(x.event));
    return { set: order.map((x) => ({ ...x, coref: order[0].event })), drop: [] };
  }
  const change = { set: [], drop: [id] };
  for (const other of model.pointing(id)) {
    const made = model.mapped(other, (x) => (x === id ? into : x));
    if (idOf(other) !== into) change.set.push(made.on === id ? { ...made, on: into } : made);
  }
  const target = model.mapped(model.row(into), (x) => (x === id ? "" : x));
  const both = [...(target.mentions ?? []), ...(row.mentions ?? [])];
  target.mentions = both.filter((m, i) => both.findIndex((n) => same(pieces(m), pieces(n))) === i);
  target.mentions.sort((a, b) => a.start - b.start);
  change.set.push(model.tidy(target));
  return change;
}

/** A mention taken out of its chain, into one of its own; an event out of its cluster. */
export function split(model, id, path) {
  const row = model.row(id);
  if (kindOf(row) === "event") {
    const rest = model.cluster(id).filter((x) => x !== id);
    const named = row.coref === id || !row.coref ? rest[0] : row.coref;
    const set = rest.map((x) => ({ ...model.row(x), coref: named }));
    return { set: [...set, { ...row, coref: id }], drop: [] };
  }
  const alone = row.mentions[path[1]];
  const made = model.fresh(kindOf(row));
  const own = { [kindOf(row)]: made, ...(row.type ? { type: row.type } : { kind: row.kind }), mentions: [alone] };
  const left = { ...row, mentions: row.mentions.filter((m) => m !== alone) };
  const set = [model.tidy(left), model.tidy(own)];
  // Whatever was shown by this mention is about the new one.
  const shown = (m) => m && same(pieces(m), pieces(alone));
  for (const other of model.pointing(id)) {
    const changed = copy(other);
    for (const arg of changed.args ?? []) if (arg.ref === id && shown(arg.evidence)) arg.ref = made;
    if (changed.speaker === id && shown(changed.speaker_span)) changed.speaker = made;
    if (!same(changed, other)) set.push(changed);
  }
  return { set, drop: [], id: made };
}
