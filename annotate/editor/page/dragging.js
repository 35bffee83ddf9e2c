// From a trigger to what fills a role, with the mouse: the tag of a mention is dragged onto words or a mark.

import { byId } from "./dom.js";
import { speaker } from "./marking.js";
import { kindOf } from "./model.js";
import * as relating from "./relating.js";

export function dragging(app) {
  let from = null;
  app.pane.addEventListener("dragstart", (event) => {
    const mark = event.target.closest?.(".tag")?.parentElement;
    if (!mark) return;
    from = mark;
    event.dataTransfer.effectAllowed = "link";
    event.dataTransfer.setData("text/plain", mark.dataset.id);
  });
  app.pane.addEventListener("dragover", (event) => {
    if (from) event.preventDefault();
  });
  app.pane.addEventListener("dragend", () => {
    from = null;
  });
  app.pane.addEventListener("drop", (event) => {
    if (!from) return;
    event.preventDefault();
    const there = target(app, event);
    const source = from.dataset;
    from = null;
    if (!there) return;
    const path = source.path.split(".").map((x) => (/^\d+$/.test(x) ? Number(x) : x));
    app.run(() => {
      const kind = kindOf(app.model.row(source.id));
      app.pick(source.id, path);
      app.caret.to(...there);
      if (kind === "event") return relating.role(app, there);
      if (kind === "quotation") return speaker(app);
      return relating.merge(app);
    });
  });
  byId("text").setAttribute("aria-describedby", "hint");
}

/** The mention that something was dropped on, else the word. */
function target(app, event) {
  const mark = event.target.closest("mark");
  const point = app.caret.under(event);
  if (mark) {
    const found = app.view.marks.get(mark.dataset.id)?.marks.find((m) => m.path.join(".") === mark.dataset.path && (point < 0 || (m.start <= point && point <= m.end)));
    if (found) return [found.start, found.end];
  }
  return point < 0 ? null : app.caret.words[app.caret.at(point)];
}
