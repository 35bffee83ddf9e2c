"""Adjudication as a walk from case to case: a state, an answer, the next state.

Nothing here reads, prints or waits, so a terminal, a page and a test drive the same
walk. ``asks`` says what kind of answer is wanted: a key (``choice``, ``end``), annotation
lines (``lines``), or words (``cause``, ``rule``, ``note``); ``stop`` wants none.

    choice ── a b c d ─────────────▶ cause ──▶ rule ──▶ note ──▶ next open case
        └──── e ──▶ lines ─────────────┘
    u anywhere but in lines and note: back to the choice, or the last step undone
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from goldwire.annotate.changes.adjudicate import Decision, history, moot, opened, settled
from goldwire.annotate.changes.cases import Case, Pool
from goldwire.annotate.changes.rewritten import editable, rewritten
from goldwire.annotate.document import Document
from goldwire.annotate.ontology import Ontology
from goldwire.annotate.problems import Problem, ProblemError, visible

Step = tuple[Decision, ...]

_SLUG = re.compile(r"^#+ .*\{#([\w-]+)", re.MULTILINE)
HELP = """\
a b c d  follow this annotator        e  write what is right, as annotation lines
s        skip; comes again            u  take the last decision back, or this one while it is asked for
q        stop; goes on from here      ?  this list"""
WRONG = "{} is no key here; ? lists them"


class Walk(Struct, frozen=True):
    """Where an adjudication stands. ``steps`` is what was decided, each step one answer of a person.

    ``draft`` waits for its cause and rule; ``text`` holds lines that could not be read, for another try.
    """

    pools: dict[str, Pool]
    cases: tuple[Case, ...]
    annotators: tuple[str, ...]
    causes: Mapping[str, str]
    rules: tuple[str, ...]
    ontology: Ontology
    steps: tuple[Step, ...] = ()
    skipped: frozenset[str] = frozenset()
    at: int = 0
    asks: str = "choice"
    draft: Step = ()
    text: str = ""
    said: str = ""

    @property
    def case(self) -> Case:
        """The case that is looked at; raises IndexError at the end."""
        return self.cases[self.at]

    @property
    def decisions(self) -> dict[str, Decision]:
        """Id -> decision, in the order in which they were made; the last word on a case counts."""
        return {d.id: d for step in self.steps for d in step}


def begin(
    sides: Sequence[Sequence[Document]],
    annotators: Sequence[str],
    *,
    ontology: Ontology,
    rules: Iterable[str],
    steps: Sequence[Step] = (),
) -> Walk:
    """A walk at its first open case; ``sides`` holds, for each text, each annotator's document.

    Without ``rules``, any word is a rule.

    Raises ValueError where texts differ, ProblemError where a step decides a case that is not there.

    >>> from goldwire.annotate.document import Actor, Mention, Meta
    >>> ada = (Mention("Ada", 0),)
    >>> two = [Document("Ada", Meta("d"), actors=(Actor("a1", t, mentions=ada),)) for t in ("PER", "CIV")]
    >>> walk = begin([two], ["one", "other"], ontology=Ontology("o", "1"), rules=["actor-type"])
    >>> walk.case.part, walk.case.readings, walk.asks
    ('type', ('PER', 'CIV'), 'choice')
    >>> walk = answer(answer(answer(answer(walk, "b"), "slip"), "actor"), "")
    >>> gold(walk, "d").actors[0].type, walk.asks, [(d.id, d.cause, d.rule) for d in rows(walk)]
    ('CIV', 'end', [('d-001', 'slip', 'actor-type')])
    """
    pools = {versions[0].meta.doc_id: Pool(versions) for versions in sides}
    found = tuple(case for pool in pools.values() for case in pool.cases())
    causes = ontology.closed.get("provenance.cause") or {"slip": ""}
    walk = Walk(pools, found, tuple(annotators), causes, tuple(sorted(rules)), ontology)
    known = {case.id: opened(case) for case in found}
    for decision in (d for step in steps for d in step):
        case = known.get(decision.id)
        same = case and case == replace(decision, decision="", value="", cause="", rule="", note="")
        if "+" not in decision.id and not same:
            said = f"{decision.id} {decision.object}: the annotations have changed since this was decided"
            raise ProblemError(Problem("journal", 0, "other-case", said))
    return _next(replace(walk, steps=tuple(tuple(s) for s in steps), at=-1))


def answer(walk: Walk, said: str) -> Walk:
    """The walk after an answer; one that is not understood changes ``said`` alone."""
    walk = replace(walk, said="")
    match walk.asks:
        case "choice":
            return _choice(walk, said.strip())
        case "end":
            return _end(walk, said.strip())
        case "lines":
            return _lines(walk, said)
        case "cause":
            return _worded(walk, said, list(walk.causes), "cause", "rule")
        case "rule":
            return _worded(walk, said, walk.rules, "rule", "note")
        case "note":
            made = tuple(replace(d, note=said.strip()) for d in walk.draft)
            return _next(replace(walk, steps=(*walk.steps, made), draft=(), text=""))
    return walk


def slugs(pages: Mapping[str, str]) -> list[str]:
    """The names of the guidelines' rules, from the headings of their pages.

    >>> slugs({"events.md": "### The tree {#event-tree .unchecked}\\n"})
    ['event-tree']
    """
    return [slug for page in pages.values() for slug in _SLUG.findall(page)]


def open_cases(walk: Walk) -> list[int]:
    """Places of the cases that still want a decision."""
    made = walk.decisions
    nothing = moot(walk.cases, made.values())
    return [i for i, case in enumerate(walk.cases) if case.id not in made and case.id not in nothing]


def lines_of(walk: Walk) -> str:
    """The annotation lines that are edited for the case: those of the last try, if it could not be read."""
    if walk.text:
        return walk.text
    return editable(walk.pools[walk.case.doc], walk.case, _of(walk), _made(walk))


def last_rule(walk: Walk) -> str:
    """The rule of the last decision, which an empty answer repeats; "" if there is none."""
    return walk.steps[-1][0].rule if walk.steps else ""


def rows(walk: Walk) -> list[Decision]:
    """The decisions as records: cases in the order of the texts, then what was changed besides."""
    made = walk.decisions
    of_cases = [made[c.id] for c in walk.cases if c.id in made]
    return [*of_cases, *(d for d in made.values() if "+" in d.id)]


def gold(walk: Walk, doc: str) -> Document:
    """The document that the decisions make of one text; open cases follow the first who has the object."""
    pool = walk.pools[doc]
    mine = [d for d in rows(walk) if d.doc == doc]
    found = [case for case in walk.cases if case.doc == doc]
    document = settled(pool, found, mine, where=doc)
    return history(document, found, mine, walk.annotators)


def head(walk: Walk) -> dict[str, Any]:
    """The first entry of a journal."""
    return {"adjudication": list(walk.annotators)}


def entry(before: Walk, after: Walk) -> dict[str, Any] | None:
    """What a journal has to remember of an answer; None where nothing was decided or undone."""
    if len(after.steps) > len(before.steps):
        return {"decisions": [msgspec.to_builtins(d) for d in after.steps[-1]]}
    if len(after.steps) < len(before.steps):
        return {"undone": before.steps[-1][0].id}
    return None


def replayed(entries: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    """The steps that a journal's entries lead to; raises ValueError where one is no entry."""
    steps: list[Step] = []
    for row in entries:
        if "adjudication" in row:
            continue
        if "undone" in row and steps and steps[-1][0].id == row["undone"]:
            steps.pop()
        elif row.get("decisions"):
            steps.append(tuple(msgspec.convert(d, Decision) for d in row["decisions"]))
        else:
            raise ValueError(f"is no step of an adjudication: {visible(str(dict(row)))}")
    return tuple(steps)


