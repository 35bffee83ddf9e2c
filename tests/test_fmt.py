"""``goldwire fmt``: what a person leaves out is filled in, and nothing else changes."""

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.annotate.canonical import canonical
from goldwire.annotate.document import CLASSES
from goldwire.annotate.problems import ProblemError

#       0         1         2         3         4         5         6         7
#       0123456789012345678901234567890123456789012345678901234567890123456789012345678
TEXT = "The guards promised calm. Guards met the mayor, and the guards left Oslo again."


def written(*lines, text=TEXT):
    given = [{"doc": "d", "text": text}, *lines]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in given).encode()


def formatted(*lines, text=TEXT):
    """What fmt makes of the lines, without the document's line; and it is a fixed point."""
    once = canonical(written(*lines, text=text), where="d.jsonl")
    assert canonical(once, where="d.jsonl") == once
    return [json.loads(line) for line in once.splitlines()][1:]


def refused(*lines, text=TEXT):
    with pytest.raises(ProblemError) as error:
        canonical(written(*lines, text=text), where="d.jsonl")
    return str(error.value)


def test_surface_alone_is_enough():
    assert formatted({"term": "w1", "mention": "mayor"}) == [
        {"term": "w1", "mention": {"text": "mayor", "start": 41}}
    ]


def test_whitespace_at_the_edges_goes_and_the_start_moves():
    (line,) = formatted({"term": "w1", "mention": {"text": " the mayor", "start": 36}})
    assert line["mention"] == {"text": "the mayor", "start": 37}


def test_a_surface_inside_a_word_does_not_count():
    (line,) = formatted({"term": "w1", "mention": "train"}, text="trains and a train")
    assert line["mention"]["start"] == 13


def test_occurrences_count_from_one():
    (line,) = formatted({"term": "w1", "mention": {"text": "guards", "occurrence": 2}})
    assert line["mention"] == {"text": "guards", "start": 56}


def test_an_ambiguity_lists_the_places_with_their_context():
    said = refused(
        {"segment": "g1", "start": 0, "end": 25},
        {"segment": "g2", "start": 26, "end": 79},
        {"actor": "a1", "mentions": ["guards"]},
    )
    assert said == (
        'd.jsonl:4: surface-ambiguous: mentions[0]: «guards» stands more than once; say "occurrence": '
        "1 «The [guards] promised calm. Guar» in g1; 2 « the mayor, and the [guards] left Oslo again.» in g2"
    )


def test_an_occurrence_that_is_not_there_lists_those_that_are():
    said = refused({"term": "w1", "mention": {"text": "calm", "occurrence": 2}})
    assert said == (
        "d.jsonl:2: surface-ambiguous: mention: occurrence 2 of «calm» is asked for: "
        "1 «The guards promised [calm]. Guards met the may»"
    )


def test_a_segment_narrows_the_search():
    _, line = formatted(
        {"segment": "g1", "text": "The guards promised calm."},
        {"term": "w1", "segment": "g1", "mention": "guards"},
    )
    assert line == {"term": "w1", "mention": {"text": "guards", "start": 4}}


def test_a_segment_that_does_not_exist_is_named():
    said = refused({"term": "w1", "mention": {"text": "calm", "segment": "g9"}})
    assert said == "d.jsonl:2: dangling-id: mention: segment: there is no segment «g9»"


@pytest.mark.parametrize(
    ("surface", "said"),
    [
        ("governor", "«governor» does not stand in the text"),
        ("The mayor", "«The mayor» does not stand in the text; «the mayor» does"),
    ],
)
def test_a_missing_surface_says_what_is_near(surface, said):
    assert refused({"term": "w1", "mention": surface}) == f"d.jsonl:2: surface-missing: mention: {said}"


def test_a_missing_surface_sees_through_typography():
    said = refused({"term": "w1", "mention": '"calm"'}, text="He said “calm” twice.")
    assert said.endswith('«"calm"» does not stand in the text; ««calm»» does'.replace("««calm»»", "«“calm”»"))


def test_all_problems_are_said_at_once():
    said = refused({"term": "w1", "mention": "nix"}, {"term": "w2", "mention": "nox"}).splitlines()
    assert [line.split(": ")[0] for line in said] == ["d.jsonl:2", "d.jsonl:3"]


def test_heads():
    (line,) = formatted({"actor": "a1", "mentions": [{"text": "the mayor", "head": "mayor"}, "Oslo"]})
    assert line["mentions"] == [
        {"text": "the mayor", "start": 37, "head": "mayor"},
        {"text": "Oslo", "start": 68},
    ]
    (line,) = formatted({"term": "w1", "mention": {"text": "Oslo", "start": 68, "head": "Oslo"}})
    assert line["mention"] == {"text": "Oslo", "start": 68}


