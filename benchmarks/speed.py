"""goldwire and its peers on the same files, in turn: medians of whole processes, and their ratios.

    python benchmarks/speed.py                       what `make bench-speed` runs: half an hour
    python benchmarks/speed.py --write docs/speed.md     and put what it prints into the page
    python benchmarks/speed.py --only long,coref --coval PATH    PATH: a copy of ns-moosavi/coval

No time is believed before results agree: with the manifest's own counts, with the obvious slow
implementation on a small workload, with each peer where it counts the same thing.
"""

import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
KINDS = ("plain", "giant", "dense", "dup")
KEYS = {
    ("spans.span", "exact"): "strict",
    ("spans.span(typed=False)", "exact"): "exact",
    ("spans.span(typed=False)", "half"): "partial",
    ("spans.span", "any"): "type",
}


def workload(name, folder, **options):
    """Made by a process of its own: what a child is charged with begins with its parent's memory."""
    code = f"import json, workload; print(json.dumps(workload.{name}({str(folder)!r}, **{options!r})))"
    made = subprocess.run([sys.executable, "-c", code], cwd=HERE, stdout=subprocess.PIPE, check=True)
    return json.loads(made.stdout)


# The one that is installed, with its compiled module, and not the folder of sources in which this may run.
GOLDWIRE = [sys.executable, "-P", "-m", "goldwire"]


def goldwire(folder, *options, suffix="jsonl"):
    paths = [f"{folder}/pred.{suffix}", "--gold", f"{folder}/gold.{suffix}"]
    return [*GOLDWIRE, "score", *paths, "--json", *options]


def peer(name, folder, *more):
    return [sys.executable, str(HERE / "peers.py"), name, str(folder), *map(str, more)]


def run(command):
    """Wall and processor seconds, peak MiB, and what a process printed; words with = are its environment."""
    given = dict(word.split("=", 1) for word in command if word.startswith("GOLDWIRE_"))
    command = [word for word in command if not word.startswith("GOLDWIRE_")]
    begun = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, **given})
    out = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - begun
    child.returncode = status
    if status:
        raise SystemExit(f"failed: {' '.join(command)}")
    return (wall, usage.ru_utime + usage.ru_stime), usage.ru_maxrss / 1024, out


def hits(out):
    """The hits of each scheme in goldwire's JSON."""
    rows = json.loads(out)["rows"]
    return {KEYS[r["metric"], r["match"]]: r["r_hit"] for r in rows if r["label"] == "micro"}


BY = 0  # 1: processor seconds, where other work on the machine would drown wall seconds


def rounds(commands, times):
    """Every command in turn, so many times: name -> (median of seconds, peak, all seconds, last output, all walls)."""
    found, peaks, outs = ({name: [] for name in commands} for _ in range(3))
    for _ in range(times):
        for name, command in commands.items():
            seconds, peak, out = run(command)
            found[name].append(seconds)
            peaks[name].append(peak)
            outs[name] = out
    return {
        n: (
            statistics.median(s[BY] for s in found[n]),
            max(peaks[n]),
            [s[BY] for s in found[n]],
            outs[n],
            [s[0] for s in found[n]],
        )
        for n in commands
    }


def ratio(found, a, b):
    """The median of a's wall over b's, round by round."""
    return statistics.median(x / y for x, y in zip(found[a][2], found[b][2], strict=True))


SAID = []  # what was printed, for the page


def say(line=""):
    print(line, flush=True)
    SAID.append(line)