def _choice(walk: Walk, key: str) -> Walk:
    if key and key in tuple(walk.case.letters[: len(walk.annotators)]):
        draft = replace(opened(walk.case), decision=key)
        return replace(walk, asks="cause", draft=(draft,))
    match key:
        case "e":
            return replace(walk, asks="lines")
        case "s":
            return _next(replace(walk, skipped=walk.skipped | {walk.case.id}, text=""))
    return _anywhere(walk, key)


def _end(walk: Walk, key: str) -> Walk:
    if key == "" or key == "q":
        return replace(walk, asks="stop")
    if key == "s" and walk.skipped:
        return _next(replace(walk, skipped=frozenset(), at=-1))
    return _anywhere(walk, key)


def _anywhere(walk: Walk, key: str) -> Walk:
    match key:
        case "u" if walk.steps:
            gone = walk.steps[-1][0]
            at = next(i for i, case in enumerate(walk.cases) if case.id == gone.id)
            kept = replace(walk, steps=walk.steps[:-1], at=at, asks="choice", text="")
            return replace(
                kept, skipped=walk.skipped - {gone.id}, said=f"taken back: {gone.id} {gone.decision}"
            )
        case "u":
            return replace(walk, said="nothing has been decided yet")
        case "q":
            return replace(walk, asks="stop")
        case "?":
            return replace(walk, said=HELP)
    return replace(walk, said=WRONG.format(visible(key)))


