"""Identity across articles: what the tables name exists, and they contradict neither each other nor gold."""

import json
from itertools import combinations
from pathlib import Path

from goldwire.annotate import files
from goldwire.annotate.document import objects

CORPUS = Path(__file__).parents[1] / "corpus"
GOLD = {d.meta.doc_id: {item.id: item for _, item in objects(d)} for d in files.gold()}
KINDS = {d.meta.doc_id: {item.id: kind for kind, item in objects(d)} for d in files.gold()}
ENTITIES = [json.loads(line) for line in (CORPUS / "entities.jsonl").read_text(encoding="utf-8").splitlines()]
LINKS = [json.loads(line) for line in (CORPUS / "links.jsonl").read_text(encoding="utf-8").splitlines()]


def member(reference: dict[str, str]) -> tuple[str, str]:
    return reference["doc"], reference["id"]


def test_everything_named_exists_and_is_of_the_kind_named() -> None:
    assert len({e["entity"] for e in ENTITIES}) == len(ENTITIES)
    assert len({x["link"] for x in LINKS}) == len(LINKS)
    named = [(e["kind"], m) for e in ENTITIES for m in e["members"]]
    named += [(x["kind"], x[end]) for x in LINKS for end in ("from", "to")]
    assert [(kind, m) for kind, m in named if KINDS[m["doc"]].get(m["id"]) != kind] == []


def test_an_object_is_in_one_entity_and_an_entity_once_in_an_article() -> None:
    members = [member(m) for e in ENTITIES for m in e["members"]]
    assert len(set(members)) == len(members)
    for entity in ENTITIES:
        documents = [m["doc"] for m in entity["members"]]
        assert len(set(documents)) == len(documents) >= 2, entity["entity"]


def test_wikidata_is_the_same_in_the_table_and_in_every_article() -> None:
    for entity in ENTITIES:
        found = {getattr(GOLD[m["doc"]][m["id"]], "wikidata", "") for m in entity["members"]}
        assert found == {entity.get("wikidata", "")}, entity["entity"]


def test_links_have_a_type_and_evidence_and_agree_with_the_entities() -> None:
    types = files.ontology().closed["corpus.links.type"]
    together = {
        frozenset(pair) for e in ENTITIES for pair in combinations([member(m) for m in e["members"]], 2)
    }
    seen = set()
    for link in LINKS:
        pair = frozenset([member(link["from"]), member(link["to"])])
        assert link["type"] in types
        assert link["evidence"]
        assert link["from"]["doc"] != link["to"]["doc"]
        assert pair not in seen
        assert (link["type"] == "SAME") == (pair in together), link["link"]
        seen.add(pair)


def test_a_name_that_two_articles_share_is_in_an_entity_or_in_a_link() -> None:
    known = {member(m) for e in ENTITIES for m in e["members"]}
    known |= {member(x[end]) for x in LINKS for end in ("from", "to")}
    named: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for doc, items in GOLD.items():
        for item in items.values():
            kind = KINDS[doc][item.id]
            if kind in ("actor", "place"):
                named.setdefault((kind, item.name), []).append((doc, item.id))
    shared = [(name, set(where)) for name, where in named.items() if len(where) > 1]
    assert [name for name, where in shared if not where <= known] == []
