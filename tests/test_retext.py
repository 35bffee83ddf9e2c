"""Annotations follow the words they stood on; what cannot follow is listed and kept."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from goldwire.__main__ import app
from goldwire.annotate.changes.retext import UNMOVED, retext
from goldwire.annotate.document import Document
from goldwire.annotate.formats import lines

OLD = """\
{"doc": "A", "text": "Teh old army hit «every town» , he said."}
{"segment": "g1", "start": 0, "end": 40}
{"actor": "a1", "type": "MIL", "mentions": [{"text": "Teh old army", "start": 0, "head": "army"}]}
{"quotation": "q1", "speaker_span": {"text": "he", "start": 32}, "cue": [{"text": "said", "start": 35}], \
"content": [{"text": "«every town»", "start": 17}]}
{"event": "e1", "trigger": {"text": "hit", "start": 13}, "type": "STRIKE", \
"args": [{"role": "agent", "ref": "a1", "evidence": {"text": "Teh old army", "start": 0}}]}
"""


def read(text: str) -> Document:
    return lines.document(lines.rows(text.encode(), where="a.jsonl"), where="a.jsonl")


def test_a_corrected_letter_moves_everything_behind_it() -> None:
    new, unmoved = retext(read(OLD), "The old army has hit “every town”, he said.")
    assert not unmoved
    assert new.actors[0].mentions[0].text == "The old army"
    assert new.quotations[0].content[0].text == "“every town”"
    assert new.events[0].trigger.start == 17
    assert (new.segments[0].start, new.segments[0].end) == (0, 43)


def test_what_is_gone_is_listed_and_kept() -> None:
    new, unmoved = retext(read(OLD), "Teh old army hit it , he said.")
    assert [(u.id, u.field, u.mention.text) for u in unmoved] == [("q1", "content", "«every town»")]
    assert new.quotations[0].extra[UNMOVED] == {"content": [{"text": "«every town»", "start": 17}]}


def test_an_object_without_its_words_is_kept_with_the_document() -> None:
    new, unmoved = retext(read(OLD), "Teh old army «every town» , he said.")
    assert [u.id for u in unmoved] == ["e1"]
    assert new.extra[UNMOVED][0]["trigger"]["text"] == "hit"
    assert lines.document(lines.rows(lines.write(new), where="a"), where="a") == new


@given(st.text("ab \n«e\u0301😀", max_size=30))
def test_every_mention_is_a_slice_of_the_new_text_or_listed(text: str) -> None:
    new, unmoved = retext(read(OLD), text)
    found = [m for a in new.actors for m in a.mentions] + [
        m for q in new.quotations for m in q.cue + q.content
    ]
    assert all(text[m.start : m.end] == m.text for m in found)
    assert len(found) + len([u for u in unmoved if u.field in ("mentions", "cue", "content")]) == 3


def test_the_command_writes_the_file_and_says_what_stayed(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(OLD, encoding="utf-8")
    (tmp_path / "new.txt").write_text("The old army hit it , he said.", encoding="utf-8")
    done = CliRunner().invoke(app, ["retext", str(tmp_path / "a.jsonl"), str(tmp_path / "new.txt")])
    assert done.exit_code == 1
    assert "not moved: quotation q1 content «««every town»»»" in done.stderr.replace("««", "«««").replace(
        "»»", "»»»"
    )
    assert '"text": "The old army hit it , he said."' in (tmp_path / "a.jsonl").read_text(encoding="utf-8")
