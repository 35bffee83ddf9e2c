"""Scorers of tag sequences: seqeval, its strict mode, and conlleval of CoNLL-2000.

A sentence is a list of tags such as ``B-PER``; sentences are compared one by one.
All three compare chunks as sets of (label, first token, last token); they differ in
which chunks they see in sequences that break the rules of their scheme.
Sources: Ramshaw & Marcus 1995; Tjong Kim Sang & Buchholz 2000; and what seqeval 1.2.2
and conlleval (2004-01-26) answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from goldwire.evaluate.counts import Four as Row

Chunk = tuple[str, int, int]
Tag = tuple[str, str]
OUTSIDE: Tag = ("O", "")

# Pairs of prefixes of neighbouring tags between which conlleval sees the end, or the beginning, of a chunk,
# whatever their labels. Tags of different labels are always apart.
CONLLEVAL_ENDS = {"BB", "BO", "IB", "IO", "EE", "EI", "EO"}
CONLLEVAL_STARTS = {"BB", "IB", "OB", "OI", "EE", "EI", "OE"}


def lenient(tags: Sequence[str]) -> list[Chunk]:
    """Chunks as seqeval sees them by default: an orphaned I- begins a chunk, E- and S- are understood.

    >>> lenient(["I-PER", "I-PER", "B-PER", "I-LOC"])
    [('PER', 0, 1), ('PER', 2, 2), ('LOC', 3, 3)]
    """
    chunks: list[Chunk] = []
    start, previous = 0, OUTSIDE
    for i, (prefix, label) in enumerate([*(_split(t) for t in tags), OUTSIDE]):
        before, old = previous
        apart = old != label
        if (before in "ES") or (before in "BI" and prefix in "BSO") or (before not in "O." and apart):
            chunks.append((old, start, i - 1))
        if (prefix in "BS") or (before in "ESO" and prefix in "EI") or (prefix not in "O." and apart):
            start = i
        previous = prefix, label
    return chunks


def strict(tags: Sequence[str]) -> list[Chunk]:
    """Chunks that keep the rules of IOB2: a B- and the I- of its label that follow; nothing else is one.

    Raises ValueError on a prefix that IOB2 does not have.

    >>> strict(["I-PER", "B-PER", "I-PER", "I-LOC"])
    [('PER', 1, 2)]
    """
    chunks: list[Chunk] = []
    inside = ""
    for i, (prefix, label) in enumerate(map(_split, tags)):
        if prefix not in "BIO":
            raise ValueError(f"{tags[i]!r} is no tag of IOB2: B-…, I-… or O")
        if prefix == "B":
            chunks.append((label, i, i))
            inside = label
        elif prefix == "I" and inside and inside == label:
            chunks[-1] = (label, chunks[-1][1], i)
        else:
            inside = ""
    return chunks


def _split(tag: str) -> Tag:
    prefix, rest = tag[:1], tag[1:]
    label = (rest[1:] if rest.startswith("-") else rest.split("-", 1)[-1]) or "_"
    return (prefix, label) if tag != "O" else OUTSIDE


def seqeval(
    gold: Sequence[Sequence[str]],
    pred: Sequence[Sequence[str]],
    *,
    chunks: Callable[[Sequence[str]], list[Chunk]] = lenient,
) -> dict[str, Row]:
    """Count chunks that are equal, per label, as seqeval; ``chunks`` is ``lenient`` or ``strict``.

    Raises ValueError where a sentence has not the same number of tags on both sides.

    >>> seqeval([["B-PER", "I-PER", "O"]], [["I-PER", "I-PER", "B-LOC"]])
    {'LOC': (0, 1, 0, 0), 'PER': (1, 1, 1, 1)}
    >>> seqeval([["B-PER", "I-PER", "O"]], [["I-PER", "I-PER", "B-LOC"]], chunks=strict)
    {'LOC': (0, 1, 0, 0), 'PER': (0, 0, 0, 1)}
    """
    _same_lengths(gold, pred)
    hit, p_all, r_all = Counter[str](), Counter[str](), Counter[str]()
    for g_tags, p_tags in zip(gold, pred, strict=True):
        g, p = set(chunks(g_tags)), set(chunks(p_tags))
        hit.update(label for label, _, _ in g & p)
        r_all.update(label for label, _, _ in g)
        p_all.update(label for label, _, _ in p)
    return {x: (hit[x], p_all[x], hit[x], r_all[x]) for x in sorted(r_all.keys() | p_all.keys())}


def conlleval(gold: Sequence[Sequence[str]], pred: Sequence[Sequence[str]]) -> dict[str, Row]:
    """Count chunks as conlleval, per label: tags that break the rules are read as the program reads them.

    A chunk is right from the token where it begins on both sides with one label, as long as neither
    side ends it alone. In IOB this equals seqeval's default. E- is half understood (an E- before a
    B- of its label ends nothing), S- not at all.

    >>> conlleval([["B-PER", "I-PER", "O"]], [["B-PER", "I-PER", "I-LOC"]])
    {'LOC': (0, 1, 0, 0), 'PER': (1, 1, 1, 1)}
    """
    _same_lengths(gold, pred)
    hit, p_all, r_all = Counter[str](), Counter[str](), Counter[str]()
    g_old = p_old = OUTSIDE
    right = False
    for g_tags, p_tags in zip(gold, pred, strict=True):
        for g_tag, p_tag in zip([*g_tags, "O"], [*p_tags, "O"], strict=True):
            g, p = _conll_split(g_tag), _conll_split(p_tag)
            g_ends, p_ends = _ends(g_old, g), _ends(p_old, p)
            if right and g_ends and p_ends and g_old[1] == p_old[1]:
                hit[g_old[1]] += 1
                right = False
            elif right and (g_ends != p_ends or g[1] != p[1]):
                right = False
            g_starts, p_starts = _starts(g_old, g), _starts(p_old, p)
            right = right or (g_starts and p_starts and g[1] == p[1])
            r_all[g[1]] += g_starts
            p_all[p[1]] += p_starts
            g_old, p_old = g, p
    hit[g_old[1]] += right  # the end of the file ends a chunk, too
    labels = sorted(label for label in r_all.keys() | p_all.keys() if r_all[label] or p_all[label])
    return {x: (hit[x], p_all[x], hit[x], r_all[x]) for x in labels}


def _conll_split(tag: str) -> Tag:
    prefix, _, label = tag.partition("-")
    return prefix, "" if label == "0" else label  # the program takes a label "0" for none


def _ends(old: Tag, new: Tag) -> bool:
    alone = old[0] in ("[", "]")
    return old[0] + new[0] in CONLLEVAL_ENDS or (old[0] not in ("O", ".") and old[1] != new[1]) or alone


def _starts(old: Tag, new: Tag) -> bool:
    alone = new[0] in ("[", "]")
    return old[0] + new[0] in CONLLEVAL_STARTS or (new[0] not in ("O", ".") and old[1] != new[1]) or alone


def _same_lengths(gold: Sequence[Sequence[str]], pred: Sequence[Sequence[str]]) -> None:
    for n, (g, p) in enumerate(zip(gold, pred, strict=True), start=1):
        if len(g) != len(p):
            raise ValueError(f"sentence {n} has {len(g)} gold tags and {len(p)} predicted ones")
