// The one place where offsets change their unit: a file counts code points, a browser UTF-16 units.

/** A text that is addressed by code points. */
export class Text {
  constructor(string) {
    this.string = string;
    this.high = []; // UTF-16 offset of every character that takes two units
    for (let i = 0; i < string.length; i++) {
      const code = string.charCodeAt(i);
      if (code >= 0xd800 && code < 0xdc00 && i + 1 < string.length) {
        const low = string.charCodeAt(i + 1);
        if (low >= 0xdc00 && low < 0xe000) this.high.push(i++);
      }
    }
    this.length = string.length - this.high.length;
  }

  /** UTF-16 units -> code points; an offset inside a pair is that of the pair. */
  point(unit) {
    return unit - before(this.high, unit, (at) => at);
  }

  /** Code points -> UTF-16 units. */
  unit(point) {
    return point + before(this.high, point, (at, index) => at - index);
  }

  slice(start, end) {
    return this.string.slice(this.unit(start), this.unit(end));
  }
}

/** How many of the pairs stand before an offset, in the unit that `key` gives. */
function before(high, offset, key) {
  let low = 0;
  let top = high.length;
  while (low < top) {
    const middle = (low + top) >> 1;
    if (key(high[middle], middle) < offset) low = middle + 1;
    else top = middle;
  }
  return low;
}

/** Length in code points. */
export const size = (string) => new Text(string).length;

const WORD = /[\p{L}\p{N}\p{M}_]+(?:[.,:'’-][\p{L}\p{N}\p{M}_]+)*|[^\p{L}\p{N}\p{M}_\s]/gu;

/** [start, end] of every word and single mark, in code points: what the caret steps over. */
export function words(text) {
  return [...text.string.matchAll(WORD)].map((m) => [text.point(m.index), text.point(m.index + m[0].length)]);
}

/** Index of the last item whose start (first member) is not behind an offset; -1 if there is none. */
export function last(items, offset) {
  let low = 0;
  let top = items.length;
  while (low < top) {
    const middle = (low + top) >> 1;
    if (items[middle][0] <= offset) low = middle + 1;
    else top = middle;
  }
  return low - 1;
}
