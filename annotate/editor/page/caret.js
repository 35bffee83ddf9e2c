// Where the annotator is: a stretch of the text, moved over it word by word, or chosen with the mouse.

import { last, words } from "./points.js";

export class Caret {
  /** `moved()` is called whenever the stretch has changed. */
  constructor(view, moved) {
    this.view = view;
    this.moved = moved;
    this.words = words(view.model.text);
    [this.start, this.end] = this.words[0] ?? [0, 0];
    this.anchor = this.focus = 0; // indices of words
    this.extended = false;
    this.mouse();
  }

  get text() {
    return this.view.model.text.slice(this.start, this.end);
  }

  /** To a stretch, whatever words it cuts. */
  to(start, end) {
    [this.start, this.end] = [start, end];
    this.anchor = this.at(start);
    this.focus = Math.max(this.anchor, this.at(Math.max(start, end - 1)));
    this.extended = this.anchor !== this.focus || this.words[this.anchor]?.[0] !== start || this.words[this.focus]?.[1] !== end;
    this.show();
  }

  /** Index of the word at a place, or of the one before it. */
  at(point) {
    return Math.max(0, last(this.words, point));
  }

  /** To a word; with `extend`, all from the word where it began. */
  word(index, extend = false) {
    this.focus = Math.max(0, Math.min(index, this.words.length - 1));
    if (!extend) this.anchor = this.focus;
    this.extended = extend;
    const [a, b] = [this.words[Math.min(this.anchor, this.focus)], this.words[Math.max(this.anchor, this.focus)]];
    if (a) [this.start, this.end] = [a[0], b[1]];
    this.show();
  }

  /** So many words on, or back. */
  step(by, extend) {
    if (!extend && this.extended) this.word(by > 0 ? Math.max(this.anchor, this.focus) : Math.min(this.anchor, this.focus));
    this.word(this.focus + by, extend);
  }

  /** To the first word of the block that is so many on, or back. */
  block(by, extend) {
    const { blocks } = this.view;
    const here = Math.max(0, last(blocks, this.words[this.focus]?.[0] ?? 0));
    const next = blocks[Math.max(0, Math.min(here + by, blocks.length - 1))];
    this.word(last(this.words, next[0]), extend);
  }

  /** To the first or the last word of the block. */
  edge(end, extend) {
    const { blocks } = this.view;
    const here = blocks[Math.max(0, last(blocks, this.words[this.focus]?.[0] ?? 0))];
    this.word(end ? last(this.words, here.end - 1) : last(this.words, here[0]), extend);
  }

  /** One edge by so many characters. */
  nudge(edge, by) {
    const start = edge === "start" ? this.start + by : this.start;
    const end = edge === "end" ? this.end + by : this.end;
    if (start >= 0 && start < end && end <= this.view.model.text.length) this.to(start, end);
  }

  show() {
    this.view.highlight("caret", [[this.start, this.end]]);
    this.view.reveal(this.start, this.end);
    this.moved();
  }

  mouse() {
    const { pane } = this.view;
    pane.addEventListener("pointerup", (event) => {
      const chosen = getSelection();
      if (!chosen.isCollapsed && pane.contains(chosen.anchorNode) && pane.contains(chosen.focusNode)) {
        const range = chosen.getRangeAt(0);
        let start = this.view.point(range.startContainer, range.startOffset);
        let end = this.view.point(range.endContainer, range.endOffset);
        const given = this.view.model.text.slice(start, end);
        start += [...given].length - [...given.trimStart()].length;
        end -= [...given].length - [...given.trimEnd()].length;
        chosen.removeAllRanges();
        if (start >= 0 && start < end) return this.to(start, end);
      }
      const point = this.under(event);
      if (point >= 0) this.word(this.at(point));
      return undefined;
    });
  }

  /** The place under the pointer; -1 if there is no text. */
  under(event) {
    const spot = document.caretPositionFromPoint?.(event.clientX, event.clientY);
    if (spot) return this.view.point(spot.offsetNode, spot.offset);
    const range = document.caretRangeFromPoint?.(event.clientX, event.clientY);
    return range ? this.view.point(range.startContainer, range.startOffset) : -1;
  }
}
