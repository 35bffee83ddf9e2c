"""Systems of every form, well and badly behaved: each harms its own document and nothing else."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from goldwire.annotate import files
from goldwire.annotate.document import Document, Meta
from goldwire.annotate.problems import ProblemError
from goldwire.evaluate.documents import failures
from goldwire.evaluate.systems import names
from goldwire.evaluate.systems.run import Limits, Outcome, run

COMMAND = ["command", sys.executable, str(Path(__file__).parent / "badly_behaved.py")]


def documents(*texts: str) -> list[Document]:
    return [Document(text, Meta(doc_id=f"d{n}")) for n, text in enumerate(texts, 1)]


def answered(
    tmp_path: Path, system: list[str], *texts: str, **options: object
) -> tuple[list[Document], Outcome]:
    output = str(tmp_path / "pred.jsonl")
    outcome = run(names.find(system), documents(*texts), output, **options)  # type: ignore[arg-type]
    return files.read(output), outcome


WRONG = {
    "hang on": "no answer within 0.5 s",
    "half on": "no answer within 0.5 s, after half a line",
    "die now": "ended with status 3: «out of luck»",
    "abort now": "died of signal SIGABRT",
    "garbage is": "answer is not JSON: «I am fine, thank you»",
    "deep is": "answer is nested too deep",
    "close it": "closed its output",
    "endless is": "answer longer than 300000 bytes",
    "other is": "answers document 'somebody else' when asked about 'd2'",
    "outside of": "spans[0]: ends at 999, the text has 10 characters",
    "edited by": "answer's text differs from the document's at character 0",
}


@pytest.mark.parametrize("text", WRONG)
@pytest.mark.parametrize("batch", [1, 3])
def test_a_failure_is_named_and_the_rest_goes_on(tmp_path: Path, text: str, batch: int) -> None:
    limits = Limits(seconds=0.5, answer=300_000)
    pred, outcome = answered(tmp_path, COMMAND, "Ada left.", text, "Bo came.", limits=limits, batch=batch)
    assert [[s.mention.text for s in d.spans] for d in pred] == [["Ada"], [], ["Bo"]]
    ((doc_id, reason),) = outcome.failed
    assert (doc_id, reason[: len(WRONG[text])]) == ("d2", WRONG[text])
    assert [len(failures(d)) for d in pred] == [0, 1, 0]


def test_a_flood_of_errors_and_an_unasked_line_do_no_harm(tmp_path: Path) -> None:
    pred, outcome = answered(tmp_path, COMMAND, "shout it", "twice is", "Bo came.", limits=Limits(seconds=60))
    assert not outcome.failed
    assert [len(d.spans) for d in pred] == [0, 0, 1]


def test_a_command_that_cannot_start_is_one_problem(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match=r"no-such-program: system: cannot be started: no such file"):
        answered(tmp_path, ["command", "no-such-program"], "Ada left.")


def test_an_unread_input_larger_than_a_pipe(tmp_path: Path) -> None:
    sleeper = ["command", sys.executable, "-c", "import time; time.sleep(60)"]
    _, outcome = answered(tmp_path, sleeper, "x" * 1_000_000, limits=Limits(seconds=0.3))
    assert len(outcome.failed) == 1


MODULE = """
import os, numpy

def spans(text):
    print("noise on standard output")
    return [(0, 3, "PER"), {"start": numpy.int64(0), "end": numpy.int64(1), "label": "X"}]

def record(text):
    return {"numbers": [{"id": "n1", "mention": "s1"}], "spans": []}

def strings(text):
    return ["Ada", "Eva"]

def events(text):
    return {"events": [{"type": "MEET", "trigger": "met", "args": {"party": "Ada"}}]}

def words(text):
    return 'Here: {"actors": [{"type": "PER", "mentions": ["Ada"]}]}'

def halved(text):
    return {"actors": [{"name": "\\ud800"}]}

def picky(text):
    if "bad" in text:
        raise ValueError("cannot read this")
    if "exit" in text:
        os._exit(9)
    return []
