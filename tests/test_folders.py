"""Which files of a folder are read together."""

from __future__ import annotations

from pathlib import Path

import pytest

from goldwire.annotate.folders import groups
from goldwire.annotate.formats import find
from goldwire.annotate.problems import ProblemError


def listed(folder: Path, format: str = "") -> list[tuple[str, list[str]]]:
    def head(path: Path) -> bytes:
        return path.read_bytes()[:4096]

    row = find(format) if format else None
    return [(own.name, [p.name for p in paths]) for own, paths in groups(folder, row, head)]


def test_companions_go_with_the_file_that_reads_them(tmp_path: Path) -> None:
    for name in ("a.txt", "a.ann", "b.a1", "b.a2", "b.txt", "annotation.conf", "c.txt", ".hidden", "d.csv"):
        (tmp_path / name).write_bytes(b"")
    assert listed(tmp_path) == [
        ("brat", ["a.ann", "a.txt", "annotation.conf"]),
        ("brat", ["b.a1", "b.txt", "b.a2", "annotation.conf"]),
        ("text", ["c.txt"]),
        ("csv", ["d.csv"]),
    ]
    assert [paths[0] for _, paths in listed(tmp_path, "brat")] == ["a.ann", "b.a1"]
    assert listed(tmp_path / "a.txt", "brat") == [("brat", ["a.txt", "a.ann", "annotation.conf"])]


def test_a_type_system_serves_every_file_of_the_folder(tmp_path: Path) -> None:
    for name in ("a.xmi", "b.xmi", "TypeSystem.xml", "b.typesystem.xml"):
        (tmp_path / name).write_bytes(b"")
    assert listed(tmp_path) == [
        ("uima", ["a.xmi", "TypeSystem.xml"]),
        ("uima", ["b.xmi", "b.typesystem.xml", "TypeSystem.xml"]),
    ]


def test_what_is_not_known_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match="empty-folder: holds no file of the format"):
        listed(tmp_path)
    (tmp_path / "a.xyz").write_bytes(b"")
    with pytest.raises(ProblemError, match=r"a.xyz: unknown-format"):
        listed(tmp_path)
