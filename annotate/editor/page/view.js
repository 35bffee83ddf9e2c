// The text on the page: a block for each segment, painted by itself, with marks around the mentions. A change
// paints the blocks that it touches and no other. Offsets are code points.

import { kindOf, mentionsOf, pieces } from "./model.js";
import { last } from "./points.js";

const LAYERS = {
  TRIGGER: "events", ACTOR: "actors", PLACE: "places", TIME: "times", NUMBER: "numbers",
  QUOTE: "quotations", CUE: "quotations", VERBATIM: "quotations", ANAPHOR: "quotations", ARG: "arguments", TERM: "others",
};
const DEEPEST = 6;
const PRIORITY = ["theirs", "joined", "found", "open", "caret"]; // which highlight lies on which

export class View {
  constructor(pane, model) {
    this.pane = pane;
    this.model = model;
    this.wrong = new Set(); // ids with a problem
    this.suggested = new Set();
    this.starts = new WeakMap(); // text node -> where it begins
    this.layout();
  }

  /** Every block and mark anew. */
  layout() {
    this.blocks = blocks(this.model).map(([start, end, segment]) => {
      const element = document.createElement("p");
      element.className = `block ${segment?.kind ?? ""}`;
      return { 0: start, end, segment: segment?.segment, element, nodes: [], marks: new Map() };
    });
    this.marks = new Map();
    for (const id of this.model.rows.keys()) this.place(id);
    for (const block of this.blocks) this.paint(block);
    this.pane.replaceChildren(...this.blocks.map((b) => b.element));
  }

  /** Every mark in the order of the text. */
  ordered() {
    this.order ??= [...this.marks.values()].flatMap((m) => m.marks).sort((a, b) => a.start - b.start || b.end - a.end);
    return this.order;
  }

  /** Puts the marks of an object where they belong; gives the blocks that this touches. */
  place(id) {
    this.order = null;
    const touched = new Set();
    for (const block of this.marks.get(id)?.blocks ?? []) {
      block.marks.delete(id);
      touched.add(block);
    }
    const row = this.model.row(id);
    const found = [];
    for (const { label, path, mention } of row && kindOf(row) !== "doc" ? mentionsOf(row) : []) {
      for (const [start, end] of pieces(mention)) found.push({ id, label, path, start, end });
    }
    const own = new Set();
    for (const mark of found) {
      for (let i = Math.max(0, last(this.blocks, mark.start)); i < this.blocks.length && this.blocks[i][0] < mark.end; i++) {
        const block = this.blocks[i];
        if (mark.start >= block.end) continue;
        if (!block.marks.has(id)) block.marks.set(id, []);
        block.marks.get(id).push(mark);
        own.add(block);
      }
    }
    this.marks.set(id, { marks: found, blocks: own });
    if (!found.length) this.marks.delete(id);
    return new Set([...touched, ...own]);
  }

  /** Paints what some objects stand in; everything where segments have changed. */
  refresh(ids) {
    const segments = ids.some((id) => {
      const row = this.model.row(id);
      return id === "" || (row ? kindOf(row) === "segment" : this.blocks.some((b) => b.segment === id));
    });
    if (segments && this.changed()) return this.layout();
    const touched = new Set(ids.flatMap((id) => [...this.place(id)]));
    for (const block of touched) this.paint(block);
  }

  changed() {
    const now = blocks(this.model);
    return now.length !== this.blocks.length || now.some(([start, end], i) => start !== this.blocks[i][0] || end !== this.blocks[i].end);
  }

  /** Paints again what has come to have, or lost, a problem or the name of a suggestion. */
  flag(name, ids) {
    const before = this[name];
    this[name] = ids;
    const changed = [...before, ...ids].filter((id) => before.has(id) !== ids.has(id));
    const touched = new Set(changed.flatMap((id) => [...(this.marks.get(id)?.blocks ?? [])]));
    for (const block of touched) this.paint(block);
  }

  paint(block) {
    const marks = [...block.marks.values()].flat().sort((a, b) => a.start - b.start || b.end - a.end);
    const depth = depths(marks);
    const edges = new Set([block[0], block.end]);
    for (const mark of marks) {
      edges.add(Math.max(block[0], mark.start));
      edges.add(Math.min(block.end, mark.end));
    }
    const order = [...edges].sort((a, b) => a - b);
    const root = document.createDocumentFragment();
    let open = []; // [mark, element]
    block.nodes = [];
    for (let i = 0; i + 1 < order.length; i++) {
      const [from, to] = [order[i], order[i + 1]];
      const here = marks.filter((m) => m.start <= from && to <= m.end);
      const kept = open.findIndex(([mark], n) => here[n] !== mark);
      if (kept >= 0) open = open.slice(0, kept);
      for (const mark of here.slice(open.length)) {
        const element = this.mark(mark, depth.get(mark), from === mark.start);
        (open.at(-1)?.[1] ?? root).append(element);
        open.push([mark, element]);
      }
      const node = document.createTextNode(this.model.text.slice(from, to));
      (open.at(-1)?.[1] ?? root).append(node);
      this.starts.set(node, from);
      block.nodes.push([from, node]);
    }
    block.element.replaceChildren(root);
  }