"""


@pytest.fixture
def module(tmp_path: Path) -> str:
    path = tmp_path / "mine.py"
    path.write_text(MODULE)
    return str(path)


def test_a_callable_gives_spans(tmp_path: Path, module: str) -> None:
    pred, outcome = answered(tmp_path, [f"{module}:spans"], "Ada left.")
    assert [(s.mention.text, s.label) for s in pred[0].spans] == [("Ada", "PER"), ("A", "X")]
    assert outcome.peak > 1 << 20


def test_strings_are_anchored(tmp_path: Path, module: str) -> None:
    pred, _ = answered(tmp_path, [f"{module}:strings"], "Then Ada left.")
    assert [(s.mention.text, s.mention.start) for s in pred[0].spans] == [("Ada", 5)]
    assert pred[0].extra["unanchored"] == [{"layer": "SPAN", "label": "", "text": "Eva"}]
    pred, _ = answered(tmp_path, [f"{module}:events"], "Then Ada met Bo.")
    assert [(e.type, e.trigger.start) for e in pred[0].events] == [("MEET", 9)]
    pred, _ = answered(tmp_path, [f"{module}:words"], "Then Ada left.")
    assert [m.start for a in pred[0].actors for m in a.mentions] == [5]


def test_half_a_surrogate_pair_in_a_text_is_refused(tmp_path: Path, module: str) -> None:
    with pytest.raises(ProblemError, match=r"d1: lone-surrogate: character 4 is half of a surrogate pair"):
        answered(tmp_path, [f"{module}:picky"], "Ada \ud800 left.")


def test_half_a_surrogate_pair_in_an_answer_fails_its_document(tmp_path: Path, module: str) -> None:
    pred, outcome = answered(tmp_path, [f"{module}:halved"], "Ada left.")
    ((doc_id, reason),) = outcome.failed
    assert (doc_id, pred[0].actors) == ("d1", ())
    assert "half of a surrogate pair" in reason


@pytest.mark.parametrize("batch", [1, 4])
def test_a_callable_that_raises_or_dies(tmp_path: Path, module: str, batch: int) -> None:
    texts = ("one", "bad two", "exit three", "four")
    pred, outcome = answered(tmp_path, [f"{module}:picky"], *texts, batch=batch)
    assert outcome.failed == (("d2", "ValueError: cannot read this"), ("d3", "ended with status 9"))
    assert len(pred) == 4


def test_a_module_that_cannot_be_loaded(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match="cannot be loaded: ModuleNotFoundError: No module"):
        answered(tmp_path, ["nowhere:to_be"], "Ada left.")


def test_an_unknown_system() -> None:
    with pytest.raises(ProblemError, match="nothing-like-it: system: is none of baseline"):
        names.find(["nothing-like-it"])


def test_a_config_of_spacy(tmp_path: Path) -> None:
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler")
    nlp.to_disk(tmp_path / "model")
    pred, outcome = answered(
        tmp_path, [str(tmp_path / "model" / "config.cfg")], "Ada left.", "Bo came.", batch=2
    )
    assert (len(pred), outcome.failed) == (2, ())


def test_a_stopped_run_goes_on(tmp_path: Path) -> None:
    output = str(tmp_path / "pred.jsonl")
    count = tmp_path / "count"
    program = f"""
import sys
for line in sys.stdin:
    open({str(count)!r}, "a").write("x")
    print("[]", flush=True)
