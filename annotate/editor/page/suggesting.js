// What a program has proposed and nobody has decided: provenance with the action "suggested".

import { copy, idOf, kindOf, mentionsOf } from "./model.js";
import * as edits from "./edits.js";

export const SUGGESTED = "suggested";
export const ACCEPTED = "accepted";
export const REJECTED = "rejected";

/** Ids of the objects that are open to decision. */
export function suggested(model) {
  const rows = [...model.rows.values()].filter((row) => kindOf(row) === "provenance");
  const named = new Set(rows.filter((r) => r.on).map((r) => r.on));
  const found = new Set(rows.filter((r) => r.action === SUGGESTED && r.on).map((r) => r.on));
  if (rows.some((r) => r.action === SUGGESTED && !r.on)) {
    for (const row of model.rows.values()) {
      if (mentionsOf(row).length && !named.has(idOf(row))) found.add(idOf(row));
    }
  }
  return found;
}

const of = (model, id) => [...model.rows.values()].find((r) => kindOf(r) === "provenance" && r.on === id && r.action === SUGGESTED);

/** The object is right: what proposed it stays on record. */
export function accept(model, id) {
  const row = of(model, id);
  const made = row ? copy(row) : { provenance: model.fresh("provenance"), on: id };
  return { set: [{ ...made, action: ACCEPTED }], drop: [] };
}

/** The object is wrong: it goes, and the document's provenance says what was there. */
export function reject(model, id) {
  const change = edits.remove(model, id);
  const tool = of(model, id)?.tool;
  const made = { provenance: model.fresh("provenance"), action: REJECTED, ...(tool ? { tool } : {}), note: model.title(id) };
  return { set: [...change.set, made], drop: change.drop };
}