def table(head, rows):
    say(f"\n| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for row in rows:
        say(f"| {' | '.join(map(str, row))} |")


def began(options, *more):
    """Least seconds of goldwire, and of the floor, over one short document: what they cost before any work."""
    folder = options.work / "tiny"
    workload("write", folder, docs=1, tokens=False, seed=options.seed)
    found = rounds({"ours": goldwire(folder, *more), "floor": peer("floor", folder)}, 2 * options.times)
    return min(found["ours"][2]), min(found["floor"][2])


def small(options):
    """The obvious implementation, in everything, before anything is timed."""
    for shuffle in (False, True):
        folder = options.work / f"small-{shuffle}"
        manifest = workload("write", folder, docs=60, shuffle=shuffle, seed=options.seed)
        found = hits(run(goldwire(folder, "--schemes"))[2])
        assert found["strict"] == manifest["strict"], (found, manifest)
        if not shuffle:
            slow = json.loads(run(peer("obvious", folder))[2])
            assert found == slow, (found, slow)
    say("60 documents, in order and shuffled: all schemes equal to the obvious implementation")


SLOW = ("seqeval", "sklearn", "spacy")  # on the smaller corpus alone: on the larger one they take minutes


def spans(options):
    """Corpora, with and without tokens, by everybody."""
    for docs, tokens in [(docs, tokens) for docs in options.docs for tokens in (True, False)]:
        folder = options.work / f"docs-{docs}-{'tokens' if tokens else 'bare'}"
        manifest = workload("write", folder, docs=docs, tokens=tokens, seed=options.seed)
        workload("write_parquet", folder)
        names = ["nervaluate", *(["metametric", *SLOW] if tokens and docs <= 1000 else [])]
        names = [n for n in names if n in options.peers]
        commands = {
            "floor (msgspec)": peer("floor", folder),
            "goldwire, four schemes": goldwire(folder, "--schemes"),
            "goldwire, four schemes, in Python": ["GOLDWIRE_PURE=1", *goldwire(folder, "--schemes")],
            "goldwire, strict and exact": goldwire(folder),
            "goldwire, four schemes, --jobs 2": goldwire(folder, "--schemes", "--jobs", "2"),
            "goldwire, four schemes, Parquet": goldwire(folder, "--schemes", suffix="parquet"),
            "goldwire, strict and exact, Parquet": goldwire(folder, suffix="parquet"),
            **{name: peer(name, folder) for name in names},
        }
        found = rounds(commands, options.times)
        ours = hits(found["goldwire, four schemes"][3])
        for name in commands:
            if name.startswith("goldwire"):
                got = hits(found[name][3])
                assert got == {k: ours[k] for k in got}, name
        same = {found[f"goldwire, four schemes{x}"][3] for x in ("", ", --jobs 2", ", in Python")}
        assert len(same) == 1, "the output is not the same to the byte"
        assert ours["strict"] == manifest["strict"], (ours, manifest)
        if "metametric" in found:
            assert json.loads(found["metametric"][3])["strict"] == manifest["strict"]
        if "nervaluate" in found:
            theirs = json.loads(found["nervaluate"][3])  # greedy: never more, and close
            assert all(0.99 * ours[k] <= theirs[k] <= ours[k] for k in ours), (ours, theirs)
        size = sum((folder / f"{side}.jsonl").stat().st_size for side in ("gold", "pred")) / 1e6
        say(
            f"\n**{docs:,} documents {'with' if tokens else 'without'} tokens, {size:.0f} MB, "
            f"{manifest['gold']:,} and {manifest['pred']:,} spans**"
        )
        first = "nervaluate" if "nervaluate" in found else ""
        head = ["", "seconds", "peak MiB", "of the floor", *(["nervaluate is slower by"] if first else [])]
        rows = []
        for name in commands:
            wall, peak, *_ = found[name]
            more = [f"{ratio(found, first, name):.1f}"] if first else []
            rows.append(
                (name, f"{wall:.2f}", f"{peak:.0f}", f"{ratio(found, name, 'floor (msgspec)'):.2f}", *more)
            )
        table(head, rows)
        one, two = (f"goldwire, four schemes{x}" for x in ("", ", --jobs 2"))
        faster = statistics.median(x / y for x, y in zip(found[one][4], found[two][4], strict=True))
        say(f"\n--jobs 2 by wall time: {faster:.2f} times as fast as one process")


def growth(options):
    """Size by size: the exponent of seconds less start-up, and the peak; at the largest also with two processes.

    The least of some runs is taken for the exponent: the smallest corpus takes less than start-up varies.
    """
    start, _ = began(options, "--schemes")
    rows, points, found = [], [], {}
    for docs in options.sizes:
        folder = options.work / f"docs-{docs}-bare"
        manifest = workload("write", folder, docs=docs, tokens=False, seed=options.seed)
        commands = {"ours": goldwire(folder, "--schemes")}
        if docs == max(options.sizes):
            commands["two"] = goldwire(folder, "--schemes", "--jobs", "2")
        found = rounds(commands, options.times)
        assert all(hits(x[3])["strict"] == manifest["strict"] for x in found.values())
        points.append((docs, min(found["ours"][2]) - start))
        rows.append(
            (
                f"{docs:,}",
                f"{found['ours'][0]:.2f}",
                f"{min(found['ours'][2]):.2f}",
                f"{found['ours'][1]:.0f}",
            )
        )
    faster = statistics.median(x / y for x, y in zip(found["ours"][4], found["two"][4], strict=True))
    folder = options.work / "mixed"
    manifest = workload("write", folder, docs=options.sizes[1], tokens=False, shuffle=True, seed=options.seed)
    mixed = rounds({"ours": goldwire(folder, "--schemes")}, options.times)["ours"]
    assert hits(mixed[3])["strict"] == manifest["strict"]
    rows.append(
        (
            f"{options.sizes[1]:,}, one side shuffled",
            f"{mixed[0]:.2f}",
            f"{min(mixed[2]):.2f}",
            f"{mixed[1]:.0f}",
        )
    )
    say(f"\n**Growth, four schemes, without tokens**; start-up at least {start:.2f} s")
    table(["documents", "seconds", "at least", "peak MiB"], rows)
    say(
        f"\nExponent of the least seconds less start-up from {points[0][0]:,} to {points[-1][0]:,}: {slope(points):.3f}. "
        f"--jobs 2 at {points[-1][0]:,} by wall time: {faster:.2f} times as fast as one process"
    )


def slope(points):
    """The exponent from the first point to the last; what is below a millisecond counts as one."""
    (a, x), (b, y) = ((size, max(seconds, 0.001)) for size, seconds in (points[0], points[-1]))
    return math.log(y / x) / math.log(b / a) if b > a else math.nan


WAYS = {
    "strict and exact": [],
    "four schemes": ["--schemes"],
    "overlap@0.5": ["--match", "overlap@0.5"],
    "partial": ["--match", "partial"],
}


def long(options):
    """One document of 50,000 spans, of each kind; and the plain one size by size."""
    commands, manifests = {}, {}
    for kind in KINDS:
        folder = options.work / f"long-{kind}"
        manifests[kind] = workload("write", folder, tokens=False, long=kind, seed=options.seed)
        commands[f"{kind}, floor"] = peer("floor", folder)
        for way, more in WAYS.items():
            commands[f"{kind}, {way}"] = goldwire(folder, *more)
    start, empty = began(options, "--schemes")
    found = rounds(commands, options.times)
    rows = []
    for name in commands:
        kind, _, way = name.partition(", ")
        if way == "floor":
            continue
        if way in ("strict and exact", "four schemes"):
            assert hits(found[name][3])["strict"] == manifests[kind]["strict"], name
        floor = found[f"{kind}, floor"][0]
        rows.append(
            (
                name,
                f"{found[name][0]:.2f}",
                f"{ratio(found, name, f'{kind}, floor'):.1f}",
                f"{(found[name][0] - start) / (floor - empty):.1f}",
                f"{ratio(found, name, f'plain, {way}'):.2f}",
                f"{found[name][1]:.0f}",
                lacking(found[name][3]),
            )
        )
    say("\n**One document of a million characters and 50,000 spans**")
    say(
        f"\nStart-up {start:.2f} s; floor with its own start-up {found['plain, floor'][0]:.2f} s, of it {empty:.2f} s."
    )
    head = ["", "seconds", "of the floor", "both without start-up", "of plain", "peak MiB", "lacks at most"]
    table(head, rows)
    points = []
    for size in (1000, 5000, 50_000):
        folder = options.work / f"plain-{size}"
        workload("write", folder, tokens=False, long="plain", spans=size, chars=20 * size, seed=options.seed)
        found = rounds({"x": goldwire(folder, "--schemes")}, options.times)["x"]
        points.append((size, min(found[2]) - start))
    said = ", ".join(f"{size:,}: {seconds:.3f} s" for size, seconds in points)
    say(f"\nPlain, four schemes, less start-up, by spans: {said}; exponent {slope(points):.2f}")


def lacking(out):
    """What share of the hits counted the best pairing may have more, in per cent."""
    found = json.loads(out)
    held = {(r["metric"], r["match"]): r["r_hit"] for r in found["rows"] if r["label"] == "micro"}
    shares = [100 * x["hits"] / held[x["metric"], x["match"]] for x in found["lacking"]]
    return f"{max(shares):.2f} %" if shares else "nothing"


def coref(options):
    """Clusters of one document, so many mentions."""
    rows = []
    for mentions in (1000, 2000, 4000, 8000, 50_000):
        folder = options.work / f"coref-{mentions}"
        workload("write_clusters", folder, mentions=mentions, seed=options.seed)
        peers = [] if mentions > 8000 else ["scorch", *(["coval"] if options.coval else [])]
        peers = [p for p in peers if p in [*options.peers, "coval"]]
        names = ["goldwire_coref", "goldwire_ceafe", *peers]
        times = {name: [] for name in names}
        results = {}
        for _ in range(options.times):
            for name in names:
                more = [options.coval] if name == "coval" else []
                results[name] = json.loads(run(peer(name, folder, *more))[2])
                times[name].append(results[name]["seconds"])
        for name in peers:
            for key in results[name].keys() - {"seconds"}:
                ours = results["goldwire_coref"][key]
                assert abs(results[name][key] - ours) < 1e-9, (name, key, results[name][key], ours)
        each = {name: statistics.median(times[name]) for name in times}
        rows.append(
            (
                mentions,
                *(
                    f"{1000 * each[n]:.1f}" if n in each else ""
                    for n in ("goldwire_coref", "goldwire_ceafe", "scorch", "coval")
                ),
            )
        )
    say(
        "\n**Coreference, one document**, milliseconds without start-up: all metrics and CEAFe alone; "
        "scorch MUC, B³, CEAFe; coval CEAFe"
    )
    table(["mentions", "goldwire, all", "goldwire, CEAFe", "scorch", "coval, CEAFe"], rows)


def rich(options):
    """Records with events, numbers and quotations: the scorer of all layers, which holds whole documents."""
    rows = []
    for docs in (20, 40, 80):
        folder = options.work / f"rich-{docs}"
        workload("write_rich", folder, docs=docs, seed=options.seed)
        wall, peak, *_ = rounds({"x": goldwire(folder, "--interval", "none")}, min(options.times, 3))["x"]
        rows.append((docs, f"{wall:.2f}", f"{peak:.0f}"))
    say("\n**Events, actors, numbers and quotations**, every metric (the general scorer)")
    table(["documents", "seconds", "peak MiB"], rows)


def statistics_(options):
    """Intervals and tests over 1,000 documents and 12 labels, against a loop over one column."""
    import random

    import numpy as np

    from goldwire.evaluate import resample, significance

    rng = np.random.default_rng(options.seed)
    a = rng.integers(0, 9, (1000, 12, 4)).astype(float)
    b = np.maximum(a - rng.integers(0, 2, a.shape), 0)
    rows = []
    for name, ours, naive in (
        (
            "paired bootstrap",
            lambda: resample.paired(a, b),
            lambda: _bootstrap(random.Random(1), a[:, 0], b[:, 0]),
        ),
        (
            "randomisation",
            lambda: significance.randomisation(a, b),
            lambda: _exchange(random.Random(1), a[:, 0], b[:, 0]),
        ),
    ):
        pairs = []
        for _ in range(options.times):
            pairs.append([])
            for function in ours, naive:
                begun = time.perf_counter()
                function()
                pairs[-1].append(time.perf_counter() - begun)
        pairs = [(p, q * 10_000 / NAIVE) for p, q in pairs]
        x, y = (statistics.median(column) for column in zip(*pairs, strict=True))
        rows.append((name, f"{x:.2f}", f"{y:.2f}", f"1/{statistics.median(q / p for p, q in pairs):.0f}"))
    say("\n**10,000 resamples of 1,000 documents**: 12 labels at once, and one column in plain Python")
    table(["", "goldwire, 12 labels", "plain Python, 1", "ratio"], rows)


def _f1(row):
    return 2 * row[0] * row[2] / (row[0] * row[3] + row[2] * row[1]) if row[0] and row[2] else 0.0


NAIVE = 500  # resamples of the plain loops, which all cost the same; their time is taken for 10,000


def _bootstrap(rng, a, b):
    """The definition, as one would write it."""
    rows = [(tuple(x), tuple(y)) for x, y in zip(a.tolist(), b.tolist(), strict=True)]
    found = []
    for _ in range(NAIVE):
        sums = [0.0] * 8
        for x, y in rng.choices(rows, k=len(rows)):
            for i in range(4):
                sums[i] += x[i]
                sums[4 + i] += y[i]
        found.append(_f1(sums[:4]) - _f1(sums[4:]))
    return sorted(found)


def _exchange(rng, a, b):
    rows = [(tuple(x), tuple(y)) for x, y in zip(a.tolist(), b.tolist(), strict=True)]
    found = 0.0
    for _ in range(NAIVE):
        sums = [0.0] * 8
        for x, y in rows:
            if rng.random() < 0.5:
                x, y = y, x
            for i in range(4):
                sums[i] += x[i]
                sums[4 + i] += y[i]
        found += _f1(sums[:4]) - _f1(sums[4:])
    return found


def startup(options):
    """``goldwire --help`` against a typer application of one empty command; and `check` of the gold."""
    empty = options.work / "empty.py"
    empty.write_text(
        "import typer\napp = typer.Typer(add_completion=False, rich_markup_mode=None)\n"
        "@app.command()\ndef empty() -> None: pass\napp()\n"
    )
    gold = "from goldwire.annotate.files import packaged; print(packaged('corpus') / 'gold')"
    folder = subprocess.run(
        [sys.executable, "-P", "-c", gold], capture_output=True, text=True, check=True
    ).stdout.strip()
    found = rounds(
        {
            "an empty typer application, --help": [sys.executable, str(empty), "--help"],
            "goldwire --help": [*GOLDWIRE, "--help"],
            "goldwire check of the gold": [*GOLDWIRE, "check", folder],
        },
        3 * options.times,
    )
    say("\n**Start**")
    first = next(iter(found))
    table(
        ["", "seconds", "ratio"],
        [(n, f"{x[0]:.2f}", f"{ratio(found, n, first):.2f}") for n, x in found.items()],
    )


def profile(options):
    """Where the time goes: every function of goldwire and of the libraries, by its own time."""
    folder = options.work / "docs-1000-tokens"
    workload("write", folder, docs=1000, seed=options.seed)
    code = (
        "import cProfile, pstats, sys\n"
        "from goldwire.evaluate.stream import engines, result\n"
        f"gold, pred = (f'{folder}/{{x}}.jsonl' for x in ('gold', 'pred'))\n"
        "result.streamed(gold, pred, schemes=True)\n"
        "run = cProfile.Profile()\n"
        "run.runcall(result.streamed, gold, pred, schemes=True)\n"
        "found = pstats.Stats(run).stats\n"
        "whole = sum(row[2] for row in found.values())\n"
        "for (path, line, name), row in sorted(found.items(), key=lambda x: -x[1][2])[:14]:\n"
        "    place = path.replace('\\\\', '/').rpartition('/')[2].removesuffix('.py')\n"
        '    print(f\'{100 * row[2] / whole:5.1f} %  {row[0]:>8} calls  {name if place == "~" else place + "." + name}\')\n'
    )
    out = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True
    ).stdout
    say("\n**Where the time goes**: four schemes, 1,000 documents with tokens, by a function's own time")
    say(f"\n```text\n{out.rstrip()}\n```")


