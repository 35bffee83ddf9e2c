// Another annotation of the text: its differences in place, and the agreement of both.

import { ask } from "./server.js";
import { button, byId, make } from "./dom.js";
import { idOf, mentionsOf, pieces } from "./model.js";
import { tab } from "./lists.js";

/** Shows the list of differences, where the editor was told of another document. */
export function beside(app, name) {
  if (!name) return;
  byId("tab-compare").hidden = false;
  addEventListener("tab", (event) => {
    if (event.detail === "compare") app.run(() => compare(app));
  });
  app.run(() => compare(app));
}

async function compare(app) {
  await app.history.pump();
  const found = await ask("beside");
  const missing = new Map(found.missing.map((row) => [idOf(row), row]));
  app.view.highlight("theirs", [
    ...found.missing.flatMap((row) => mentionsOf(row).flatMap((m) => pieces(m.mention))),
    ...found.differences.filter((d) => !d.missing && d.said.endsWith(": only here")).flatMap((d) => stands(app, d.on)),
  ]);
  const items = found.differences.map((d) => {
    const row = missing.get(d.on);
    const there = row && mentionsOf(row)[0];
    const go = () => (row ? there && app.caret.to(...pieces(there.mention)[0]) : app.pick(d.on, undefined, true));
    return make("li", {}, button(row ? "there" : d.on, go), ` ${d.said} `, row ? button("Take it", () => take(app, row), { "aria-label": `take ${d.said}` }) : "");
  });
  const figures = found.agreement.map(([layer, measure, said]) => make("tr", {}, make("th", { scope: "row", textContent: layer }), make("td", { textContent: measure }), make("td", { textContent: said })));
  byId("compare").replaceChildren(
    make("h2", { textContent: `Beside ${found.name}` }),
    make("p", { className: "note", textContent: items.length ? `${items.length} differences, marked in the text where an object is only on one side.` : "No differences." }),
    make("ul", {}, ...items),
    ...(figures.length ? [make("h3", { textContent: "Agreement (F1)" }), make("table", {}, make("tbody", {}, ...figures))] : []),
  );
  byId("tab-compare").textContent = `Compare ${items.length || ""}`.trim();
}

const stands = (app, id) => (app.model.row(id) ? mentionsOf(app.model.row(id)).flatMap((m) => pieces(m.mention)) : []);

/** An object of the other's, made one of ours; what it names and is not here is left out. */
async function take(app, row) {
  const own = idOf(row);
  const made = app.model.mapped(row, (id) => (app.model.row(id) || id === own || id === app.model.forms.holder ? id : ""));
  app.commit({ set: [made], drop: [] });
  await compare(app);
  tab("compare");
}
