"""``goldwire git-setup``."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Annotated

import typer

ATTRIBUTES = """\
# Annotations merge by content, and records are compared as annotation lines (goldwire git-setup).
{lines} merge=goldwire
{records} diff=goldwire-record
"""
# The hook looks at what is about to be committed, not at what lies in the folder, and changes nothing.
HOOK = """\
#!/bin/sh
# Installed by goldwire git-setup: canonical form and rules, before every commit.
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
git diff --cached --name-only --diff-filter=ACMR -z -- '{lines}' |
    git checkout-index -z --stdin --prefix="$folder/staged/" || exit 1
cd "$folder/staged" 2>/dev/null || exit 0
find . -type f -print0 | xargs -0 goldwire fmt --check >"$folder/said"
status=$?
sed 's|^\\./|not formatted, run goldwire fmt: |' "$folder/said" >&2
[ $status = 0 ] && find . -type f -print0 | xargs -0 goldwire check
"""


def git_setup(
    folder: Annotated[Path, typer.Argument(help="A git repository.")] = Path(),
    lines: Annotated[str, typer.Option(help="Which files are annotation lines.")] = "gold/*.jsonl",
    records: Annotated[str, typer.Option(help="Which files are records.")] = "data/*.jsonl",
    hook: Annotated[bool, typer.Option(help="Install the hook that checks before every commit.")] = True,
) -> None:
    """Install the merge driver, the text form of records, and the hook, in one repository."""
    from goldwire.annotate import files
    from goldwire.annotate.problems import Problem, ProblemError

    def git(*words: str) -> str:
        done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=False)
        if done.returncode:
            raise ProblemError(Problem(str(folder), 0, "git", done.stderr.strip() or "git failed"))
        return done.stdout.strip()

    top = Path(git("rev-parse", "--show-toplevel"))
    path = Path(folder / git("rev-parse", "--git-path", "hooks/pre-commit"))
    if hook and path.exists() and b"goldwire git-setup" not in files.read_bytes(path):
        raise ProblemError(Problem(str(path), 0, "hook", "another hook is there; call goldwire from it"))
    attributes = top / ".gitattributes"
    old = files.read_bytes(attributes) if attributes.exists() else b""
    new = ATTRIBUTES.format(lines=lines, records=records).encode()
    if new not in old:
        apart = b"\n" if old and not old.endswith(b"\n") else b""
        files.write_bytes(attributes, old + apart + new, was=old if attributes.exists() else None)
        print(f"{attributes}: written")
    if hook:
        files.write_bytes(path, HOOK.format(lines=lines).encode())
        files.runnable(path)
        print(f"{path}: written")
    git("config", "merge.goldwire.name", "annotations, merged by content")
    git("config", "merge.goldwire.driver", "goldwire merge --name %P %O %A %B")
    git("config", "diff.goldwire-record.textconv", "goldwire show --lines")