BEGIN, END = "<!-- begin: written by benchmarks/speed.py -->", "<!-- end -->"
PARTS = {
    "start": startup,
    "spans": spans,
    "growth": growth,
    "long": long,
    "coref": coref,
    "statistics": statistics_,
    "rich": rich,
    "profile": profile,
}
PEERS = ("nervaluate", "metametric", "seqeval", "sklearn", "spacy", "scorch")
LIBRARIES = "nervaluate seqeval spacy metametric scikit-learn scorch msgspec numpy scipy pyarrow".split()


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--docs", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 50_000])
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--peers", default=",".join(PEERS))
    parser.add_argument("--coval", default="", help="folder of a copy of ns-moosavi/coval")
    parser.add_argument("--work", type=Path, default=Path("build/bench"))
    parser.add_argument("--cpu", action="store_true", help="processor seconds, on a busy machine")
    parser.add_argument("--write", type=Path, default=None, help="page in which to put what is printed")
    options = parser.parse_args()
    globals()["BY"] = int(options.cpu)
    options.peers = options.peers.split(",")
    options.work = options.work.resolve()
    options.work.mkdir(parents=True, exist_ok=True)
    say(
        f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores ({machine()}), {platform.system()}, "
        f"Python {platform.python_version()}; "
        + ", ".join(f"{name} {version(name)}" for name in ("goldwire", *LIBRARIES) if installed(name))
        + f"; {options.times} rounds, in turn, medians of {'processor' if options.cpu else 'wall'} seconds"
    )
    small(options)
    begun = time.perf_counter()
    for name in options.only.split(","):
        PARTS[name](options)
        if options.write:
            written(options.write)
    print(f"\n{(time.perf_counter() - begun) / 60:.0f} minutes")


def written(path):
    """Put what was printed so far into a page, in place of what an earlier run put there."""
    page = path.read_text(encoding="utf-8")
    before, after = page.partition(BEGIN)[0], page.partition(END)[2]
    path.write_text(f"{before}{BEGIN}\n\n" + "\n".join(SAID) + f"\n\n{END}{after}", encoding="utf-8")


def machine():
    """What this runs on, as far as the system says."""
    try:
        rows = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next(row.partition(":")[2].strip() for row in rows if row.startswith("model name"))
        memory = Path("/proc/meminfo").read_text(encoding="utf-8").split()[1]
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()
    return f"{model}, {int(memory) / 2**20:.0f} GiB"


def installed(name):
    try:
        return bool(version(name))
    except ModuleNotFoundError:
        return False


if __name__ == "__main__":
    main()
