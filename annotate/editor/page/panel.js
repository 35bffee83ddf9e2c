// The object that is open: a form made from its fields, what is wrong with it, and the guidelines of its label.

import { button, byId, make } from "./dom.js";
import * as edits from "./edits.js";
import { copy, kindOf, mentionsOf, pieces, surface } from "./model.js";
import { argumentRows, detailRows, factualityRows } from "./parts.js";
import { mentionAt, read } from "./marking.js";
import { reference } from "./relating.js";

/** Draws the form of the object that is open, and leaves the focus where it was. */
export function draw(app) {
  const panel = byId("object");
  const focused = panel.contains(document.activeElement) ? document.activeElement.id : "";
  const row = app.current && app.model.row(app.current.id);
  if (!row) {
    panel.replaceChildren(make("p", { className: "note", textContent: "Nothing is open. Select words and press a key: a actor, p place, e event, q quotation … or ? for all keys." }));
    return;
  }
  const kind = kindOf(row);
  const head = make("h2", { id: "title", textContent: kind === "doc" ? `document ${row.doc}` : app.model.title(app.current.id) });
  const field = app.model.fields(kind).find((f) => f.choices && ["type", "kind"].includes(f.key));
  const meaning = make("p", { className: "note", textContent: field?.choices[row[field.key]] ?? "" });
  const form = make("form", { "aria-labelledby": "title", on: { submit: (event) => event.preventDefault() } });
  for (const field of app.model.fields(kind)) form.append(control(app, row, field));
  panel.replaceChildren(head, meaning, ...suggestion(app), ...conflict(app, row), ...problems(app), form, ...reading(app, row));
  if (focused) byId(focused)?.focus({ preventScroll: true });
}

function suggestion(app) {
  const { id } = app.current;
  if (!app.view.suggested.has(id)) return [];
  return [
    make("p", { className: "banner" }, "Suggested by a program. ", button("Accept (y)", () => app.run("accept")), " ", button("Reject (z)", () => app.run("reject"))),
  ];
}

/** Two people changed one thing: ours stands, and the row says what the other was. */
function conflict(app, row) {
  if (!row.conflict) return [];
  const settle = () => {
    const made = copy(row);
    delete made.conflict;
    app.commit({ set: [made], drop: [] });
  };
  return [make("div", { className: "banner" }, make("b", { textContent: "Conflict of the merge" }), ...row.conflict.map((said) => make("p", { textContent: said })), button("Settled", settle))];
}

function problems(app) {
  const mine = app.problems.filter((p) => p.on === app.current.id);
  if (!mine.length) return [];
  return [make("ul", { className: "wrong", "aria-label": "problems" }, ...mine.map((p) => make("li", {}, make("code", { textContent: p.rule }), ` ${p.message}`)))];
}

function control(app, row, field) {
  const id = `field-${field.key}`;
  const value = row[field.key] ?? field.default;
  const set = (made) => app.commit(edits.assign(app.model, app.current.id, field.key, made));
  const parts = { mention: mentionRows, mentions: mentionRows, args: argumentRows, details: detailRows, factuality: factualityRows }[field.control];
  if (parts) return group(field.key, parts(app, row, field));
  if (field.control === "ref") {
    const choose = async () => {
      const made = await reference(app, field.kinds, field.key, app.current.id);
      if (made !== null) set(made);
    };
    return labelled(id, field.key, button(value ? app.model.title(value) : "–", choose, { id, className: "value" }));
  }
  if (field.control === "refs" || field.control === "choices" || field.control === "texts") return group(field.key, listed(app, field, value ?? [], set));
  if (field.control === "flag") return labelled(id, field.key, make("input", { id, type: "checkbox", checked: value, on: { change: (e) => set(e.target.checked) } }));
  if (field.control === "choice") {
    const known = Object.entries(field.choices);
    if (!known.some(([v]) => v === value)) known.unshift([value, "no label of the ontology"]);
    if (!known.some(([v]) => v === "") && field.default === "") known.unshift(["", "nothing"]);
    const options = known.map(([v, said]) => make("option", { value: v, textContent: v || "–", title: said, selected: v === value }));
    return labelled(id, field.key, make("select", { id, title: field.choices[value] ?? "", on: { change: (e) => set(e.target.value) } }, ...options));
  }
  const whole = field.control === "whole";
  const input = make("input", { id, type: whole ? "number" : "text", value: value ?? "", spellcheck: false, autocomplete: "off", disabled: field.key === "text" });
  input.addEventListener("change", () => set(whole ? Number.parseInt(input.value, 10) || 0 : input.value.trim()));
  if (["number", "time"].includes(kindOf(row)) && ["value", "low", "high", "resolved"].includes(field.key)) live(app, row, field.key, input);
  return labelled(id, field.key, input);
}