def test_a_head_that_stands_twice():
    text = "the bank of the bank"
    said = refused({"term": "w1", "mention": {"text": text, "head": "bank"}}, text=text)
    assert "'bank' stands more than once" in said
    (line,) = formatted(
        {"term": "w1", "mention": {"text": text, "head": "bank", "head_occurrence": 2}}, text=text
    )
    assert line["mention"] == {"text": text, "start": 0, "head": "bank", "head_start": 16}


def test_ids_are_made_in_reading_order_and_never_twice():
    lines = formatted(
        {"term": "", "mention": "Oslo"}, {"term": "w1", "mention": "mayor"}, {"term": "", "mention": "calm"}
    )
    assert [(x["term"], x["mention"]["text"]) for x in lines] == [
        ("w2", "calm"),
        ("w1", "mayor"),
        ("w3", "Oslo"),
    ]


def test_order_of_kinds_and_objects_and_mentions():
    lines = formatted(
        {"event": "e1", "trigger": "left"},
        {"actor": "a9", "name": "nobody"},
        {"actor": "a2", "mentions": ["mayor"]},
        {
            "actor": "a10",
            "mentions": [{"text": "guards", "occurrence": 2}, {"text": "guards", "occurrence": 1}],
        },
        {"segment": "g1", "start": 0, "end": 25},
        {"ambiguity": "x1", "on": "e1", "field": "type"},
        {"ambiguity": "x2", "on": "a2", "field": "type"},
    )
    names = [next(iter(line.items())) for line in lines]
    assert names == [
        ("segment", "g1"), ("actor", "a10"), ("actor", "a2"), ("actor", "a9"), ("event", "e1"),
        ("ambiguity", "x2"), ("ambiguity", "x1"),
    ]  # fmt: skip
    assert [m["start"] for m in lines[1]["mentions"]] == [4, 56]


def test_an_event_is_named_by_its_first_mention():
    lines = formatted(
        {"event": "e1", "trigger": "left"},
        {"event": "e2", "trigger": "met", "coref": "e1"},
        {"event": "e3", "trigger": "promised"},
    )
    assert [(x["event"], x["coref"]) for x in lines] == [("e3", "e3"), ("e2", "e2"), ("e1", "e2")]


def test_evidence_is_the_nearest_mention_in_the_sentence_of_the_trigger():
    lines = formatted(
        {"segment": "g1", "start": 0, "end": 25},
        {"segment": "g2", "start": 26, "end": 79},
        {"actor": "a1", "mentions": [{"text": "The guards", "head": "guards"}, "Guards", "the guards"]},
        {"actor": "a2", "mentions": ["calm"]},
        {"event": "e1", "trigger": "left", "args": {"agent": "a1", "target": "a2"}},
    )
    assert lines[-1]["args"] == [
        {"role": "agent", "ref": "a1", "evidence": {"text": "the guards", "start": 52}},
        {"role": "target", "ref": "a2"},
    ]


def test_further_mentions_are_looked_for_beside_the_anchor_first():
    lines = formatted(
        {"segment": "g1", "start": 0, "end": 25},
        {"segment": "g2", "start": 26, "end": 79},
        {"quotation": "q1", "cue": "promised", "content": "calm", "speaker_span": "guards"},
    )
    assert lines[-1] == {
        "quotation": "q1",
        "speaker_span": {"text": "guards", "start": 4},
        "cue": [{"text": "promised", "start": 11}],
        "content": [{"text": "calm", "start": 20}],
    }


def test_pieces_of_a_mention_follow_each_other():
    (line,) = formatted(
        {"term": "w1", "mention": {"text": "lay", "more": ["down"]}}, text="down they lay him down"
    )
    assert line["mention"] == {"text": "lay", "start": 10, "more": [{"text": "down", "start": 18}]}


def test_short_forms():
    (line,) = formatted(
        {
            "event": "e1",
            "trigger": "left",
            "details": {"method": "foot"},
            "args": {"agent": ["a1", "a2"]},
            "factuality": {"AUTHOR": "CT+"},
        }
    )
    assert line["details"] == [{"name": "method", "value": "foot"}]
    assert line["args"] == [{"role": "agent", "ref": "a1"}, {"role": "agent", "ref": "a2"}]
    assert line["factuality"] == [{"holder": "AUTHOR", "value": "CT+"}]


def test_the_long_form_of_a_line_in_short():
    short = formatted(
        {
            "actor": "a1",
            "type": "MIL",
            "mentions": [{"text": "the guards", "head": "guards", "form": "nominal"}],
        },
        {"place": "p1", "kind": "city", "mentions": {"text": "Oslo", "form": "name"}},
        {"event": "", "type": "DISPLACE", "trigger": "left", "args": {"displaced": "a1", "origin": "p1"}},
        {"segment": "", "text": TEXT},
    )
    assert short[-1] == {
        "event": "e1",
        "trigger": {"text": "left", "start": 63},
        "type": "DISPLACE",
        "coref": "e1",
        "args": [
            {"role": "displaced", "ref": "a1", "evidence": {"text": "the guards", "start": 52}},
            {"role": "origin", "ref": "p1", "evidence": {"text": "Oslo", "start": 68}},
        ],
    }


