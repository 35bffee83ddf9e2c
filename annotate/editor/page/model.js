// The document while it is edited: rows as they stand in the file, each known by its id ("" is the line of
// the document). Nothing here changes a row: a change is {set: [row…], drop: [id…]}, and everything that
// edits makes one. Offsets are code points.

import { Text, size } from "./points.js";

export const kindOf = (row) => Object.keys(row)[0];
export const idOf = (row) => (kindOf(row) === "doc" ? "" : row[kindOf(row)]);
export const copy = (value) => structuredClone(value);

// Spans that are shown in the text: kind and field -> label, as goldwire.annotate.document.mentions has it.
const SHOWN = {
  actor: { mentions: "ACTOR" },
  place: { mentions: "PLACE" },
  time: { mention: "TIME" },
  number: { mention: "NUMBER" },
  term: { mention: "TERM" },
  span: { mention: "SPAN" },
  event: { trigger: "TRIGGER" },
  quotation: { content: "QUOTE", cue: "CUE", verbatim: "VERBATIM", anaphor: "ANAPHOR" },
};

export class Model {
  constructor(rows, forms) {
    this.forms = forms;
    this.rows = new Map(rows.map((row) => [idOf(row), row]));
    this.text = new Text(this.rows.get("").text);
  }

  get doc() {
    return this.rows.get("");
  }

  row(id) {
    return this.rows.get(id);
  }

  /** The rows of a kind, in the order of the text. */
  all(...kinds) {
    const found = [...this.rows.values()].filter((row) => kinds.includes(kindOf(row)));
    return found.sort((a, b) => at(a) - at(b));
  }

  fields(kind) {
    return this.forms.kinds[kind].fields;
  }

  /** Makes a change; returns the change that undoes it. */
  apply(change) {
    const back = { set: [], drop: [] };
    for (const row of change.set) {
      const old = this.rows.get(idOf(row));
      if (old) back.set.push(old);
      else back.drop.push(idOf(row));
      this.rows.set(idOf(row), row);
    }
    for (const id of change.drop) {
      if (this.rows.has(id)) back.set.push(this.rows.get(id));
      this.rows.delete(id);
    }
    return back;
  }

  /** An id that nobody has, with the letter of its kind; `taken` are others that are about to be used. */
  fresh(kind, taken = []) {
    const prefix = this.forms.kinds[kind].prefix;
    for (let n = 1; ; n++) {
      const id = `${prefix}${n}`;
      if (!this.rows.has(id) && !taken.includes(id)) return id;
    }
  }

  mention(start, end) {
    return { text: this.text.slice(start, end), start };
  }

  /** What a person calls an object: its id, its label and its words. */
  title(id) {
    const row = this.rows.get(id);
    if (!row) return id;
    const label = row.type || row.kind || row.label || kindOf(row);
    const name = row.name ? ` ${row.name}` : "";
    const first = mentionsOf(row)[0];
    return `${id} ${label}${name}${first ? ` «${surface(first.mention)}»` : ""}`;
  }

  /** Ids of the events that are one event with this one, this one included. */
  cluster(id) {
    const same = this.rows.get(id)?.coref || id;
    return this.all("event").filter((row) => (row.coref || row.event) === same).map((row) => row.event);
  }

  /** The row with every id in it changed by `f`; what `f` gives as "" goes. */
  mapped(row, f) {
    const made = copy(row);
    const kind = kindOf(row);
    for (const field of this.fields(kind)) {
      const value = made[field.key];
      if (value === undefined) continue;
      if (field.control === "ref") made[field.key] = value ? f(value) : value;
      if (field.control === "refs") made[field.key] = [...new Set(value.map(f).filter(Boolean))];
      if (field.control === "args") {
        made.args = value.map((a) => (a.ref ? { ...a, ref: f(a.ref) } : a)).filter((a, i) => a.ref || !value[i].ref);
        made.args = made.args.filter((a, i) => made.args.findIndex((b) => same(a, b)) === i);
      }
      if (field.control === "factuality") {
        made.factuality = value.map((x) => ({ ...x, holder: f(x.holder) })).filter((x) => x.holder);
      }
    }
    if (kind === "ambiguity") made.accept = (made.accept ?? []).map((x) => (this.rows.has(x) ? f(x) : x)).filter((x, i) => x || !row.accept[i]);
    return this.tidy(made);
  }

  /** The row without fields that are at their default. */
  tidy(row) {
    for (const field of this.fields(kindOf(row))) {
      const value = row[field.key];
      if (field.required) row[field.key] ??= "";
      else if (value !== undefined && (value === null || value === "" || same(value, field.default ?? ""))) delete row[field.key];
      else if (Array.isArray(value) && !value.length) delete row[field.key];
    }
    return row;
  }

  /** The rows that name an id, other than its own. */
  pointing(id) {
    const quoted = JSON.stringify(id);
    return [...this.rows.values()].filter((row) => {
      if (kindOf(row) === "doc" || idOf(row) === id || !JSON.stringify(row).includes(quoted)) return false;
      if (row.on === id) return true;
      let named = false;
      this.mapped(row, (x) => {
        named ||= x === id;
        return x;
      });
      return named;
    });
  }
}

/** Every mention that is shown: {label, path, mention}; a path is [field] or [field, index]. */
export function mentionsOf(row) {
  const found = [];
  for (const [key, label] of Object.entries(SHOWN[kindOf(row)] ?? {})) {
    const value = row[key];
    if (Array.isArray(value)) value.forEach((mention, i) => found.push({ label, path: [key, i], mention }));
    else if (value) found.push({ label: label === "SPAN" ? row.label || label : label, path: [key], mention: value });
  }
  (row.args ?? []).forEach((arg, i) => {
    if (arg.evidence && !arg.ref) found.push({ label: "ARG", path: ["args", i, "evidence"], mention: arg.evidence });
  });
  return found;
}

/** [[start, end]…] of a mention's fragments. */
export const pieces = (mention) => [mention, ...(mention.more ?? [])].map((p) => [p.start, p.start + size(p.text)]);

export const surface = (mention) => [mention, ...(mention.more ?? [])].map((p) => p.text).join(" … ");

/** Where an object stands first; what stands nowhere comes last. */
export function at(row) {
  const starts = mentionsOf(row).map((m) => m.mention.start);
  return starts.length ? Math.min(...starts) : (row.start ?? Number.MAX_SAFE_INTEGER);
}

/** Are two JSON values equal, in whatever order their keys stand? */
export function same(a, b) {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((k) => same(a[k], b[k]));
}

/** The change that leads from some rows to others. */
export function difference(before, after) {
  const wanted = new Map(after.map((row) => [idOf(row), row]));
  return {
    set: after.filter((row) => !same(before.get(idOf(row)), row)),
    drop: [...before.keys()].filter((id) => !wanted.has(id)),
  };
}