/** While a value is typed, the server says whether it is one: by the rules of check. */
function live(app, row, key, input) {
  let timer = 0;
  input.setAttribute("aria-describedby", "reading");
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const { wrong } = await read(app, kindOf(row), row.mention, { ...row, [key]: input.value.trim() });
      input.setAttribute("aria-invalid", String(Boolean(wrong[key])));
      byId("reading").textContent = wrong[key] ? `${key}: «${input.value}» ${wrong[key]}` : `${key}: «${input.value}» is a value`;
    }, 120);
  });
}

/** What the grammar makes of the words of a number or a time, and a button that takes it over. */
function reading(app, row) {
  if (!["number", "time"].includes(kindOf(row)) || !row.mention) return [];
  const said = make("p", { id: "reading", className: "note", "aria-live": "polite", textContent: "…" });
  const take = button("Take this reading", () => app.run("reading"), { hidden: true });
  read(app, kindOf(row), row.mention, row).then(({ reading: found, wrong }) => {
    const values = Object.entries(found).filter(([k]) => k !== "head").map(([k, v]) => `${k} ${v}`);
    const bad = Object.entries(wrong).map(([k, v]) => `${k} ${v}`);
    said.textContent = [...bad, values.length ? `The grammar reads: ${values.join(", ")}.` : "The grammar makes nothing of these words."].join(". ");
    take.hidden = !values.length || values.every((v) => Object.entries(row).some(([k, x]) => v === `${k} ${x}`));
  }, () => {});
  return [said, take];
}

/** Takes over what the grammar reads. */
export async function takeReading(app) {
  const row = app.current && app.model.row(app.current.id);
  if (!row || !["number", "time"].includes(kindOf(row))) return app.say("Open a number or a time first.");
  const { reading: found } = await read(app, kindOf(row), row.mention, row);
  const { head, ...fields } = found;
  if (!Object.keys(fields).length) return app.say("The grammar makes nothing of these words.");
  const mention = head && head !== row.mention.text && row.mention.text.includes(head) ? { ...row.mention, head } : row.mention;
  return app.commit({ set: [app.model.tidy({ ...copy(row), ...fields, mention })], drop: [] });
}

function mentionRows(app, row, field) {
  const { id } = app.current;
  const found = mentionsOf(row).filter((m) => m.path[0] === field.key);
  const value = row[field.key];
  const list = found.length ? found : value?.text === undefined ? [] : [{ path: [field.key], mention: value }];
  const rows = list.map(({ path, mention }) => {
    const name = path.join("-");
    const open = button(`«${surface(mention)}»`, () => app.pick(id, path, true), { id: `go-${name}`, "aria-current": app.current.path.join("-") === name && "true" });
    const tools = [open];
    if (mention.head) tools.push(make("small", { textContent: ` head ${mention.head}` }));
    for (const [part, choices] of Object.entries(app.model.forms.mention[kindOf(row)] ?? {})) {
      if (field.key !== "mentions") break;
      const options = ["", ...Object.keys(choices).filter(Boolean)].map((v) => make("option", { value: v, textContent: v || "–", selected: (mention[part] ?? "") === v }));
      const change = (e) =>
        app.commit(edits.at(app.model, id, path, (m) => {
          const { [part]: _, ...rest } = m;
          return e.target.value ? { ...rest, [part]: e.target.value } : rest;
        }));
      tools.push(make("select", { id: `${part}-${name}`, "aria-label": `${part} of «${surface(mention)}»`, on: { change } }, ...options));
    }
    tools.push(button("×", () => app.commit(edits.unmention(app.model, id, path)), { "aria-label": `remove «${surface(mention)}»` }));
    return make("li", {}, ...tools);
  });
  const take = button("+ selection", () => app.run("give", field.key), { "aria-label": `${field.key}: take the selection` });
  return [make("ul", {}, ...rows), take];
}

function listed(app, field, value, set) {
  const rows = value.map((item) =>
    make("li", {}, field.control === "refs" ? app.model.title(item) : item, " ", button("×", () => set(value.filter((x) => x !== item)), { "aria-label": `remove ${item}` })),
  );
  const add = button("+", () => app.run("field", { field }), { id: `field-${field.key}`, "aria-label": `add to ${field.key}` });
  return [make("ul", { className: "chips" }, ...rows), add];
}

const labelled = (id, text, element) => make("div", { className: "field" }, make("label", { for: id, textContent: text.replaceAll("_", " ") }), element);
const group = (text, children) => make("fieldset", {}, make("legend", { textContent: text.replaceAll("_", " ") }), ...children);

/** Where the mention that is open stands: [[start, end]…]. */
export const openAt = (app) => (mentionAt(app) ? pieces(mentionAt(app)) : []);
