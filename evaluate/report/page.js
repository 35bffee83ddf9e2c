"use strict";
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const filter = document.getElementById("filter");
  const show = document.getElementById("show");
  const items = all("#list > li");

  // What a system's errors have to do with other systems: none or any err there too, one is right, one is wrong.
  const beside = (item, wanted) => {
    const others = item.dataset.others.split(" ").filter(Boolean);
    const [kind, which] = wanted.split(" ");
    if (kind === "none") return !others.length;
    if (kind === "any") return others.length > 0;
    return kind === "wrong" ? others.includes(which) : !others.includes(which) && item.dataset.system !== which;
  };

  // The errors that answer every choice; a value begins with "=", so that an empty label can be chosen too.
  const answers = (item, [name, value]) =>
    name === "others" ? beside(item, value) : item.dataset[name] === value.replace(/^=/, "");
  const choose = () => {
    const chosen = [...new FormData(filter)].filter(([, value]) => value !== "");
    let shown = 0;
    for (const item of items) {
      item.hidden = !chosen.every((choice) => answers(item, choice));
      shown += !item.hidden;
    }
    document.getElementById("count").textContent = `${shown} of ${items.length} errors`;
  };
  filter.addEventListener("change", choose);
  filter.addEventListener("reset", () => setTimeout(choose));
  filter.addEventListener("submit", (event) => event.preventDefault());

  // A link that names a choice makes it, and nothing else.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href="#errors"][data-system]');
    if (!link) return;
    filter.reset();
    for (const [name, value] of Object.entries(link.dataset)) filter.elements[name].value = value;
    choose();
  });

  // Which systems stand beside gold, which layers are marked, and where a system that is shown errs.
  const draw = () => {
    const data = new FormData(show);
    const sides = new Set(["0", ...data.getAll("side")]);
    const layers = new Set(data.getAll("layer"));
    for (const side of all(".side")) side.hidden = !sides.has(side.dataset.side);
    for (const mark of all("mark")) {
      mark.classList.toggle("off", !layers.has(mark.classList[0]));
      const wrong = (mark.dataset.x || "").split(" ").some((k) => k && sides.has(String(Number(k) + 1)));
      mark.classList.toggle("wrong", wrong);
    }
  };
  show.addEventListener("change", draw);
  show.addEventListener("submit", (event) => event.preventDefault());
  for (const box of show.querySelectorAll("[name=side]")) box.checked = Number(box.value) <= 1;

  // A place that is linked to is made visible, and takes the focus.
  const reveal = (id) => {
    const place = id && document.getElementById(id);
    if (!place) return;
    const side = place.closest(".side");
    const boxes = [
      side && show.querySelector(`[name=side][value="${side.dataset.side}"]`),
      place.matches("mark") && show.querySelector(`[name=layer][value="${place.classList[0]}"]`),
    ];
    for (const box of boxes) if (box) box.checked = true;
    draw();
    place.tabIndex = -1;
    place.scrollIntoView({ block: "center" });
    place.focus({ preventScroll: true });
  };
  addEventListener("hashchange", () => reveal(location.hash.slice(1)));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#list a");
    if (!link) return;
    const item = link.closest("li");
    const box = show.querySelector(`[name=side][value="${Number(item.dataset.system) + 1}"]`);
    if (box) box.checked = true;
    draw();
    if (link.hash === location.hash) reveal(link.hash.slice(1));
  });

  for (const button of all("[data-copy]")) {
    button.addEventListener("click", async () => {
      const code = document.getElementById(button.dataset.copy);
      const said = document.getElementById("copied");
      try {
        await navigator.clipboard.writeText(code.textContent);
        said.textContent = "Copied.";
      } catch {
        getSelection().selectAllChildren(code);
        said.textContent = "Selected; copy it with the keyboard.";
      }
    });
  }
  draw();
  reveal(location.hash.slice(1));
})();
