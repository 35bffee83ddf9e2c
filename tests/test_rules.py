"""``goldwire check``: one defect, one problem; and rules, guidelines and bad files tell of the same rules."""

import io
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.annotate import files, rules
from goldwire.annotate.canonical import canonical
from goldwire.annotate.document import CLASSES
from goldwire.annotate.formats import lines, record
from goldwire.annotate.ontology import EventType, Ontology
from goldwire.annotate.problems import ProblemError
from goldwire.annotate.rules import values, words
from goldwire.annotate.rules.quotations import pairs

ROOT = Path(__file__).parents[1]
BAD = ROOT / "tests" / "bad"
GUIDELINES = ROOT / "guidelines"
EXPECTED = tomllib.loads((BAD / "expected.toml").read_text(encoding="utf-8"))
OWN = files.ontology()

_HEADING = re.compile(r"^#+ .*\{#([a-z0-9-]+)( \.unchecked)?\}", re.MULTILINE)
_EXAMPLE = re.compile(
    r"^```jsonl (good|breaks=([a-z0-9-]+)|instead-of=([a-z0-9-]+))\n(.*?)^```", re.MULTILINE | re.DOTALL
)


def headings():
    """(slug, is it checked) of every rule in the guidelines."""
    texts = [p.read_text(encoding="utf-8") for p in sorted(GUIDELINES.glob("*.md"))]
    return [(m[1], not m[2]) for text in texts for m in _HEADING.finditer(text)]


