"""Deterministic workloads: the same bytes for the same options, whatever the machine.

    python benchmarks/workload.py build/workload --docs 1000 [--no-tokens] [--shuffle] [--seed 1]
    python benchmarks/workload.py build/long --long giant          plain, giant, dense or dup
    python benchmarks/workload.py build/coref --clusters 8000      one document, so many mentions
    python benchmarks/workload.py build/rich --docs 200 --rich     events, quotations and numbers too

Document i depends on the seed and on i alone. Beside ``gold.jsonl`` and ``pred.jsonl`` stands
``manifest.json`` with counts that were taken while writing, by sets and counters.

The kinds of long documents: plain (spans all over, some nested), giant (and 50 spans a label as
long as the document), dense (each span overlaps some 400), dup (and one span 5,000 times).
"""

import argparse
import json
import random
from collections import Counter
from pathlib import Path

LABELS = "PERSON ORG GPE EVENT QUOTE QUANTITY DATE LAW ACTOR TARGET WEAPON CAUSE".split()
KINDS = ("plain", "giant", "dense", "dup")


def vocabulary():
    rng = random.Random("words")
    begin, middle, end = (
        "b d f g k l m n p r s t v st tr kl".split(),
        "a e i o u ei".split(),
        ["", "n", "s", "r"],
    )
    words = [
        "".join(rng.choice(begin) + rng.choice(middle) + rng.choice(end) for _ in range(rng.randint(1, 3)))
        for _ in range(4000)
    ]
    # Characters whose number of bytes or UTF-16 units is not 1.
    return [
        w.replace("a", "ä") if i % 50 == 0 else "🗞" + w if i % 700 == 0 else w for i, w in enumerate(words)
    ]


WORDS = vocabulary()


def tokens_of(rng, count):
    """Texts of tokens, and whether a blank follows each."""
    tokens, blanks = [], []
    left = rng.randint(6, 28)
    for _ in range(count):
        tokens.append(WORDS[int(rng.random() ** 2 * len(WORDS))])
        blanks.append(True)
        left -= 1
        if left == 0 or rng.random() < 0.06:
            blanks[-1] = False
            tokens.append("." if left == 0 else rng.choice([",", ",", ",", "[", "]"]))
            blanks.append(True)
            left = left or rng.randint(6, 28)
    return tokens, blanks


def gold_spans(rng, tokens, count, labels, weights):
    """Spans as (first token, last token, label), spread over the document, one in eight beside another."""
    spans = []
    stride = tokens / max(1, count)
    for k in range(count):
        if spans and rng.random() < 0.12:
            a, b, _ = rng.choice(spans[-20:])
            a, b = rng.choice(
                [(a - rng.randint(0, 3), b + rng.randint(1, 6)), (a, max(a, b - 1)), (a + 1, b + 2)]
            )
        else:
            a = int(k * stride + rng.random() * stride)
            b = a + rng.choice((0, 0, 0, 1, 1, 2, 3, 5))
        a = min(max(a, 0), tokens - 1)
        spans.append((a, min(max(a, b), tokens - 1), rng.choices(labels, weights)[0]))
    return sorted(set(spans))


