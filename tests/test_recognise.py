"""Every sample is known for what it is by its name and its first bytes, and reads or is refused."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from goldwire.annotate import files
from goldwire.annotate.formats import ROWS, recognise
from goldwire.annotate.problems import ProblemError

from . import samples

EXPECTED = {
    "brat/**/*.ann": "brat",
    "conll/*.conll": "conll",
    "conll/doccano/*.conll": "conll",
    "conll/seqscore/*.*": "conll",
    "conll-coref/**/*.conll": "conll2012",
    "conllu/*.conllu": "conllu",
    "doccano/*.json*": "doccano",
    "event-json/geneva*": "textee",
    "event-json/phee.eeqa*": "dygie",
    "event-json/phee.json*": "phee",
    "gate/*.bdocjs": "gate",
    "gate/**/*.xml": "gate-xml",
    "gliner/*.json": "gliner",
    "litbank/*/brat/*.ann": "brat",
    "litbank/coref/conll/*.conll": "conll2012",
    "litbank/*/tsv/*.tsv": "litbank",
    "litbank/*/tsv/*.ann": "litbank",
    "quotes-guardian/example.json": "guardian",
    "spacy-docbin/*.spacy": "spacy",
    "tbf/**/*.tbf": "tbf",
    "tool-written/*.bdocjs": "gate",
    "tool-written/*.spacy": "spacy",
    "tool-written/*.spacy-doc.json": "spacy-json",
}
REFUSED = {
    "bad_label1.bio": "bad_label1.bio:2: columns: has one column",
    "a_lot_wrong_relations.response.tbf": ":4: link: @Coref is none of",
    "duplicated_mention_id.response.tbf": ":4: repeated-id: the id E2 stands more than once",
    "miss_system_id.response.tbf": ":2: columns: has 6 fields",
    "no_header.response.tbf": ":1: document: stands outside a document",
}


@samples.needed
@pytest.mark.parametrize("pattern", sorted(EXPECTED))
def test_samples_are_recognised_and_read(pattern: str) -> None:
    found = samples.found(pattern)
    assert found
    for path in found:
        assert (path.name, recognise(str(path), path.read_bytes()[:4096]).name) == (
            path.name,
            EXPECTED[pattern],
        )
        if path.name in REFUSED:
            with pytest.raises(ProblemError) as error:
                files.read(path)
            assert REFUSED[path.name] in str(error.value)
        else:
            for document in files.read(path):
                spans = [m for s in document.spans for m in [s.mention]]
                spans += [e.trigger for e in document.events]
                spans += [m for a in document.actors for m in a.mentions]
                assert all(document.text[m.start : m.end] == m.text for m in spans)


def outcome(path: Path, format: str) -> str:
    """The sentence with which a file is refused; "" where it reads. Anything else is a fault."""
    try:
        files.read(path, format)
    except ProblemError as error:
        return str(error.problems[0])
    return ""


RUBBISH = [
    b"",
    b"\xff\xfe\x00\x01" * 40,
    b"\x00" * 200,
    b"{" * 5000,
    b"<a>" * 5000,
    b"[[[" * 5000,
    b'{"text": {}, "tokens": 3, "sentences": 1, "annotation_sets": []}',
]


@pytest.mark.parametrize("data", RUBBISH)
def test_rubbish_is_refused_with_a_sentence(tmp_path: Path, data: bytes) -> None:
    for row in ROWS:
        path = tmp_path / f"rubbish{row.suffixes[0]}"
        path.write_bytes(data)
        assert "\n" not in outcome(path, row.name)


def spoilt(data: bytes, chance: random.Random) -> bytes:
    """A file with something wrong in it: cut off, a piece gone, twice or altered."""
    at, length = chance.randrange(len(data)), chance.randrange(1, 40)
    piece = data[at : at + length]
    return {
        "cut": data[:at],
        "gone": data[:at] + data[at + length :],
        "twice": data[:at] + piece + data[at:],
        "altered": data[:at] + bytes(chance.randrange(32, 127) for _ in piece) + data[at + length :],
        "digit": data[:at] + bytes(57 if 48 <= b <= 57 else b for b in piece) + data[at + length :],
    }[chance.choice(["cut", "gone", "twice", "altered", "digit"])]


@samples.needed
@pytest.mark.parametrize("pattern", sorted(EXPECTED))
def test_spoilt_samples_are_refused_with_a_sentence(pattern: str, tmp_path: Path) -> None:
    chance = random.Random(5)
    for path in samples.found(pattern)[:3]:
        data = path.read_bytes()[:20_000]
        for other in path.parent.glob(f"{path.stem}.txt"):
            (tmp_path / other.name).write_bytes(other.read_bytes())
        for _ in range(15):
            (tmp_path / path.name).write_bytes(spoilt(data, chance))
            said = outcome(tmp_path / path.name, EXPECTED[pattern])
            assert "\n" not in said
            assert not said or path.name in said or "missing-library" in said
