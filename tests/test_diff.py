"""Changes are told in words, by content and not by id."""

from goldwire.annotate.changes.diff import diff
from goldwire.annotate.document import Document
from goldwire.annotate.formats import lines

OLD = """\
{"doc": "A", "text": "Rebels hit two towns and the port."}
{"actor": "a3", "type": "REB", "mentions": [{"text": "Rebels", "start": 0}]}
{"actor": "a9", "type": "CIV", "mentions": [{"text": "two towns", "start": 11, "head": "towns"}]}
{"event": "e7", "trigger": {"text": "hit", "start": 7}, "type": "STRIKE", \
"args": [{"role": "target", "ref": "a3"}, {"role": "place", "evidence": {"text": "the port", "start": 25}}]}
"""


def read(text: str) -> Document:
    return lines.document(lines.rows(text.encode(), where="a.jsonl"), where="a.jsonl")


def said(new: str) -> list[str]:
    return [str(change) for change in diff(read(OLD), read(new))]


def test_nothing_changed() -> None:
    assert said(OLD) == []


def test_other_ids_are_no_change() -> None:
    assert said(OLD.replace('"a3"', '"x1"').replace('"a9"', '"a3"').replace('"e7"', '"e1"')) == []


def test_an_argument_that_points_elsewhere() -> None:
    new = OLD.replace('"target", "ref": "a3"', '"target", "ref": "a9"')
    assert said(new) == ["e7 STRIKE «hit»: target a3 REB «Rebels» → a9 CIV «two towns»"]


def test_a_label_and_a_head() -> None:
    new = OLD.replace("STRIKE", "ATTACK").replace('"head": "towns"', '"head": "two"')
    assert said(new) == [
        "e7 STRIKE «hit»: type STRIKE → ATTACK",
        "a9 CIV «two towns»: mentions «two towns» towns → two",
    ]


def test_what_was_added_and_removed() -> None:
    new = OLD.replace(
        '"a9", "type": "CIV", "mentions": [{"text": "two towns", "start": 11, "head": "towns"}]',
        '"a9", "type": "CIV", "mentions": [{"text": "the port", "start": 25, "head": "port"}]',
    )
    assert said(new) == ["a9 CIV «two towns»: removed", "a9 CIV «the port»: added"]
