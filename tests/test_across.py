"""Identity across documents: by hand, by table, by Wikidata id, and what does not count as said."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from msgspec.structs import replace

import goldwire
from goldwire.annotate import files
from goldwire.annotate.document import Actor, Document, Event, Mask, Mention, Meta
from goldwire.annotate.problems import ProblemError
from goldwire.evaluate import across
from goldwire.evaluate.counts import Counts
from goldwire.evaluate.verification import verify

TEXT = "UN met Ada, it left"


def at(word):
    return Mention(word, TEXT.index(word))


def document(name, **groups):
    """A document with an actor for each name, its words divided by _."""
    actors = tuple(Actor(a, "ORG", mentions=tuple(map(at, words.split("_")))) for a, words in groups.items())
    return Document(TEXT, Meta(name), actors=actors)


GOLD = [document("A", a1="UN", a2="Ada"), document("B", a1="UN", a2="Ada"), document("C", a1="UN_it")]
# The UN is one in all three articles; the Adas are two people.
TABLE = {("A", "a1"): "un", ("B", "a1"): "un", ("C", "a1"): "un"}


def said(documents, **entities):
    """The same documents, actors of these names (document and id) carrying an entity."""
    return [
        replace(
            d,
            actors=tuple(
                replace(a, id=f"p{a.id}", extra={"entity": entities.get(d.meta.doc_id + a.id, "")})
                for a in d.actors
            ),
        )
        for d in documents
    ]


# Right: the UN of A and B. Wrong: Ada of B and the UN of C.
PRED = said(GOLD, Aa1="1", Ba1="1", Ba2="2", Ca1="2")


def test_by_hand():
    rows = across.count(GOLD, PRED, TABLE, "actors")
    # Gold pairs A–B, A–C, B–C; predicted A–B and Ada–C.
    assert rows["pairs"] == Counts(1, 2, 1, 3)
    # Gold {A, B, C, C'}, {Ada A}, {Ada B}; predicted {A, B}, {Ada B, C, C'}, {Ada A}: each is two pieces.
    assert rows["muc"] == Counts(2, 3, 2, 3)
    # Recall: 2/4 for each of four mentions, 1 for either Ada. Precision: 1, 1, 1/3, 2/3, 2/3, 1.
    assert rows["b3"] == Counts(pytest.approx(14 / 3), 6, 4, 6)
    # One to one: {A, B} or {C, C'} with the UN (2), Ada A (1), and Ada B where C, C' is not taken.
    assert rows["ceaf_m"] == Counts(4, 6, 4, 6)
    # Links of the UN: 2 of 6, times 4; Ada A alone is right, Ada B is not alone. Predicted: 1 of 1 times 2,
    # 1 of 3 times 3, and Ada A.
    assert rows["lea"] == Counts(pytest.approx(4), 6, pytest.approx(4 / 3 + 1), 6)
    swapped = across.count(PRED, GOLD, {(d, f"p{a}"): e for (d, a), e in {}.items()}, "actors")
    assert swapped["pairs"] == Counts(0, 0, 0, 2)


def test_rows_and_what_was_not_said():
    scores = goldwire.score(GOLD, PRED, entities=TABLE, interval="percentile")
    assert scores["actors.across_documents(metric=pairs)"] == Counts(1, 2, 1, 3)
    rows = {r.metric: r for r in scores.rows() if "across" in r.metric}
    assert len(rows) == len(across.METRICS) + 2
    three = (
        2 / 3,
        2 * (14 / 18) * (4 / 6) / (14 / 18 + 4 / 6),
        rows[across.name("actors", "ceaf_e")].rates.f1,
    )
    assert rows["actors.across_documents(metric=conll)"].rates.f1 == pytest.approx(sum(three) / 3)
    assert str(rows["actors.across_documents(metric=lea)"].interval) == "– (across documents)"
    assert "|entities:" in scores.signature
    silent = goldwire.score(GOLD, said(GOLD), entities=TABLE)
    assert "actors.across_documents(metric=pairs)" in silent.not_attempted
    assert "places.across_documents(metric=pairs)" not in silent.not_attempted
    assert not silent.across
    only = goldwire.score(GOLD, PRED, entities=TABLE, layers=["actors.across_documents"])
    assert not only.tallies
    assert len(only.across) == len(across.METRICS)


def test_wikidata_says_it_too_and_neither_ids_nor_order_matter():
    def linked(documents, number):
        return [
            replace(
                d, actors=tuple(replace(a, wikidata=number if a.id.endswith("1") else "") for a in d.actors)
            )
            for d in documents
        ]

    gold, pred = linked(GOLD, "Q1065"), linked(PRED[::-1], "Q42")
    pred = [replace(d, actors=tuple(replace(a, extra={}) for a in d.actors[::-1])) for d in pred]
    rows = goldwire.score(gold, pred).across
    assert rows["actors.across_documents(metric=pairs)", "exact"] == Counts(3, 3, 3, 3)
    # One heap in each document answers one gold actor there, and all pairs but those are made up.
    heap = [document(d.meta.doc_id, a1="UN_Ada_it") for d in GOLD]
    found = across.count(gold, linked(heap, "Q1"), {}, "actors")
    assert found["pairs"].r_hit <= 3
    assert found["b3"].rates().f1 < 1


def test_copies_of_a_pair_do_not_pay():
    twice = [replace(d, actors=(*d.actors, *(replace(a, id=f"x{a.id}") for a in d.actors))) for d in PRED]
    before, after = (across.count(GOLD, p, TABLE, "actors")["pairs"] for p in (PRED, twice))
    assert after.r_hit == before.r_hit
    assert after.p_all > before.p_all


def test_events_by_cluster_and_masked_text():
    def side(name, *clusters):
        words = ("met", "left")
        events = tuple(
            Event(f"e{i}", at(w), "MEET", coref=f"e{c}", extra={"entity": f"E{c}"})
            for i, (w, c) in enumerate(zip(words, clusters, strict=True))
        )
        return Document(TEXT, Meta(name), events=events)

    gold = [side("A", 0, 0), side("B", 0, 1)]
    # E0: A's cluster of two and B's first; E1 in B alone.
    assert across.count(gold, gold, {}, "events")["pairs"] == Counts(1, 1, 1, 1)
    apart = [side("A", 0, 1), side("B", 0, 1)]
    assert across.count(gold, apart, {}, "events")["pairs"] == Counts(1, 2, 1, 1)
    hidden = [replace(gold[0], masks=(Mask("m", 0, len(TEXT)),)), gold[1]]
    assert across.count(hidden, gold, {}, "events")["pairs"] == Counts()


def test_the_corpus_and_its_table(tmp_path):
    table = across.table(across.packaged())

    def telling(d):
        def named(items):
            known = ((x, table.get((d.meta.doc_id, x.id), "")) for x in items)
            return tuple(replace(x, extra={"entity": e}) if e else x for x, e in known)

        return replace(d, actors=named(d.actors), places=named(d.places), events=named(d.events))

    pred = tmp_path / "pred.jsonl"
    files.write(pred, map(telling, files.gold()))
    found = subprocess.run(
        [sys.executable, "-m", "goldwire", "score", str(pred), "--json", "--interval", "none"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    report = json.loads(found.stdout)
    rows = {r["metric"]: r for r in report["rows"] if "across" in r["metric"]}
    # Six entities of actors: three articles, three, then two each: 3 + 3 + 1 + 1 + 1 + 1 pairs.
    assert rows["actors.across_documents(metric=pairs)"]["r_all"] == 10
    assert {r["f1"] for r in rows.values()} == {1}
    checked = verify(
        report["signature"], files.gold(), map(telling, files.gold()), entities=across.packaged()
    )
    assert checked.equal
    other = verify(report["signature"], files.gold(), map(telling, files.gold()))
    assert not other.equal


def test_a_table_with_a_problem_is_refused(tmp_path):
    path = tmp_path / "entities.jsonl"
    path.write_text(
        '{"entity": "x", "members": [{"doc": "A", "id": "a1"}]}\n{"entity": "y"}\n', encoding="utf-8"
    )
    with pytest.raises(ProblemError, match=r"entities\.jsonl:2: no-entity: is no"):
        across.table(path)
    path.write_text('{"entity": "x", "members": [{"doc": "A", "id": "a1"}]}\n' * 2, encoding="utf-8")
    with pytest.raises(ProblemError, match=r"entities\.jsonl:2: repeated-member: A a1 is in x already"):
        across.table(path)