def _lines(walk: Walk, text: str) -> Walk:
    walk = replace(walk, asks="choice")
    if not text.strip():
        return replace(walk, text="", said="nothing was written, so nothing is decided")
    try:
        made, against = rewritten(
            walk.pools[walk.case.doc], walk.case, _of(walk), _made(walk), text, walk.ontology
        )
    except ProblemError as error:
        return replace(walk, text=text, said=f"{error}\ne opens the lines again")
    said = "".join(f"goldwire check will say: {x}\n" for x in against).rstrip("\n")
    return replace(walk, asks="cause", draft=tuple(made), text=text, said=said)


def _worded(walk: Walk, said: str, known: Sequence[str], field: str, then: str) -> Walk:
    word = said.strip()
    if word == "u":
        return replace(walk, asks="choice", draft=())
    if word == "?":
        meant = [f"{k}  {walk.causes[k]}" for k in known] if field == "cause" else known
        return replace(walk, said="\n".join(meant))
    if field == "cause" and word.isdecimal() and 0 < int(word) <= len(known):
        word = known[int(word) - 1]
    if field == "rule" and not word:
        word = last_rule(walk)
    if field == "rule" and word and not known:  # a scheme without guidelines
        known = [word]
    fits = [x for x in known if x == word] or [x for x in known if x.startswith(word)]
    fits = fits or [x for x in known if word in x]
    if len(fits) != 1 or not word:
        near = (fits if word else []) or get_close_matches(word, known, 5, 0.4)
        more = f"; one of {', '.join(near[:9])}?" if near else "; ? lists them"
        return replace(walk, said=f"{visible(word)} is no {field}{more}" if word else f"say a {field}{more}")
    return replace(walk, asks=then, draft=tuple(replace(d, **{field: fits[0]}) for d in walk.draft))


def _next(walk: Walk) -> Walk:
    """On to the next open case that was not skipped, from the beginning if there is none after this one."""
    ahead = [i for i in open_cases(walk) if walk.cases[i].id not in walk.skipped]
    if not ahead:
        return replace(walk, at=len(walk.cases), asks="end")
    return replace(walk, at=next((i for i in ahead if i > walk.at), ahead[0]), asks="choice")


def _of(walk: Walk) -> list[Case]:
    return [case for case in walk.cases if case.doc == walk.case.doc]


def _made(walk: Walk) -> dict[str, Decision]:
    return {k: d for k, d in walk.decisions.items() if d.doc == walk.case.doc}
