// What stands beside the form: the problems, every object, and the guidelines.

import { button, byId, make } from "./dom.js";
import { idOf, kindOf, mentionsOf } from "./model.js";

const KINDS = ["actor", "place", "time", "number", "quotation", "term", "event", "link", "span", "relation", "ambiguity", "mask", "segment", "provenance"];
const MOST = 400; // objects of a kind that are listed at once

export function problems(app) {
  const items = app.problems.map((p) =>
    make("li", { className: p.warning ? "warning" : "" }, button(p.on || "document", () => app.pick(p.on, undefined, true)), " ", make("code", { textContent: p.rule }), ` ${p.message} `, ...rule(app, p.rule)),
  );
  byId("problems").replaceChildren(items.length ? make("ul", {}, ...items) : make("p", { className: "note", textContent: "No problems." }));
  byId("tab-problems").textContent = `Problems ${items.length || ""}`.trim();
}

function rule(app, slug) {
  return app.guide.some((s) => s.slug === slug) ? [button("rule", () => guideline(app, [slug], true), { "aria-label": `the rule ${slug}` })] : [];
}

/** Every object by its kind; only where the list can be seen. */
export function everything(app) {
  const root = byId("objects");
  if (root.hidden) return;
  const parts = [];
  for (const kind of KINDS) {
    const rows = app.model.all(kind);
    if (!rows.length) continue;
    const items = rows.slice(0, MOST).map((row) => {
      const many = mentionsOf(row).length;
      const same = row.coref && row.coref !== row.event ? ` = ${row.coref}` : "";
      return make("li", {}, button(app.model.title(idOf(row)), () => app.pick(idOf(row), undefined, true)), make("small", { textContent: ` ${same}${many > 1 ? ` ${many} mentions` : ""}` }));
    });
    if (rows.length > MOST) items.push(make("li", { textContent: `… and ${rows.length - MOST} more; search finds them` }));
    parts.push(make("details", { open: !["segment", "provenance"].includes(kind) }, make("summary", { textContent: `${kind} ${rows.length}` }), make("ul", {}, ...items)));
  }
  root.replaceChildren(button("document", () => app.pick("")), ...parts);
}

/** The definition of the label that is open, and the sections that speak of it; or some sections by name. */
export function guideline(app, slugs, show = false) {
  const row = app.current && app.model.row(app.current.id);
  const kind = row ? kindOf(row) : "";
  const label = row ? row.type || row.kind || "" : "";
  const field = kind && kind !== "doc" ? app.model.fields(kind).find((f) => f.choices && ["type", "kind"].includes(f.key)) : undefined;
  const definition = field?.choices[label] ?? "";
  const wanted = slugs ?? [];
  const named = app.guide.filter((s) => wanted.includes(s.slug) || (!slugs && label && s.labels.includes(label)));
  const page = { time: "numbers", place: "actors", link: "identity", segment: "spans" }[kind] ?? `${kind}s`;
  const rest = slugs || !kind ? [] : app.guide.filter((s) => s.page === page && !named.includes(s));
  const state = `${kind} ${label} ${slugs ?? ""} ${app.guide.length}`;
  if (byId("guide").dataset.state === state) return show ? tab("guide") : undefined;
  byId("guide").dataset.state = state;
  const section = (s, open) => {
    const body = make("div", { className: "prose" });
    const box = make("details", { open }, make("summary", { textContent: s.title }), body);
    // Written by the server from Markdown, in which markup is text; made when it is looked at.
    const fill = () => {
      if (box.open && !body.firstChild) body.innerHTML = s.html;
    };
    box.addEventListener("toggle", fill);
    fill();
    return box;
  };
  const parts = [];
  if (definition) parts.push(make("p", {}, make("b", { textContent: label }), ` ${definition}`));
  const roles = Object.entries(app.model.forms.events[label]?.roles ?? {});
  if (kind === "event" && roles.length) parts.push(make("ul", {}, ...roles.map(([name, r]) => make("li", {}, make("b", { textContent: name }), ` ${r.definition}`))));
  parts.push(...named.map((s, i) => section(s, Boolean(slugs) || (i === 0 && named.length === 1))));
  if (rest.length) parts.push(make("h3", { textContent: page }), ...rest.map((s) => section(s, false)));
  if (!parts.length) parts.push(make("p", { className: "note", textContent: app.guide.length ? "The guideline of the label that is open stands here." : "This ontology has no guidelines." }));
  byId("guide").replaceChildren(...parts);
  return show ? tab("guide") : undefined;
}

const TABS = ["object", "problems", "objects", "guide", "compare"];

/** Shows one of the lists. The guideline stays beside the form where there is room for both. */
export function tab(name) {
  for (const id of TABS) {
    const handle = byId(`tab-${id}`);
    handle.setAttribute("aria-selected", String(id === name));
    handle.tabIndex = id === name ? 0 : -1;
    byId(id).hidden = id !== name && !(name === "object" && id === "guide");
  }
  dispatchEvent(new CustomEvent("tab", { detail: name }));
}

export function tabs() {
  const list = byId("tabs");
  list.addEventListener("click", (event) => {
    const handle = event.target.closest("[role=tab]");
    if (handle) tab(handle.id.slice(4));
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const shown = TABS.filter((id) => !byId(`tab-${id}`).hidden);
    const here = shown.findIndex((id) => `tab-${id}` === document.activeElement.id);
    const next = shown[(here + step + shown.length) % shown.length];
    tab(next);
    byId(`tab-${next}`).focus();
    event.preventDefault();
  });
}