def predicted(rng, gold, tokens, labels):
    """Gold with errors of every kind: missed, moved, relabelled, invented, twice; the last ones at the end."""
    found = []
    for a, b, label in gold:
        fate = rng.random()
        if fate < 0.15:
            continue
        if fate < 0.24:
            a, b = (max(0, a - 1), b) if rng.random() < 0.5 else (a, min(tokens - 1, b + 1))
        elif fate < 0.28:
            label = rng.choice(labels)
        found.append((a, b, label))
    for _ in range(len(gold) // 10):
        a = rng.randrange(tokens)
        found.append((a, min(tokens - 1, a + rng.randint(0, 4)), rng.choice(labels)))
    return found + [rng.choice(found) for _ in range(len(gold) // 50) if found]


def document(seed, i, long="", spans=0, chars=0):
    """Text, places of tokens, blanks, gold and predicted spans of document i."""
    rng = random.Random(f"{seed}/{long}/{i}")
    labels = LABELS if long else rng.sample(LABELS, rng.randint(4, 12))
    weights = [1 / k for k in range(1, len(labels) + 1)]
    tokens, blanks = tokens_of(rng, chars // 6 if long else max(60, round(rng.gauss(620, 60))))
    count = spans if long else max(10, round(rng.gauss(125, 12)))
    places, at = [], 0
    for token, blank in zip(tokens, blanks, strict=True):
        places.append((at, at + len(token)))
        at += len(token) + blank
    text = "".join(t + " " * b for t, b in zip(tokens, blanks, strict=True)).rstrip()
    if long == "dense":
        width = max(4, 200 * len(tokens) // count)
        gold = []
        for _ in range(count):
            a = rng.randrange(len(tokens))
            last = min(len(tokens) - 1, a + rng.randint(width // 2, width))
            gold.append((a, last, rng.choices(labels, weights)[0]))
        gold = sorted(set(gold))
    else:
        gold = gold_spans(rng, len(tokens), count, labels, weights)
    pred = predicted(rng, gold, len(tokens), labels)
    if long == "giant":
        wide = [(k, len(tokens) - 1 - k, label) for label in labels for k in range(50)]
        gold, pred = gold + wide, pred + [s for s in wide if rng.random() < 0.85]
    if long == "dup":
        gold, pred = gold + gold[:1] * 5000, pred + gold[:1] * 4000
    return text, places, blanks, gold, pred


def record(name, text, places, blanks, spans, with_tokens):
    rows = [
        {"start": places[a][0], "end": places[b][1], "token_start": a, "token_end": b, "label": label}
        for a, b, label in spans
    ]
    held = {"text": text, "meta": {"id": name}}
    if with_tokens:
        held["tokens"] = [
            {"text": text[a:b], "start": a, "end": b, "id": i, "ws": blank}
            for i, ((a, b), blank) in enumerate(zip(places, blanks, strict=True))
        ]
    return json.dumps({**held, "spans": rows, "answer": "accept"}, ensure_ascii=False) + "\n"


def write(folder, *, docs=1000, seed=1, tokens=True, shuffle=False, long="", spans=50_000, chars=1_000_000):
    """Write gold, pred and manifest, unless they are there; returns the manifest."""
    folder = Path(folder)
    manifest = folder / "manifest.json"
    options = {
        "docs": docs,
        "seed": seed,
        "tokens": tokens,
        "shuffle": shuffle,
        "long": long,
        "spans": spans,
        "chars": chars,
    }
    if manifest.exists() and json.loads(manifest.read_text())["options"] == options:
        return json.loads(manifest.read_text())
    folder.mkdir(parents=True, exist_ok=True)
    counts = Counter()
    late = []
    with (
        open(folder / "gold.jsonl", "w", encoding="utf-8") as g,
        open(folder / "pred.jsonl", "w", encoding="utf-8") as p,
    ):
        for i in range(1 if long else docs):
            text, places, blanks, gold, pred = document(seed, i, long, spans, chars)
            name = f"d{i:07d}"
            g.write(record(name, text, places, blanks, gold, tokens))
            line = record(name, text, places, blanks, pred, tokens)
            if shuffle:
                late.append(line)
            else:
                p.write(line)
            sides = [
                Counter((places[a][0], places[b][1], label) for a, b, label in side) for side in (gold, pred)
            ]
            counts["gold"] += len(gold)
            counts["pred"] += len(pred)
            counts["strict"] += sum((sides[0] & sides[1]).values())
            counts["distinct"] += len(sides[0].keys() & sides[1].keys())
        random.Random(seed).shuffle(late)
        p.writelines(late)
    result = {"options": options, **counts}
    manifest.write_text(json.dumps(result, indent=1))
    return result


def write_parquet(folder):
    """The same documents as Parquet, their ids and spans alone."""
    import pyarrow as pa
    from pyarrow import json as reader
    from pyarrow import parquet

    span = pa.struct([(k, pa.string() if k == "label" else pa.int64()) for k in ("start", "end", "label")])
    schema = pa.schema([("meta", pa.struct([("id", pa.string())])), ("spans", pa.list_(span))])
    parse = reader.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore")
    for side in ("gold", "pred"):
        source, target = Path(folder) / f"{side}.jsonl", Path(folder) / f"{side}.parquet"
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            rows = reader.read_json(
                source, parse_options=parse, read_options=reader.ReadOptions(block_size=1 << 24)
            )
            parquet.write_table(rows, target, compression="zstd")


def write_clusters(folder, mentions, seed=1):
    """One document's clusters of both sides, as lists of (start, end); sizes as in text, a tenth wrong."""
    rng = random.Random(f"{seed}/clusters")
    gold = [[] for _ in range(mentions // 4)]
    for m in range(mentions):
        gold[int(rng.random() ** 2 * len(gold))].append([10 * m, 10 * m + 5])
    gold = [c for c in gold if c]
    pred = []
    for cluster in gold:
        kept = [m for m in cluster if rng.random() > 0.1]
        cut = rng.randint(0, len(kept)) if rng.random() < 0.2 else len(kept)
        if rng.random() < 0.1 and pred:
            pred[-1] = pred[-1] + kept
        else:
            pred += [part for part in (kept[:cut], kept[cut:]) if part]
    pred += [[[10 * m + 6, 10 * m + 9]] for m in range(0, mentions, 20)]
    Path(folder).mkdir(parents=True, exist_ok=True)
    (Path(folder) / "clusters.json").write_text(json.dumps({"gold": gold, "pred": pred}))


def write_rich(folder, docs, seed=1):
    """Records with events, actors, numbers and quotations, for the scorer of all layers."""
    from goldwire.annotate import files
    from goldwire.annotate.document import Actor, Argument, Document, Event, Mention, Meta, Number, Quotation

    def made(rng, name, text, places, rows):
        def at(k):
            a, b = places[k]
            return Mention(text[a:b], a)

        actors, events, numbers, quotations = [], [], [], []
        for n, (k, kind) in enumerate(rows):
            if kind == 0:
                actors.append(Actor(f"a{n}", "MIL", mentions=(at(k), at(k + 1))))
            elif kind == 1:
                ref = actors[-1].id if actors else ""
                args = (Argument("agent", ref),) if ref else ()
                events.append(Event(f"e{n}", at(k), rng.choice(["STRIKE", "MEET"]), coref=f"e{n}", args=args))
            elif kind == 2:
                numbers.append(Number(f"n{n}", at(k), "COUNT", value=str(k)))
            else:
                quotations.append(Quotation(f"q{n}", cue=(at(k),), content=(at(k + 2),)))
        return Document(
            text,
            Meta(name),
            actors=tuple(actors),
            events=tuple(events),
            numbers=tuple(numbers),
            quotations=tuple(quotations),
        )

    golds, preds = [], []
    for i in range(docs):
        text, places, _, _, _ = document(seed, i)
        rng = random.Random(f"{seed}/rich/{i}")
        rows = [(k, rng.randrange(4)) for k in range(0, len(places) - 8, 8)]
        noisy = [(k + (rng.random() < 0.1), kind) for k, kind in rows if rng.random() > 0.15]
        golds.append(made(random.Random(i), f"d{i}", text, places, rows))
        preds.append(made(random.Random(-i), f"d{i}", text, places, noisy))
    Path(folder).mkdir(parents=True, exist_ok=True)
    files.write(Path(folder) / "gold.jsonl", golds, "record")
    files.write(Path(folder) / "pred.jsonl", preds, "record")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder")
    parser.add_argument("--docs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-tokens", action="store_true")
    parser.add_argument("--shuffle", action="store_true")
    parser.add_argument("--long", choices=KINDS, default="")
    parser.add_argument("--clusters", type=int, default=0)
    parser.add_argument("--rich", action="store_true")
    given = parser.parse_args()
    if given.clusters:
        write_clusters(given.folder, given.clusters, given.seed)
    elif given.rich:
        write_rich(given.folder, given.docs, given.seed)
    else:
        print(
            write(
                given.folder,
                docs=given.docs,
                seed=given.seed,
                tokens=not given.no_tokens,
                shuffle=given.shuffle,
                long=given.long,
            )
        )