def examples():
    for page in sorted(GUIDELINES.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        for match in _EXAMPLE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield pytest.param(page.name, match, id=f"{page.name}:{line}:{match[1]}")


GOOD = [p.values[1][4] for p in examples() if p.values[1][1] == "good" and p.values[0] != "files.md"]


def check(data, ontology=OWN, where="x.jsonl"):
    return rules.check(data, ontology, where=where)


def written(*objects):
    return "".join(json.dumps(x, ensure_ascii=False) + "\n" for x in objects).encode()


def slugs(*objects, ontology=OWN):
    return [p.rule for p in check(written(*objects), ontology)]


def test_rules_guidelines_and_bad_files_are_the_same():
    named = headings()
    assert len(named) == len({slug for slug, _ in named})
    checked = {slug for slug, is_checked in named if is_checked}
    assert checked == rules.SLUGS
    assert {p.stem for p in BAD.glob("*.jsonl")} == rules.SLUGS
    assert EXPECTED.keys() == rules.SLUGS


@pytest.mark.parametrize("slug", sorted(EXPECTED))
def test_a_bad_file_has_its_defect_and_no_other(slug):
    data = (BAD / f"{slug}.jsonl").read_bytes()
    said = [f"{p.line}: {p.message}" for p in check(data) if p.rule == slug]
    assert said == EXPECTED[slug]
    assert {p.rule for p in check(data)} == {slug}


@pytest.mark.parametrize(("page", "match"), examples())
def test_an_example_is_what_it_claims(page, match):
    data = match[4].encode()
    if page != "files.md":
        data = canonical(data, where="example")
    said = check(data)
    assert {p.rule for p in said} == ({match[2]} if match[2] else set()), "\n".join(map(str, said))


def test_every_rule_has_an_example_that_breaks_it_and_one_that_does_not():
    for page in sorted(GUIDELINES.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        parts = _HEADING.split(text)[1:]
        for slug, unchecked, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
            shown = [m[1] for m in _EXAMPLE.finditer(body)]
            assert "good" in shown, slug
            raw = slug in ("encoding", "bom", "crlf")
            wanted = f"{'instead-of' if unchecked else 'breaks'}={slug}"
            assert wanted in shown or raw or any(s.startswith("breaks=") for s in shown), slug


def test_lines_are_physical():
    term = b'{"term": "w1", "mention": {"text": "Rom", "start": 1}}'
    data = b'\n{"doc": "x", "text": "Rome\\u2028fell."}\n\n\n' + term
    assert [(p.line, p.rule) for p in check(data) if not rules.is_warning(p)] == [(5, "surface-text")]


def test_all_problems_are_said_at_once():
    place = b'{"place": "p1", "kind": "Citty", "mentions": [{"text": "Romu", "start": 0}]}'
    data = b'{"doc": "x", "text": "Rome"}\n{"term": nix}\n' + place
    assert [(p.line, p.rule) for p in check(data)] == [
        (2, "not-json"), (3, "surface-text"), (3, "unknown-label"),
    ]  # fmt: skip


def test_a_record_is_checked_like_its_lines():
    data = (BAD / "relative-pronoun.jsonl").read_bytes()
    (item,) = lines.decode({"x": io.BytesIO(data)})
    whole = b"".join(content for _, content in record.encode([item, item]))
    assert [str(p) for p in check(whole)] == [
        f"x.jsonl:{n}: relative-pronoun: a1: «who» is a relative pronoun; its antecedent stands for it"
        for n in (1, 2)
    ]


def test_a_slim_prediction_is_no_problem():
    data = b'{"text": "Rome fell.", "spans": [{"start": 0, "end": 4, "label": "GPE"}]}\n'
    assert check(data) == []
    (problem,) = check(data.replace(b'"end": 4', b'"end": 40'))
    assert (problem.line, problem.rule) == (1, "offset-range")


@pytest.mark.parametrize(
    ("field", "accept", "said"),
    [
        ("mentions[it]", "a1", ""),
        ("mentions[it]", "", ""),
        ("mentions[they]", "a1", "mentions[they] of a2: none of its mentions are «they»; name one"),
        (
            "mentions[it]",
            "p1",
            "mentions[it] of a2: «p1» is no actor; a mention goes to one or to none",
        ),
    ],
)
def test_a_mention_that_may_be_somebody_elses(field, accept, said):
    army = {"text": "The army", "start": 0, "head": "army", "form": "nominal"}
    data = written(
        {"doc": "x", "text": "The army left Rome; it was late, Ada knew."},
        {"actor": "a2", "type": "MIL", "name": "army", "mentions": [army, mention("it", 20, "pronoun")]},
        {"actor": "a1", "type": "PER", "name": "Ada", "mentions": [mention("Ada", 33, "name")]},
        {"place": "p1", "kind": "city", "name": "Rome", "mentions": [mention("Rome", 14, "name")]},
        {"ambiguity": "x1", "on": "a2", "field": field, "accept": [accept]},
    )
    found = [str(p) for p in check(data) if p.rule == "declared-ambiguity"]
    assert found == ([f"x.jsonl:5: declared-ambiguity: {said}"] if said else [])


def mention(surface, start, form):
    return {"text": surface, "start": start, "form": form}


def test_guidelines_hold_only_under_an_ontology_that_says_so():
    data = (BAD / "whole-words.jsonl").read_bytes()
    assert check(data, Ontology("mine", "1")) == []


def test_labels_come_from_the_ontology():
    event = {"event": "e1", "type": "FLOOD", "trigger": {"text": "left", "start": 4}, "coref": "e1"}
    assert slugs({"doc": "x", "text": "Ada left."}, event) == ["unknown-label"]
    mine = Ontology("mine", "1", events={"FLOOD": EventType("")})
    assert slugs({"doc": "x", "text": "Ada left."}, event, ontology=mine) == []


def test_warnings_are_errors_in_the_corpus():
    data = (BAD / "unknown-key.jsonl").read_bytes()
    (problem,) = check(data)
    assert rules.is_warning(problem)
    (problem,) = check(data, where="corpus/gold/A.jsonl")
    assert not rules.is_warning(problem)


@pytest.mark.parametrize(
    ("text", "surface", "expected"),
    [
        ("The U.N. met.", "The U.N.", []),
        ("The U.N. met.", "The U.N", ["mention-edges"]),
        ("A 20% cut.", "A 20% cut", []),
        ("He met (old) Ada.", "(old) Ada", []),
        ("He met (old Ada).", "(old Ada", ["mention-edges"]),
        ("He met Ada (old).", "Ada (old)", []),
        ("The “Dawn” sank.", "The “Dawn”", []),
        ("The 15-year war.", "15", ["whole-words"]),
        ("It is Ada’s.", "Ada’s", ["clitic-outside"]),
        ("On 3–4 May.", "3", ["whole-words"]),
        ("Air strikes.", "strikes", []),
        ("🌋Rome fell.", "Rome", []),
    ],
)
def test_edges_and_words(text, surface, expected):
    term = {"term": "w1", "mention": {"text": surface, "start": text.index(surface)}}
    assert slugs({"doc": "x", "text": text}, term) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said “yes” and “no”.", ["yes", "no"]),
        ("He said «yes “so” it is».", ["yes “so” it is"]),
        ('A "b" c "d', ["b"]),
        ("It’s Ada’s.", []),
        ("„ja“ „nein”", ["ja", "nein"]),
    ],
)
def test_pairs_of_quotation_marks(text, expected):
    assert [text[a:b] for a, b in pairs(text)] == expected


@pytest.mark.parametrize(
    ("surface", "mod"),
    [
        ("more than 600", "more_than"), ("600 or more", "at_least"), ("15", "exact"),
        ("two or three", "between"),
        ("between 20 and 30", "between"), ("20-30", "between"), ("a couple of", "approx"),
        ("some 40", "approx"),
        ("no more than 9", "at_most"), ("nearly half", "less_than"), ("as many as 9", "exact"),
        ("30-odd", "approx"),
    ],
)  # fmt: skip
def test_modifiers(surface, mod):
    text = f"He saw {surface} monks."
    number = {"number": "n1", "mention": {"text": surface, "start": 7}, "kind": "COUNT", "mod": mod}
    assert "modifier-field" not in slugs({"doc": "x", "text": text}, number)
    other = "vague" if mod != "vague" else "exact"
    assert "modifier-field" in slugs({"doc": "x", "text": text}, {**number, "mod": other})