"""
    system = names.find(["command", sys.executable, "-c", program])

    def stop(n: int) -> None:
        if n and count.exists() and count.read_text() == "xx":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(system, documents("a", "b", "c", "d"), output, done=stop)
    assert not Path(output).exists()
    with open(f"{output}.journal", "a") as journal:
        journal.write('{"index": 2, "doc')  # what a power cut leaves
    outcome = run(system, documents("a", "b", "c", "d"), output)
    assert (outcome.documents, count.read_text()) == (4, "xxxx")
    assert not Path(f"{output}.journal").exists()


def test_a_command_that_ends_after_each_answer(tmp_path: Path) -> None:
    once = ["command", sys.executable, "-c", "input(); print('[]')"]
    pred, outcome = answered(tmp_path, once, "one", "two", "three")
    assert (len(pred), outcome.failed) == (3, ())


def test_an_interrupt_ends_a_hanging_system_at_once(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(
        '{"text": "Ada left.", "meta": {"doc_id": "d1"}}\n{"text": "hang on", "meta": {"doc_id": "d2"}}\n'
    )
    output = tmp_path / "pred.jsonl"
    command = [sys.executable, "-m", "goldwire", "run", *COMMAND, "--input", str(source), "-o", str(output)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    journal = Path(f"{output}.journal")
    deadline = time.monotonic() + 60
    while not (journal.exists() and journal.read_text().count("\n") == 2) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (130, f"stopped; the same command goes on from {journal}\n")
    assert (journal.read_text().count("\n"), output.exists()) == (2, False)


def test_a_journal_of_other_documents_is_refused(tmp_path: Path) -> None:
    output = str(tmp_path / "pred.jsonl")
    system = names.find([*COMMAND])

    def stop(n: int) -> None:
        if n:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(system, documents("Ada left."), output, done=stop)
    with pytest.raises(ProblemError, match="document 1 is not the one that was answered"):
        run(system, documents("Bo came."), output)
    with pytest.raises(ProblemError, match="is the journal of another run"):
        run(names.find(["command", "cat"]), documents("Ada left."), output)
    assert run(system, documents("Bo came."), output, fresh=True).documents == 1


def test_files_of_the_working_folder_do_not_break_the_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("random", "tempfile", "msgspec"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('shadow')")
    (tmp_path / "plain.py").write_text("def find(text):\n    return [[0, 3, 'PER']]\n")
    monkeypatch.chdir(tmp_path)
    pred, outcome = answered(tmp_path, ["plain:find"], "Ada left.")
    assert ([len(d.spans) for d in pred], outcome.failed) == ([1], ())


def test_the_folder_of_the_output_is_made(tmp_path: Path) -> None:
    output = tmp_path / "new" / "pred.jsonl"
    run(names.find(COMMAND), documents("Ada left."), str(output))
    assert [p.name for p in output.parent.iterdir()] == ["pred.jsonl"]


def test_several_processes_keep_the_order(tmp_path: Path) -> None:
    texts = [f"w{n} came." for n in range(20)]
    pred, _ = answered(tmp_path, COMMAND, *texts, processes=3, batch=2)
    assert [d.text for d in pred] == texts


def test_the_system_sees_text_and_id_alone(tmp_path: Path) -> None:
    gold = files.gold()
    if not gold:
        pytest.skip("no gold in this checkout")
    echo = ["command", sys.executable, "-c", "import sys\nfor l in sys.stdin: print(l, end='', flush=True)"]
    output = str(tmp_path / "pred.jsonl")
    run(names.find(echo), gold, output)
    for document in files.read(output):
        assert not document.events
        assert document.meta == Meta(doc_id=document.meta.doc_id)


def test_a_score_names_the_documents_that_failed(tmp_path: Path) -> None:
    from goldwire.evaluate.report.text import text
    from goldwire.evaluate.scores import score

    pred, _ = answered(tmp_path, COMMAND, "Ada left.", "die now", "Bo came.")
    scores = score(documents("Ada left.", "die now", "Bo came."), pred)
    assert scores.failed == {"d2": "ended with status 3: «out of luck»"}
    assert scores.to_dict()["failed"] == scores.failed
    assert "failed on, all counted as missed: d2 (ended with status 3: «out of luck»)" in text(scores)


def test_a_process_that_is_over_is_not_waited_for(tmp_path: Path) -> None:
    """What it started may live on and hold its output; the time limit here would be reached by waiting."""
    pred, outcome = answered(tmp_path, COMMAND, "Ada left.", "orphan it", "Bo came.")
    assert [len(d.spans) for d in pred] == [1, 0, 1]
    assert outcome.failed == (("d2", "ended with status 4"),)
