// Search: words of the text, whatever their case, or the id of an object.

import { byId } from "./dom.js";

export function search(app) {
  const input = byId("search");
  let found = [];
  let at = -1;

  const look = () => {
    const asked = input.value.trim().toLowerCase();
    const { text } = app.model;
    const whole = text.string.toLowerCase();
    found = [];
    // Where lower case has another length, places would be wrong: the text as it is, then.
    const inside = whole.length === text.string.length ? whole : text.string;
    for (let i = asked ? inside.indexOf(asked) : -1; i >= 0 && found.length < 1000; i = inside.indexOf(asked, i + 1)) {
      found.push([text.point(i), text.point(i + asked.length)]);
    }
    at = -1;
    app.view.highlight("found", found);
    byId("found").textContent = app.model.row(input.value.trim()) && asked ? "Enter opens it" : asked ? `${found.length}${found.length === 1000 ? " or more" : ""} found` : "";
  };

  const next = (by) => {
    if (app.model.row(input.value.trim()) && input.value.trim()) return app.pick(input.value.trim(), undefined, true);
    if (!found.length) return app.say("Nothing is found.");
    at = at < 0 ? Math.max(0, found.findIndex(([start]) => start >= app.caret.start)) : (at + by + found.length) % found.length;
    app.caret.to(...found[at]);
    byId("found").textContent = `${at + 1} of ${found.length}`;
    return undefined;
  };

  input.addEventListener("input", look);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    next(event.shiftKey ? -1 : 1);
  });
}
