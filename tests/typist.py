"""Somebody who annotates with the keyboard alone: objects of a file turned into what one presses."""

from itertools import groupby

from goldwire.annotate.tokens import words

MENTIONS = ("mentions", "mention", "trigger", "content")
# Fields that have keys of their own.
OWN = frozenset(
    "mentions mention trigger content cue verbatim anaphor speaker_span speaker".split()
    + "args factuality details".split()
)
OWNER = {"from", "to", "on", "evidence"}


class Typist:
    """Presses keys on a page that is open; ``now`` gives the rows as they stand."""

    def __init__(self, tab, text, now):
        self.tab, self.text, self.now = tab, text, now
        self.words = words(text)
        self.at = (0, 0)  # the first and the last word of the selection
        self.pressed = 0

    def press(self, *keys):
        for key, same in groupby(keys):
            for _ in same:  # held down where it comes again
                self.tab.keyboard.down(key) if "+" not in key else self.tab.keyboard.press(key)
                self.pressed += 1
            if "+" not in key:
                self.tab.keyboard.up(key)

    def answer(self, typed):
        """Type into the question that is being asked, and take the first that is offered."""
        asked = self.tab.wait_for_selector("#chooser[open]").get_attribute("data-question")
        self.tab.keyboard.insert_text(typed)
        self.pressed += len(typed)
        self.press("Enter")
        answered = f"#chooser:not([open]), #chooser:not([data-question='{asked}'])"
        self.tab.wait_for_selector(answered, state="attached")

    def between(self, start, end):
        """The first and the last word of a stretch."""
        first = max(i for i, (a, _) in enumerate(self.words) if a <= start)
        return first, max(i for i, (a, _) in enumerate(self.words) if a < end)

    def select(self, start, end):
        """Go to words, sentence by sentence and word by word, and cut the edges to the character."""
        first, last = self.between(start, end)
        lines = [i for i, (a, _) in enumerate(self.words) if any(a == s for s in self.segments)]
        line = max(i for i in lines if i <= first)
        away = lines.index(line) - lines.index(max(i for i in lines if i <= self.at[1]))
        if away:
            moves = ["ArrowDown" if away > 0 else "ArrowUp"] * abs(away) + ["ArrowRight"] * (first - line)
        elif first > self.at[1]:
            moves = ["ArrowRight"] * (first - self.at[1])
        elif first < self.at[0]:
            moves = ["ArrowLeft"] * (self.at[0] - first)
        else:
            moves = ["Home", *["ArrowRight"] * (first - line)]
        self.press(*moves)
        self.press(*["Shift+ArrowRight"] * (last - first))
        a, b = self.words[first][0], self.words[last][1]
        self.at = (first, last)
        self.press(*[">"] * (start - a), *(["."] * (end - b) if end > b else [","] * (b - end)))

    def mention(self, raw):
        self.select(raw["start"], raw["start"] + len(raw["text"]))

    def annotate(self, rows):
        """Everything that the rows hold: first the objects, then what they say of each other."""
        self.segments = [row["start"] for row in rows if "segment" in row]
        self.trigger_of = {row["event"]: row["trigger"] for row in rows if "event" in row}
        shown = [(row, row[key]) for row in rows for key in MENTIONS if key in row]
        self.anchors = {next(iter(row.values())): m[0] if isinstance(m, list) else m for row, m in shown}
        todo = [row for row in rows if next(iter(row)) not in ("doc", "segment", "provenance")]
        # The page counts ids up within a kind, whatever the order of the text.
        kinds = list(dict.fromkeys(next(iter(row)) for row in todo))
        for row in sorted(
            todo, key=lambda row: (kinds.index(next(iter(row))), int(next(iter(row.values()))[1:]))
        ):
            getattr(self, f"make_{next(iter(row))}", self.make_other)(row)
        for row in todo:
            self.finish(row)
        self.press("d")
        self.fields({"doc": rows[0]["doc"]}, rows[0], {"text", "doc"})

    # -- objects ------------------------------------------------------------

    def chained(self, key, row, label):
        for index, raw in enumerate(row["mentions"]):
            self.mention(raw)
            self.press(key)
            own = row[next(iter(row))]
            self.answer(f"new {row[label]}" if not index else f"{own} {row[label]} ")
            self.answer(raw["form"])
            if len(words(raw["text"])) > 1 and raw["form"] != "pronoun":
                self.answer(raw.get("head", raw["text"]))

    def make_actor(self, row):
        self.chained("a", row, "type")

    def make_place(self, row):
        self.chained("p", row, "kind")

    def valued(self, key, row):
        self.mention(row["mention"])
        before = len(self.now())
        self.press(key)
        self.tab.wait_for_selector("#chooser[open], #reading")
        if self.tab.query_selector("#chooser[open]"):
            self.answer(row["kind"])
        assert len(self.now()) == before + 1

    def make_time(self, row):
        self.press("d")  # so that the form of another time is not taken for this one's
        self.valued("t", row)

    def make_number(self, row):
        self.press("d")
        self.valued("n", row)

    def make_quotation(self, row):
        self.mention(row["content"][0])
        self.press("q")
        for key, field in (("c", "cue"), ("v", "verbatim")):
            for raw in row.get(field, []):
                self.mention(raw)
                self.press(key)
        if "speaker_span" in row:
            self.mention(row["speaker_span"])
            self.press("s")
            if "speaker" not in row:
                self.answer("nobody annotated")

    def make_event(self, row):
        self.mention(row["trigger"])
        self.press("e")
        self.answer(row["type"])

    def make_term(self, row):
        self.mention(row["mention"])
        self.press("w")

    def make_ambiguity(self, row):
        self.open(row["on"])
        self.press("o")
        self.answer("ambiguity")

    def make_link(self, row):
        self.open(row["from"])
        self.mention(self.trigger_of[row["to"]])
        self.press("l")
        self.answer(row["type"])

    def make_other(self, row):
        raise AssertionError(f"nobody types {row}")

    # -- what they say --------------------------------------------------------

    def open(self, name):
        """Open an object by its id."""
        self.press("/", "Control+a")
        self.tab.keyboard.insert_text(name)
        self.press("Enter", "Escape")
        self.tab.wait_for_selector("#text:focus")
        if name in self.anchors:  # what is opened by its id is gone to
            raw = self.anchors[name]
            self.at = self.between(raw["start"], raw["start"] + len(raw["text"]))

    def finish(self, row):
        kind = next(iter(row))
        self.open(row[kind])
        now = self.row(row[kind])
        self.fields(now, row, OWN | OWNER | {kind})
        for detail in row.get("details", []):
            self.press("i")
            self.answer(detail["name"])
            self.answer(detail["value"])
        for arg in row.get("args", []):
            self.mention(arg["evidence"])
            self.press("r")
            self.answer(arg["role"])
            if self.tab.query_selector("#chooser[open]"):
                self.answer(f"{arg['ref']} ")
        for held in row.get("factuality", []):
            self.press("f")
            self.answer(held["holder"])
            self.answer(held["value"])

    def fields(self, now, row, own):
        for key in [k for k in {**row, **now} if k not in own and row.get(k) != now.get(k)]:
            value, old = row.get(key, ""), now.get(key)
            if isinstance(value, list) and key != "accept":
                for item in value:
                    if item not in (old or []):
                        self.field(key, item)
            elif isinstance(value, bool) or isinstance(old, bool):
                self.press("i")
                self.answer(key)
            elif key == "accept":
                self.field(key, ", ".join(value))
            else:
                self.field(key, value or "nothing")

    def field(self, key, value):
        self.press("i")
        self.answer(key)
        self.answer(value)

    def row(self, name):
        return next(row for row in self.now() if row[next(iter(row))] == name)
