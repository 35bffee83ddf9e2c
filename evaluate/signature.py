"""The signature: one line that names everything which moves a score, and a digest of the scores themselves.

``key:value`` fields joined by ``|``, always in the same order. Whoever has the
line, the gold it names and the predictions can compute the scores again.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from goldwire import __version__
from goldwire.annotate import files
from goldwire.annotate.document import Document
from goldwire.annotate.formats import lines
from goldwire.annotate.problems import Problem, ProblemError

FIELDS = (
    "goldwire gold layers match lacking profile map repair align entities "
    "offsets zero duplicates average interval seed result"
).split()
# Rules that goldwire has but one of: they stand in the signature so that it can be read without this source.
FIXED = {"offsets": "code-points", "zero": "nan", "duplicates": "one-to-one", "average": "micro"}


def write(values: Mapping[str, str]) -> str:
    """The signature of some values, the fixed rules filled in, empty ones left out.

    >>> write({"gold": "1.0+sha256.ab12", "match": "exact"}).partition("|")[2]
    'gold:1.0+sha256.ab12|match:exact|offsets:code-points|zero:nan|duplicates:one-to-one|average:micro'
    """
    known = {"goldwire": __version__, **FIXED, **values}
    return "|".join(f"{key}:{known[key]}" for key in FIELDS if known.get(key))


def read(signature: str) -> dict[str, str]:
    """The fields of a signature; raises ProblemError where it is none.

    >>> read("goldwire:0.1.0|match:overlap@0.5")
    {'goldwire': '0.1.0', 'match': 'overlap@0.5'}
    """
    pairs = [field.partition(":") for field in signature.strip().split("|")]
    wrong = [key for key, colon, _ in pairs if not colon or key not in FIELDS]
    if wrong or pairs[0][0] != "goldwire":
        message = f"{wrong[0]!r} is no field of one" if wrong else "it should begin with goldwire:VERSION"
        raise ProblemError(Problem("signature", 0, "no-signature", message))
    return {key: value for key, _, value in pairs}


def report(data: bytes) -> dict[str, Any]:
    """A report as ``score --json`` prints it; raises ProblemError where it is none.

    >>> report(b'{"signature": "goldwire:0.1.0", "rows": []}')["rows"]
    []
    """
    found = reports(data)
    if len(found) > 1:
        raise ProblemError(Problem("report", 0, "no-report", "is of several profiles"))
    return found[0]


def reports(data: bytes) -> list[dict[str, Any]]:
    """The same where it may be a report of profiles, of which each has its own signature.

    >>> [r["profile"] for r in reports(b'{"profiles": [{"profile": "lea", "signature": "goldwire:0.1.0"}]}')]
    ['lea']
    """
    try:
        found = msgspec.json.decode(data)
    except msgspec.DecodeError as error:
        raise ProblemError(Problem("report", 0, "no-report", str(error))) from None
    each = found.get("profiles", [found]) if isinstance(found, dict) else []
    if not each or not all(isinstance(x, dict) and isinstance(x.get("signature"), str) for x in each):
        raise ProblemError(Problem("report", 0, "no-report", "holds no signature"))
    return list(each)


def gold_version() -> str:
    """The name of the packaged corpus with its version.

    >>> gold_version().partition("-")[0]
    'goldwire'
    """
    about = tomllib.loads(files.read_bytes(files.packaged("corpus") / "about.toml").decode("utf-8"))
    return f"goldwire-{about['version']}"


def digest(documents: Iterable[Document]) -> str:
    """A sha256 of documents, of their annotation lines; their order does not matter."""
    each = sorted(hashlib.sha256(lines.write(d)).digest() for d in documents)
    return hashlib.sha256(b"".join(each)).hexdigest()


def result(rows: Iterable[tuple[str, ...]]) -> str:
    """The first twelve digits of a sha256 of rows of figures."""
    lines = "\n".join(sorted("\t".join(row) for row in rows))
    return hashlib.sha256(lines.encode()).hexdigest()[:12]
