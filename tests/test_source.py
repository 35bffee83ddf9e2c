"""Foreign files as they come: encodings, JSON in every layout, and files that only look like JSON."""

import io
import json

import pytest

from goldwire.annotate.formats import jsonvalues, source
from goldwire.annotate.problems import ProblemError


def values(data: bytes) -> list[tuple[int, object]]:
    return list(source.values(io.BytesIO(data), "x.json"))


ITEMS = [{"a": "}] ,"}, {"b": ["\u2028", "😀"]}, {"c": {"d": 1}}]


@pytest.mark.parametrize(
    "data",
    [
        "\n".join(map(json.dumps, ITEMS)),
        "\r\n\r\n".join(map(json.dumps, ITEMS)) + "\r\n",
        "\n\n".join(json.dumps(x, indent=1) for x in ITEMS),
        " ".join(map(json.dumps, ITEMS)),
        json.dumps(ITEMS),
        json.dumps(ITEMS, indent=2, ensure_ascii=False),
        "\ufeff" + json.dumps(ITEMS),
        "[" + " , ".join(map(json.dumps, ITEMS)) + "\n]\n",
    ],
)
def test_every_layout_gives_the_same_values(data: str) -> None:
    assert [value for _, value in values(data.encode())] == ITEMS


def test_small_pieces_give_the_same_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonvalues, "CHUNK", 3)
    data = json.dumps(ITEMS * 40, indent=1).encode()
    assert [value for _, value in values(data)] == ITEMS * 40


def test_lines_are_physical() -> None:
    assert [n for n, _ in values(b'\n{"a":1}\n\n\n{"a":2}')] == [2, 5]
    assert [n for n, _ in values(b'\n[\n{"a":\n1},\n\n{"a":2}]')] == [3, 6]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"a": 1}\n{"a": 1,}\n', "x.json:2: not-json: .*column"),
        (b'[{"a": 1},\n{"a": nul}]', "x.json:2: not-json: "),
        (b'[{"a": 1},\n', "x.json:.*: not-json: the list is not closed"),
        (b'[{"a": 1}', "x.json:.*: not-json: the list is not closed"),
        (b'[{"a": 1} {"a": 2}]', "not-json: a comma or the end"),
        (b'[{"a": 1},]', "not-json: the list ends in a comma"),
        (b'[{"a": 1}] x', "not-json: text follows the list"),
        (b'{"a": NaN}', "not-json: NaN is no JSON value"),
        (b'{"a": "\n', "x.json:1: not-json: "),
        (b"[" * 100_000, "not-json: is nested too deeply"),
        (b'{"a":' * 100_000 + b"\n", "not-json: is nested too deeply"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not-json: "),
        (b'{"a": "\xff"}', "x.json:1: encoding: is not UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "encoding: is UTF-16, not UTF-8"),
        (b"hello", "x.json:1: not-json: "),
        (b'{"a": 1}\n{"a": {"\\ud83d": 1}}', "x.json:2: not-json: a string holds half of a surrogate pair"),
        (b'[{"a": 1},\n"\\uDE00"]', "x.json:2: not-json: a string holds half of a surrogate pair"),
        (b'{"a": [1e999]}', "x.json:1: not-json: the number 1e999 is too large"),
        (b'{"a": "\\ud83d"}', "x.json:1: not-json: a string holds half of a surrogate pair"),
    ],
)
def test_what_is_no_json_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        values(data)


def test_a_line_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "LIMIT", 100)
    monkeypatch.setattr(jsonvalues, "LIMIT", 100)
    with pytest.raises(ProblemError, match=r"x.json:2: size: "):
        values(b'{"a": 1}\n{"a": "' + b"x" * 200 + b'"}\n')
    with pytest.raises(ProblemError, match="size: "):
        values(b'[{"a": \n' + b'"x",\n' * 200 + b"}]")