def test_unknown_keys_and_notes_are_kept_everywhere():
    (line,) = formatted(
        {"term": "w1", "mention": {"text": "Oslo", "sure": 3}, "note": "?", "mine": {"x": [1]}}
    )
    assert line == {
        "term": "w1", "mention": {"text": "Oslo", "start": 68, "sure": 3}, "note": "?", "mine": {"x": [1]},
    }  # fmt: skip


def test_a_surface_that_disagrees_is_left_for_check():
    (line,) = formatted({"term": "w1", "mention": {"text": "Oslo", "start": 3}})
    assert line["mention"] == {"text": "Oslo", "start": 3}


def test_bom_and_crlf_go():
    data = b"\xef\xbb\xbf" + written({"term": "w1", "mention": "calm"}).replace(b"\n", b"\r\n")
    assert canonical(data, where="d") == canonical(written({"term": "w1", "mention": "calm"}), where="d")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            b'{"doc": "d", "text": "x", "text": "y"}\n',
            "d.jsonl:1: duplicate-key: the key «text» stands twice",
        ),
        (b'{"doc": "d", "text": "x"}\n\n{"term"\n', "d.jsonl:3: not-json: "),
        (
            b'{"doc": "d", "text": "caf\xe9"}\n',
            "d.jsonl:1: encoding: byte 0xe9 is not UTF-8; in Windows-1252:",
        ),
        (b'{"doc": "d", "text": "\\ud800"}\n', "d.jsonl:1: lone-surrogate: text holds half a surrogate pair"),
        (b'{"doc": "d", "text": "x"}\n{"doc": "e", "text": "y"}\n', "d.jsonl:2: second-document: "),
    ],
)
def test_what_cannot_be_read_is_not_written(data, said):
    with pytest.raises(ProblemError) as error:
        canonical(data, where="d.jsonl")
    assert str(error.value).startswith(said)


def test_records_keep_their_tokens():
    from goldwire.annotate.formats import lines, record

    item = lines.document([(1, {"doc": "d", "text": "Ada left."})], where="d")
    ((_, data),) = record.encode([item], tokenizer=lambda _: [(0, 3), (4, 8), (8, 9)], tokenizer_name="mine")
    assert canonical(data, where="d") == data
    assert json.loads(data)["tokens"][1]["text"] == "left"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 12)
    | st.floats(0, 1)
    | st.sampled_from(["", "a1", "calm", "x", "guards"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "text",
                    "start",
                    "end",
                    "occurrence",
                    "segment",
                    "more",
                    "head",
                    "mention",
                    "args",
                    "ref",
                    "trigger",
                    "coref",
                    "evidence",
                    "mentions",
                    "content",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([*CLASSES, "doc", "nix"]), JSON, JSON), max_size=4))
def test_any_json_is_formatted_or_refused_with_a_sentence(lines):
    given = [
        {kind: name, **(body if isinstance(body, dict) else {"mention": body})} for kind, name, body in lines
    ]
    data = written(*given)
    try:
        once = canonical(data, where="d")
    except ProblemError:
        return
    assert canonical(once, where="d") == once


def command(*arguments, given=b"", cwd=None):
    path = os.pathsep.join(p for p in sys.path if p)
    return subprocess.run(
        [sys.executable, "-m", "goldwire", "fmt", *arguments], input=given, capture_output=True, cwd=cwd,
        check=False, env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip


def test_the_command(tmp_path):
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_bytes(written({"term": "w1", "mention": "calm"}))
    bad.write_bytes(written({"term": "w1", "mention": "nix"}))
    before = bad.read_bytes()
    result = command("--check", "good.jsonl", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (1, b"good.jsonl\n")
    result = command(".", cwd=tmp_path)
    assert result.returncode == 1
    assert (
        result.stderr
        == b"bad.jsonl:2: surface-missing: mention: \xc2\xabnix\xc2\xbb does not stand in the text\n"
    )
    assert bad.read_bytes() == before
    assert b'"start": 20' in good.read_bytes()
    assert command("--check", "good.jsonl", cwd=tmp_path).returncode == 0


def test_standard_input():
    result = command("-", given=written({"term": "w1", "mention": "calm"}))
    assert result.returncode == 0
    assert result.stdout.splitlines()[1] == b'{"term": "w1", "mention": {"text": "calm", "start": 20}}'
    result = command("-", given=b"nix")
    assert (result.returncode, result.stdout) == (1, b"")
    assert result.stderr.startswith(b"<stdin>:1: not-json: ")
