"""A document in the terminal: legible with colour and without, brackets of the text included."""

from pathlib import Path

from typer.testing import CliRunner

from goldwire.__main__ import app
from goldwire.annotate.document import Actor, Document, Mention
from goldwire.annotate.readable import bracketed

LINES = """\
{"doc": "A", "text": "Rebels hit [two towns]."}
{"segment": "g1", "start": 0, "end": 23, "kind": "sentence"}
{"actor": "a1", "type": "REB", "name": "rebels", "mentions": [{"text": "Rebels", "start": 0}]}
{"actor": "a2", "type": "CIV", "mentions": [{"text": "two towns", "start": 12, "head": "towns"}]}
{"number": "n1", "mention": {"text": "two", "start": 12}, "kind": "COUNT", "value": "2", "counted": "a2"}
{"event": "e1", "trigger": {"text": "hit", "start": 7}, "type": "STRIKE", \
"args": [{"role": "agent", "ref": "a1"}]}
"""


def test_the_document_in_words(tmp_path: Path) -> None:
    (tmp_path / "A.jsonl").write_text(LINES, encoding="utf-8")
    done = CliRunner().invoke(app, ["show", str(tmp_path / "A.jsonl")])
    assert done.exit_code == 0
    assert "[Rebels|a1] [hit|e1] [[[two|n1] towns|a2]]." in done.stdout
    assert "e1 STRIKE «hit»: agent a1 REB «Rebels»; unspecified" in done.stdout
    assert "n1 COUNT «two»: 2; exact; unspecified; of a2 CIV «two towns»" in done.stdout


def test_crossing_mentions_stay_legible() -> None:
    actors = (Actor("a1", mentions=(Mention("abc", 0),)), Actor("a2", mentions=(Mention("cde", 2),)))
    assert "".join(p.text for p in bracketed(Document("abcde", actors=actors), 0, 5)) == "[ab[c|a1]de|a2]"
