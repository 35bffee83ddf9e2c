// What a program has proposed and nobody has decided: provenance with the action "suggested".

import { copy, kindOf } from "./model.js";
import * as edits from "./edits.js";

export const SUGGESTED = "suggested";
export const ACCEPTED = "accepted";
export const REJECTED = "rejected";

const rows = (model) => [...model.rows.values()].filter((row) => kindOf(row) === "provenance" && row.action === SUGGESTED);

/** Ids of the objects that are open to decision. */
export const suggested = (model) => new Set(rows(model).map((r) => r.on).filter((id) => model.row(id)));

const of = (model, id) => rows(model).find((r) => r.on === id);

/** The object is right: the system that proposed it stays on record as the tool of whoever accepts it. */
export function accept(model, id, who) {
  const { annotator, ...made } = copy(of(model, id));
  return { set: [{ ...made, ...(who ? { annotator: who } : {}), action: ACCEPTED, ...(annotator ? { tool: annotator } : {}) }], drop: [] };
}

/** The object is wrong: it goes with what only spoke of it, and the document's provenance says what was there. */
export function reject(model, id, who) {
  const change = edits.remove(model, id);
  const tool = of(model, id)?.annotator;
  const made = { provenance: model.fresh("provenance"), ...(who ? { annotator: who } : {}), action: REJECTED, ...(tool ? { tool } : {}), note: model.title(id) };
  return { set: [...change.set, made], drop: change.drop };
}
