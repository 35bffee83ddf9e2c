// A list to choose from by typing: what every key that needs an answer opens.

const SHOWN = 60;

let open = null;
let asked = 0;

/** Is a question being asked? */
export const asking = () => open !== null;

/**
 * Asks; the promise gives the value chosen, or null. An option is {label, hint, value}. With `free`, what was
 * typed is an answer too ({typed}); `free` may also be a function that gives the value of what was typed, or
 * undefined. `given` is what stands there at first.
 */
export function choose(title, options, { free = false, given = "" } = {}) {
  const dialog = document.getElementById("chooser");
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("ul");
  const before = document.activeElement;
  dialog.querySelector("h2").textContent = title;
  input.value = given;
  let found = [];
  let at = 0;

  const draw = () => {
    found = matching(options, input.value);
    const own = typeof free === "function" ? free(input.value.trim()) : undefined;
    if (own !== undefined && !found.some((option) => option.label === own)) found.unshift({ label: own, hint: "these words", value: own });
    else if (free === true && input.value !== given) found.push({ label: input.value || "nothing", hint: "as typed", value: { typed: input.value } });
    else if (free === true && !options.length) found.push({ label: given || "nothing", hint: "as it is", value: { typed: given } });
    at = 0;
    list.replaceChildren(
      ...found.slice(0, SHOWN).map((option, i) => {
        const item = document.createElement("li");
        item.id = `option-${i}`;
        item.setAttribute("role", "option");
        const label = document.createElement("b");
        label.textContent = option.label;
        const hint = document.createElement("span");
        hint.textContent = option.hint ?? "";
        item.append(label, " ", hint);
        item.addEventListener("click", () => close(option.value));
        return item;
      }),
    );
    mark(0);
    dialog.querySelector("p").textContent = found.length > SHOWN ? `${SHOWN} of ${found.length} shown; type to narrow` : `${found.length} to choose from`;
  };
  const mark = (next) => {
    const items = [...list.children];
    at = items.length ? (next + items.length) % items.length : 0;
    items.forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
    items[at]?.scrollIntoView({ block: "nearest" });
    if (items[at]) input.setAttribute("aria-activedescendant", items[at].id);
    else input.removeAttribute("aria-activedescendant");
  };
  const keys = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step) mark(at + step);
    else if (event.key === "Enter") {
      if (found[at]) close(found[at].value);
    } else if (event.key === "Escape") close(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  let close;
  const answer = new Promise((resolve) => {
    close = (value) => {
      input.removeEventListener("input", draw);
      input.removeEventListener("keydown", keys);
      dialog.oncancel = null;
      dialog.close();
      open = null;
      before?.focus?.({ preventScroll: true });
      resolve(value);
    };
  });
  open = close;
  input.addEventListener("input", draw);
  input.addEventListener("keydown", keys);
  // Not "close": that comes when the next question is open already.
  dialog.oncancel = () => close(null);
  draw();
  dialog.dataset.question = ++asked;
  dialog.showModal();
  input.focus();
  input.select();
  return answer;
}

/** The options in which every word typed begins a word; those that begin with it first. */
function matching(options, typed) {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (!wanted.length) return [...options];
  const scored = [];
  options.forEach((option, i) => {
    const label = option.label.toLowerCase();
    const all = ` ${label} ${option.hint ?? ""}`.toLowerCase();
    if (!wanted.every((word) => all.includes(word))) return;
    const rank = label === wanted.join(" ") ? 0 : label.startsWith(wanted[0]) ? 1 : wanted.every((w) => ` ${label}`.includes(` ${w}`)) ? 2 : 3;
    scored.push([rank, i, option]);
  });
  return scored.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((x) => x[2]);
}
