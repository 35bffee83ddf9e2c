// Elements, made in one line each; text is text and never markup.

/** An element with properties (or attributes, where a name has a dash, or is role or for) and children. */
export function make(name, given = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === false) continue;
    if (key.includes("-") || ["role", "for", "list", "colspan"].includes(key)) element.setAttribute(key, String(value));
    else if (key === "on") for (const [type, call] of Object.entries(value)) element.addEventListener(type, call);
    else element[key] = value;
  }
  element.append(...children.filter((c) => c !== undefined && c !== null && c !== ""));
  return element;
}

export const button = (text, run, given = {}) => make("button", { type: "button", textContent: text, on: { click: run }, ...given });

export const byId = (id) => document.getElementById(id);
