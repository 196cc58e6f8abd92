"""Shared by the scripts of this folder: run a command and measure it, score a text, find outputs by source.

Standard library only; word error rates come from ../shared/eval/score.py, the scorer of the project.
"""
import json
import os
import subprocess
import sys
import threading
import time
import unicodedata
from difflib import SequenceMatcher
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
SOHOA = ROOT / "target/release/sohoa"
PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024


def need(path, hint):
    """Ends the script where something that it works on is absent."""
    if not Path(path).exists():
        sys.exit(f"error: {path} is not there\nhint: {hint}")


def tree_rss_kb(root):
    """Resident memory of a process and all its descendants, in KiB."""
    children = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append((int(stat.parent.name), int(fields[21])))
        except OSError:
            continue
    total, todo = 0, [root]
    try:
        total += int(Path(f"/proc/{root}/statm").read_text().split()[1])
    except OSError:
        return 0
    while todo:
        for pid, pages in children.get(todo.pop(), []):
            total += pages
            todo.append(pid)
    return total * PAGE_KB


def run(command, env=None, check=True):
    """Runs a command; gives wall and CPU seconds, the peak memory of its process tree in MB, and its output."""
    before = os.times()
    start = time.monotonic()
    process = subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               stdin=subprocess.DEVNULL, env={**os.environ, **(env or {})})
    peak = 0
    done = threading.Event()

    def watch():
        nonlocal peak
        while not done.wait(0.05):
            peak = max(peak, tree_rss_kb(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    out, err = process.communicate()
    done.set()
    watcher.join()
    wall = time.monotonic() - start
    after = os.times()
    if check and process.returncode != 0:
        sys.exit(f"error: {' '.join(map(str, command))}: exit code {process.returncode}\n{err.decode()[-2000:]}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return {"wall": wall, "cpu": cpu, "peak_mb": peak / 1024, "code": process.returncode,
            "out": out.decode(errors="replace"), "err": err.decode(errors="replace")}


def score(kind, gold, out):
    """The figures of score.py as a dictionary."""
    done = subprocess.run([sys.executable, SHARED / "eval/score.py", kind, gold, out, "--json"],
                          capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def without_marks(text):
    """Vietnamese without diacritics, as it is typed or read where marks were lost."""
    letters = (c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return "".join(letters).replace("đ", "d").replace("Đ", "D")


def body_wer(gold, out, longest=10):
    """Word error rate where two texts run side by side: stretches in which one has `longest` words more than the other (a heading
    typed anew, a list of recipients left out, a table in another order) are passed over. Not a replacement for `score`: it can't
    see a paragraph that was lost."""
    sys.path.insert(0, str(SHARED / "eval"))
    from score import words
    wanted, found = (words(Path(path).read_text(encoding="utf-8")) for path in (gold, out))
    wrong = total = 0
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, wanted, found, autojunk=False).get_opcodes():
        if abs((i2 - i1) - (j2 - j1)) < longest:
            total += i2 - i1
            wrong += max(i2 - i1, j2 - j1) if tag != "equal" else 0
    return wrong / max(total, 1)


def plans(folder):
    """The plans that sohoa wrote into a folder, by the path of their source."""
    found = {}
    for path in sorted(Path(folder).glob("*.json")):
        found[str(Path(json.loads(path.read_text())["source"]["path"]).resolve())] = path
    return found


def scans():
    """The real scans: (name, PDF, text to compare with)."""
    need(SHARED / "scans", "the scans are not part of the repository; see README")
    for folder in sorted((SHARED / "scans").iterdir()):
        truth = folder / "truth.txt"
        yield folder.name, folder / "scan.pdf", truth if truth.exists() else folder / f"{folder.name}.gold.txt"
