"""The floors: regular expressions, and quantulum3 with what it gets wrong."""

import pytest

from goldwire.annotate.document import Document
from goldwire.evaluate import baseline


def test_regular_expressions() -> None:
    predict = baseline.system("regex")
    found: Document = predict("About 2.5 million left on May 9, he said. “We stay,” the mayor said; 12% did.")
    assert [(n.mention.text, n.value, n.mod, n.kind) for n in found.numbers] == [
        ("About 2.5 million", "2500000", "approx", "COUNT"),
        ("12%", "0.12", "exact", "SHARE"),
    ]
    assert [t.value for t in found.times] == ["XXXX-05-09"]
    assert [(q.content[0].text, q.directness) for q in found.quotations] == [("“We stay,”", "direct")]


def test_the_floor_reads_no_words() -> None:
    assert baseline.system("regex")("Half a million left.").numbers == ()


@pytest.mark.parametrize("name", ["baseline", "regex", "quantulum3"])
@pytest.mark.parametrize(
    "text", ["", "\n \n", "\u202e\u0000", "“", "- - -", "1/0", "of of of", "‘’'s 's", "a" * 5000]
)
def test_no_text_breaks_a_system(name: str, text: str) -> None:
    if name != "regex":
        pytest.importorskip("spacy" if name == "baseline" else "quantulum3")
    assert baseline.system(name)(text).text == text


def test_quantulum3() -> None:
    pytest.importorskip("quantulum3")
    found = baseline.system("quantulum3")("It took 3 hours; 12% paid 20-30 dollars.")
    assert [(n.mention.text, n.value, n.low, n.high, n.unit) for n in found.numbers] == [
        ("12%", "0.12", "", "", ""),
        ("20-30 dollars", "", "20", "30", "USD"),
    ]
