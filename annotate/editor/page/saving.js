// Saving, what a crash left, and a file that somebody else has changed.

import { button, byId, make } from "./dom.js";

export function saving(app, state) {
  app.save = () => save(app);
  byId("save").addEventListener("click", () => app.run("save"));
  byId("reload").addEventListener("click", () => location.reload());
  if (!state.recovered) return;
  const bar = byId("recovered");
  bar.hidden = false;
  const discard = async () => {
    await app.history.settled("discard");
    bar.hidden = true;
    app.say("The changes are gone; this is the file.");
  };
  bar.replaceChildren(
    `${state.recovered} changes that were not saved are here again, from the journal. `,
    button("Keep them", () => {
      bar.hidden = true;
      app.pane.focus();
    }),
    " ",
    button("Discard them", () => app.run(discard)),
  );
}

async function save(app) {
  if (document.activeElement?.matches?.("#object input")) document.activeElement.blur();
  try {
    await app.history.settled("save");
    app.say(`${app.path} is saved.`);
    byId("recovered").hidden = true;
  } catch (error) {
    if (error.stale !== "file") throw error;
    await conflict(app, error.message);
  }
}

/** Offers the merge; nothing is written meanwhile. */
function conflict(app, message) {
  const dialog = byId("merge");
  const said = byId("merge-said");
  return new Promise((resolve) => {
    const close = () => {
      dialog.onclose = null;
      dialog.close();
      app.pane.focus();
      resolve();
    };
    const merge = async () => {
      try {
        const state = await app.history.settled("merge");
        const { conflicts } = state;
        if (!conflicts.length) {
          app.say("Both changes are here. Save to write them.");
          return close();
        }
        said.replaceChildren(
          make("p", { textContent: `${conflicts.length} conflicts: yours stand, and each object says what theirs was. Look at them, then save.` }),
          make("ul", {}, ...conflicts.map((c) => make("li", { textContent: c }))),
          button("Look at them", close),
        );
        said.querySelector("button").focus();
      } catch (error) {
        said.replaceChildren(make("p", { textContent: `It cannot be merged: ${error.message}. Your changes stay in the journal.` }), button("Back", close));
      }
      return undefined;
    };
    said.replaceChildren(
      make("p", { textContent: `${message}. It was not overwritten. A merge brings both together, by content.` }),
      button("Merge", merge),
      " ",
      button("Not now", close),
    );
    dialog.onclose = () => {
      dialog.onclose = null;
      app.pane.focus();
      resolve();
    };
    dialog.showModal();
    said.querySelector("button").focus();
  });
}