  mark(mark, depth, first) {
    const element = document.createElement("mark");
    const row = this.model.row(mark.id);
    element.className = `${LAYERS[mark.label] ?? "others"} d${Math.min(depth, DEEPEST)} ${mark.label.toLowerCase()}`;
    if (this.wrong.has(mark.id)) element.classList.add("wrong");
    if (this.suggested.has(mark.id)) element.classList.add("suggested");
    element.dataset.id = mark.id;
    element.dataset.path = mark.path.join(".");
    if (first) {
      const tag = document.createElement("span");
      tag.className = "tag";
      tag.draggable = true;
      tag.dataset.t = mark.label === "TRIGGER" ? `${mark.id} ${row.type ?? ""}` : mark.id;
      element.append(tag);
    }
    return element;
  }

  /** The marks over a place, the innermost first. */
  over(start, end) {
    const block = this.blocks[Math.max(0, last(this.blocks, start))];
    const marks = block ? [...block.marks.values()].flat() : [];
    return marks.filter((m) => m.start <= start && end <= m.end).sort((a, b) => a.end - a.start - (b.end - b.start));
  }

  /** A DOM range over some characters. */
  range(start, end) {
    const range = document.createRange();
    range.setStart(...this.spot(start, false));
    range.setEnd(...this.spot(end, true));
    return range;
  }

  spot(point, ending) {
    const from = ending ? point - 1 : point;
    const block = this.blocks[Math.max(0, last(this.blocks, from))];
    const [start, node] = block.nodes[Math.max(0, last(block.nodes, from))];
    const offset = this.model.text.unit(point) - this.model.text.unit(start);
    return [node, Math.max(0, Math.min(offset, node.length))];
  }

  /** The place of a spot of the DOM; -1 if it is not in the text. */
  point(node, offset) {
    if (node.nodeType !== Node.TEXT_NODE) {
      const next = node.childNodes[offset] ?? node;
      node = document.createTreeWalker(next, NodeFilter.SHOW_TEXT).nextNode() ?? next;
      offset = 0;
    }
    const start = this.starts.get(node);
    return start === undefined ? -1 : this.model.text.point(this.model.text.unit(start) + offset);
  }

  /** Draws a highlight of that name over stretches; the style sheet says how. */
  highlight(name, stretches) {
    if (!globalThis.CSS?.highlights) return;
    const ranges = stretches.filter(([a, b]) => a < b).map(([a, b]) => this.range(a, b));
    if (!ranges.length) return void CSS.highlights.delete(name);
    const made = new Highlight(...ranges);
    made.priority = PRIORITY.indexOf(name);
    CSS.highlights.set(name, made);
  }

  /** Scrolls so that a stretch can be seen. */
  reveal(start, end) {
    const block = this.blocks[Math.max(0, last(this.blocks, start))];
    const pane = this.pane.getBoundingClientRect();
    let place = this.range(start, end).getBoundingClientRect();
    if (!place.height) {
      block.element.scrollIntoView({ block: "center" });
      place = this.range(start, end).getBoundingClientRect();
    }
    if (place.top < pane.top + 8) this.pane.scrollTop -= pane.top - place.top + pane.height / 3;
    else if (place.bottom > pane.bottom - 8) this.pane.scrollTop += place.bottom - pane.bottom + pane.height / 3;
  }
}

/** [start, end, segment or null]: the segments, and what stands between them line by line. */
function blocks(model) {
  const found = [];
  const between = (start, end) => {
    let from = start;
    for (const line of model.text.slice(start, end).split("\n")) {
      const to = from + [...line].length;
      if (line.trim()) found.push([from, to, null]);
      from = to + 1;
    }
  };
  let from = 0;
  for (const segment of model.all("segment").filter((s) => s.start < s.end)) {
    if (segment.start < from) continue;
    between(from, segment.start);
    found.push([segment.start, segment.end, segment]);
    from = segment.end;
  }
  between(from, model.text.length);
  return found.length ? found : [[0, model.text.length, null]];
}

/** How many lines stand under each mark: one more than under those inside it. */
function depths(marks) {
  const found = new Map();
  const order = [...marks].sort((a, b) => a.end - a.start - (b.end - b.start));
  order.forEach((mark, i) => {
    let most = 0;
    for (let n = 0; n < i; n++) {
      const inner = order[n];
      if (inner.start < mark.end && mark.start < inner.end) most = Math.max(most, found.get(inner));
    }
    found.set(mark, most + 1);
  });
  return found;
}
