// Commands that make mentions of what is selected.

import { ask } from "./server.js";
import { choose } from "./chooser.js";
import * as edits from "./edits.js";
import { idOf, kindOf, mentionsOf, pieces, same, surface } from "./model.js";
import { last, size, words, Text } from "./points.js";

const PRONOUNS = /^(he|she|it|they|we|i|you|him|her|them|us|me|his|hers|its|their|theirs|our|my|your|who|whom|whose|himself|herself|itself|themselves)$/i;

/** A new object of a kind, or a mention more of one that is there already. */
export async function chained(app, kind) {
  const { model, caret } = app;
  const made = model.mention(caret.start, caret.end);
  const label = kind === "actor" ? "type" : "kind";
  const types = model.fields(kind).find((f) => f.key === label);
  const likely = (row) => (row.mentions ?? []).some((m) => m.text === made.text) || row.name === made.text;
  const known = model.all(kind).sort((a, b) => likely(b) - likely(a));
  const options = [
    ...known.filter(likely).map((row) => ({ label: model.title(row[kind]), hint: "a mention more", value: { id: row[kind] } })),
    ...Object.entries(types.choices ?? { "": "" }).map(([type, hint]) => ({ label: `new ${type}`, hint, value: { type } })),
    ...known.filter((row) => !likely(row)).map((row) => ({ label: model.title(row[kind]), hint: "a mention more", value: { id: row[kind] } })),
  ];
  const chosen = await choose(`${kind}: «${made.text}»`, options);
  if (!chosen) return;
  const forms = model.forms.mention[kind].form ?? {};
  if (Object.keys(forms).length) {
    made.form = await choose(`form of «${made.text}»`, first(Object.entries(forms), guess(made.text), ([f]) => f).map(([value, hint]) => ({ label: value, hint, value })));
    if (made.form === null) return;
  }
  const head = await headOf(made.text, made.form);
  if (head === null) return;
  if (head && head !== made.text) made.head = head;
  const named = made.form === "name" ? (head || made.text) : made.text;
  const fields = { [label]: chosen.type, name: named, mentions: [made] };
  const change = chosen.id ? edits.mention(model, chosen.id, "mentions", made) : edits.create(model, kind, fields);
  app.commit(change);
  app.pick(chosen.id ?? change.id, pathOf(app, chosen.id ?? change.id, made));
}

function guess(text) {
  if (PRONOUNS.test(text)) return "pronoun";
  return /^(the |a |an )?\p{Lu}/u.test(text) && !/\p{Ll}\p{Ll}+s$/u.test(text) ? "name" : "nominal";
}

/** Options with the one that is likely at the front. */
const first = (options, value, key) => [...options].sort((a, b) => (key(b) === value) - (key(a) === value));

// Words with capitals, and the particles between them: "Abu Bakr al-Baghdadi", "Bank of Norland".
const NAME = /\p{Lu}[\p{L}\p{M}'’-]*(?: (?:\p{Ll}{1,4}[- ])?\p{Lu}[\p{L}\p{M}'’-]*)*/gu;

/** The head of a mention of several words; null where nobody answered. */
async function headOf(text, form) {
  const found = words(new Text(text)).map(([a, b]) => [...text].slice(a, b).join("")).filter((w) => /[\p{L}\p{N}]/u.test(w));
  if (found.length < 2 || form === "pronoun") return "";
  const names = (text.match(NAME) ?? []).filter((n) => n.includes(" "));
  const until = found.findIndex((w, i) => i > 0 && /^(of|in|at|on|from|for|to|against|with|who|that|which|near|by)$/i.test(w));
  const likely = form === "name" && names.length ? names.at(-1) : found[(until > 0 ? until : found.length) - 1];
  const unique = [...new Set([...names, ...found, text])];
  const options = first(unique, likely, (w) => w).map((w) => ({ label: w, hint: w === likely ? "likely" : "", value: w }));
  // Any whole words of the mention will do.
  const inside = (typed) => (typed && ` ${text} `.replace(/[^\p{L}\p{M}\p{N}]/gu, " ").includes(` ${typed.replace(/[^\p{L}\p{M}\p{N}]/gu, " ")} `) && text.includes(typed) ? typed : undefined);
  return choose(`head of «${text}»`, options, { free: inside });
}

/** A number or a time, read by the grammar where it can be. */
export async function valued(app, kind) {
  const { model, caret } = app;
  const made = model.mention(caret.start, caret.end);
  const { reading } = await read(app, kind, made, {});
  const { head, ...fields } = reading;
  if (!fields.kind) {
    const kinds = model.fields(kind).find((f) => f.key === "kind").choices ?? {};
    const chosen = await choose(`${kind}: «${made.text}»`, Object.entries(kinds).map(([value, hint]) => ({ label: value, hint, value })));
    if (chosen === null) return;
    fields.kind = chosen;
  }
  if (head && head !== made.text && made.text.includes(head)) made.head = head;
  const change = edits.create(model, kind, { mention: made, ...fields });
  app.commit(change);
  app.pick(change.id, ["mention"]);
}

/** What the server makes of the words of a number or a time, and of the values given. */
export function read(app, kind, mention, row) {
  const { model, view } = app;
  const block = view.blocks[Math.max(0, last(view.blocks, mention.start))];
  return ask("value", {
    kind,
    row,
    sentence: model.text.slice(block[0], block.end),
    start: mention.start - block[0],
    end: mention.start - block[0] + size(mention.text),
  });
}