def test_decimals_are_ascii():
    assert values.number("٣") is None
    assert values.number("-0.50") == values.number("-0.5")


def test_words_before_and_after():
    assert words.word_after("Ada left.", 3) == "left"
    assert words.word_before("Ada left.", 0) == ""


NAMES = st.sampled_from(["a1", "Ada", "q1"])
KEYS = st.sampled_from(
    "text start end head more mention mentions trigger args role ref content cue parent coref evidence "
    "type kind form on field accept from to".split()
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 20) | st.floats() | st.text(max_size=4) | NAMES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=15,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([*CLASSES, "doc", "nix"]), JSON, JSON), max_size=4), st.booleans())
def test_any_json_is_checked(parts, first):
    objects = [
        {kind: name, **(body if isinstance(body, dict) else {"mention": body})} for kind, name, body in parts
    ]
    if first:
        objects.insert(0, {"doc": "x", "text": "Ada met Ada in Rome."})
    for problem in check(written(*objects)):
        assert problem.rule in rules.SLUGS
        assert problem.line > 0


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["text", "meta", "spans", "events", "actors", "relations", "tokens"]), JSON
    )
)
def test_any_record_is_checked(body):
    for problem in check(written({"text": "Ada met Ada.", **body})):
        assert problem.message


WEIRD = [
    None,
    True,
    -1,
    0,
    3,
    10**9,
    1.5,
    "",
    " ",
    "zz",
    "a1",
    "e1",
    "AUTHOR",
    [],
    {},
    [None],
    ["zz"],
    {"text": "x"},
]


def mutated(value, random):
    """A JSON value with one thing in it removed, doubled or replaced."""
    if isinstance(value, dict) and value and random.random() < 0.8:
        key = random.choice(list(value))
        changed = {**value, key: mutated(value[key], random)}
        if random.random() < 0.2:
            del changed[key]
        return changed
    if isinstance(value, list) and value and random.random() < 0.8:
        index = random.randrange(len(value))
        return [*value[:index], mutated(value[index], random), *value[index + random.randrange(2) :]]
    return random.choice(WEIRD)


@settings(max_examples=100, deadline=None)
@given(st.randoms(use_true_random=False))
def test_mutants_of_good_documents_are_checked_and_formatted(random):
    match = random.choice(GOOD)
    rows = [json.loads(line) for line in canonical(match.encode(), where="x").splitlines()]
    for _ in range(random.randint(1, 3)):
        index = random.randrange(len(rows))
        rows[index] = mutated(rows[index], random)
    data = written(*rows)
    problems = check(data)
    assert {p.rule for p in problems} <= rules.SLUGS
    try:
        again = canonical(data, where="x")
    except ProblemError:
        assert problems
    else:
        assert canonical(again, where="x") == again


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_checked(data):
    assert check(data)


def command(*arguments, cwd=ROOT):
    path = os.pathsep.join(str(Path(p).resolve()) for p in sys.path if p)
    return subprocess.run(
        [sys.executable, "-m", "goldwire", "check", *arguments], capture_output=True, cwd=cwd, check=False,
        text=True, encoding="utf-8", env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"},
    )  # fmt: skip


def test_the_command():
    result = command("tests/bad/surface-text.jsonl", "tests/bad/unknown-key.jsonl", "no-such-file.jsonl")
    assert result.returncode == 1
    assert result.stdout.splitlines() == [
        "tests/bad/surface-text.jsonl:2: surface-text: says «Rome» at 8, the text has « Rom» there; "
        "the nearest one is at 9",
        "tests/bad/unknown-key.jsonl:2: unknown-key: warning: remark: is no key that goldwire knows",
        "no-such-file.jsonl: file: cannot be read: no such file or directory",
    ]
    assert result.stderr == ""
    result = command("--json", "tests/bad/unknown-key.jsonl")
    assert result.returncode == 0
    assert json.loads(result.stdout)["rule"] == "unknown-key"


def test_watching(tmp_path):
    file = tmp_path / "x.jsonl"
    file.write_bytes(b'{"doc": "x", "text": "Rome fell."}\n')
    path = os.pathsep.join(str(Path(p).resolve()) for p in sys.path if p)
    running = subprocess.Popen(
        [sys.executable, "-u", "-m", "goldwire", "check", "--watch", "x.jsonl"], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, cwd=tmp_path, text=True, env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    try:
        assert running.stderr.readline() == "checked; waiting for changes\n"
        file.write_bytes(b"nix\n")
        assert running.stderr.readline() == "checking\n"
        assert running.stdout.readline().startswith("x.jsonl:1: not-json: ")
    finally:
        running.terminate()
        running.communicate()
