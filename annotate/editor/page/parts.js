// The parts of an event's form that are lists of small objects: participants, details, holders.

import { button, make } from "./dom.js";
import * as edits from "./edits.js";
import { surface } from "./model.js";
import { reference } from "./relating.js";

const options = (choices, value) =>
  [...new Set([...Object.keys(choices), value])].map((v) => make("option", { value: v, textContent: v || "–", title: choices[v] ?? "", selected: v === value }));

export function argumentRows(app, row) {
  const { model, current } = app;
  const roles = Object.fromEntries(Object.entries(model.forms.events[row.type]?.roles ?? {}).map(([k, r]) => [k, r.definition]));
  const rows = (row.args ?? []).map((arg, i) => {
    const change = (made) => app.commit(edits.at(model, current.id, ["args", i], (old) => (made ? { ...old, ...made } : undefined)));
    const choose = async () => {
      const ref = await reference(app, model.forms.fillers, arg.role, current.id);
      if (ref !== null) change({ ref });
    };
    const name = `${arg.role} ${i + 1}`;
    const polarity = (e) =>
      app.commit(edits.at(model, current.id, ["args", i], ({ polarity: _, ...rest }) => (e.target.value === "pos" ? rest : { ...rest, polarity: e.target.value })));
    return make(
      "li",
      {},
      make("select", { id: `role-${i}`, "aria-label": `role of ${name}`, on: { change: (e) => change({ role: e.target.value }) } }, ...options(roles, arg.role)),
      " ",
      button(arg.ref ? model.title(arg.ref) : `«${surface(arg.evidence ?? { text: "" })}»`, choose, { id: `ref-${i}`, "aria-label": `filler of ${name}: ${arg.ref ? model.title(arg.ref) : surface(arg.evidence ?? { text: "nothing" })}` }),
      arg.ref && arg.evidence ? make("small", { textContent: ` «${surface(arg.evidence)}» ` }) : " ",
      make("select", { id: `polarity-${i}`, "aria-label": `polarity of ${name}`, on: { change: polarity } }, ...options(model.forms.polarity, arg.polarity ?? "pos")),
      button("×", () => change(null), { "aria-label": `remove ${name}` }),
    );
  });
  return [make("ul", {}, ...rows), button("+ selection", () => app.run("role"), { "aria-label": "the selection fills a role" })];
}

export function detailRows(app, row) {
  const { model, current } = app;
  const known = model.forms.events[row.type]?.details ?? {};
  const names = [...new Set([...Object.keys(known), ...(row.details ?? []).map((d) => d.name)])];
  return names.map((name) => {
    const value = row.details?.find((d) => d.name === name)?.value ?? "";
    const choices = Object.fromEntries(["", ...(known[name] ?? [])].map((v) => [v, ""]));
    const change = (e) => app.commit(edits.detail(model, current.id, name, e.target.value));
    return make("label", {}, `${name} `, make("select", { id: `detail-${name}`, on: { change } }, ...options(choices, value)));
  });
}

export function factualityRows(app, row) {
  const { model, current } = app;
  const rows = (row.factuality ?? []).map(({ holder, value }) => {
    const change = (e) => app.commit(edits.factuality(model, current.id, holder, e.target.value));
    return make(
      "li",
      {},
      `${model.title(holder)} `,
      make("select", { id: `fact-${holder}`, "aria-label": `for ${holder}`, on: { change } }, ...options(model.forms.factuality, value)),
      button("×", () => app.commit(edits.factuality(model, current.id, holder, "")), { "aria-label": `remove ${holder}` }),
    );
  });
  return [make("ul", {}, ...rows), button("+", () => app.run("factuality"), { "aria-label": "add a holder" })];
}