export async function event(app) {
  const { model, caret } = app;
  const made = model.mention(caret.start, caret.end);
  const types = model.fields("event").find((f) => f.key === "type").choices ?? { "": "" };
  const options = Object.entries(types).map(([value, hint]) => ({ label: value, hint, value }));
  const type = await choose(`event: «${made.text}»`, options.filter((o) => !model.forms.events[o.value]?.reserved));
  if (type === null) return;
  const change = edits.create(model, "event", { trigger: made, type });
  app.commit(change);
  app.pick(change.id, ["trigger"]);
}

export function plain(app, kind, key) {
  const made = app.model.mention(app.caret.start, app.caret.end);
  const change = edits.create(app.model, kind, { [key]: key === "mention" ? made : [made] });
  app.commit(change);
  app.pick(change.id, key === "mention" ? [key] : [key, 0]);
}

/** What is selected goes into a field of the object that is open. */
export async function give(app, key) {
  const { model, current } = app;
  const kind = kindOf(model.row(current.id));
  const fields = model.fields(kind).filter((f) => ["mention", "mentions"].includes(f.control));
  const options = fields.map((f) => ({ label: f.key, value: f.key }));
  const chosen = key ?? (await choose(`«${app.caret.text}» is … of ${model.title(current.id)}`, options));
  if (chosen === null) return;
  const made = model.mention(app.caret.start, app.caret.end);
  const old = mentionsOf(model.row(current.id)).find((m) => m.path[0] === chosen && same(pieces(m.mention), pieces(made)));
  app.commit(edits.mention(model, current.id, chosen, old ? old.mention : made));
  app.pick(current.id, pathOf(app, current.id, made));
}

/** Cue, verbatim part or anaphor of the quotation that is open. */
export function part(app, key) {
  if (!isOpen(app, "quotation")) return app.say("Open a quotation first: Enter on its content.");
  return give(app, key);
}

/** Who is quoted: what is selected, and whom it stands for. */
export async function speaker(app) {
  if (!isOpen(app, "quotation")) return app.say("Open a quotation first: Enter on its content.");
  const { model, caret, current } = app;
  const made = model.mention(caret.start, caret.end);
  const here = app.view.over(caret.start, caret.end).filter((m) => ["ACTOR", "PLACE"].includes(m.label));
  const exact = here.filter((m) => m.start === caret.start && m.end === caret.end);
  let id = exact.length === 1 ? exact[0].id : undefined;
  if (id === undefined) {
    const near = [...new Set(here.map((m) => m.id))];
    const rest = model.all("actor", "place").map(idOf);
    const options = [...new Set([...near, ...rest])].map((x) => ({ label: model.title(x), value: x }));
    id = await choose(`who is «${made.text}»?`, [...options, { label: "nobody annotated", value: "" }]);
    if (id === null) return undefined;
  }
  const row = { ...model.row(current.id), speaker: id, speaker_span: made };
  if (!id) delete row.speaker;
  return app.commit({ set: [model.tidy(row)], drop: [] });
}

/** What is selected is the head of the mention that is open. */
export function head(app) {
  const { model, caret, current } = app;
  const shown = mentionAt(app);
  if (!shown) return app.say("Open a mention first: Enter on it.");
  const inside = pieces(shown).some(([a, b]) => a <= caret.start && caret.end <= b);
  if (!inside) return app.say(`The head of «${surface(shown)}» lies inside it; «${caret.text}» does not.`);
  const many = pieces(shown).reduce((n, [a, b]) => n + model.text.slice(a, b).split(caret.text).length - 1, 0) > 1;
  return app.commit(
    edits.at(model, current.id, current.path, (m) => {
      const { head: _, head_start: __, ...rest } = m;
      if (caret.text === m.text) return rest;
      return { ...rest, head: caret.text, ...(many ? { head_start: caret.start } : {}) };
    }),
  );
}

export async function form(app) {
  const kind = kindOf(app.model.row(app.current.id));
  const forms = app.model.forms.mention[kind]?.form;
  if (!forms || app.current.path[0] !== "mentions") return app.say("Only mentions of actors and places have a form.");
  const value = await choose("form", Object.entries(forms).map(([v, hint]) => ({ label: v, hint, value: v })));
  if (value === null) return undefined;
  return app.commit(edits.at(app.model, app.current.id, app.current.path, (m) => ({ ...m, form: value })));
}

/** The mention that is open takes in what is selected as a further piece. */
export function fragment(app) {
  const shown = mentionAt(app);
  if (!shown) return app.say("Open a mention first: Enter on it.");
  return app.commit(edits.fragment(app.model, app.current.id, app.current.path, app.model.mention(app.caret.start, app.caret.end)));
}

/** The mention that is open gets the bounds of what is selected. */
export function bounds(app) {
  const shown = mentionAt(app);
  if (!shown) return app.say("Open a mention first: Enter on it.");
  const made = app.model.mention(app.caret.start, app.caret.end);
  return app.commit(
    edits.at(app.model, app.current.id, app.current.path, (m) => {
      const { head: word, head_start: _, more: __, ...rest } = m;
      return { ...rest, ...made, ...(word && made.text.includes(word) && word !== made.text ? { head: word } : {}) };
    }),
  );
}

export const isOpen = (app, ...kinds) => app.current && kinds.includes(kindOf(app.model.row(app.current.id)));

export function mentionAt(app) {
  let value = app.current && app.model.row(app.current.id);
  for (const step of app.current?.path ?? []) value = value?.[step];
  return value?.text === undefined ? undefined : value;
}

export function pathOf(app, id, mention) {
  return mentionsOf(app.model.row(id)).find((m) => same(pieces(m.mention), pieces(mention)))?.path ?? [];
}
