#!/usr/bin/env python3
"""Measures `sohoa repair` on pairs that make_pairs.py made of held-out text.

  measure_pairs.py PAIRS.jsonl SOHOA SCORE.py

For each kind of reading (eng: wrong language, vie: right language, bare: marks stripped) the word error rate before
and after, page by page, each line against what is printed; SCORE.py is the project's scorer. Standard library only.
"""
import importlib.util
import json
import subprocess
import sys
import unicodedata


def bare(text):
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def main(pairs, program, scorer):
    spec = importlib.util.spec_from_file_location("score", scorer)
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    pages = {}
    for line in open(pairs, encoding="utf-8"):
        row = json.loads(line)
        pages.setdefault(row["page"], []).append(row)
    for kind in ("eng", "vie", "bare"):
        words = before = after = cased = 0
        for rows in pages.values():
            read = [bare(row["printed"]) if kind == "bare" else " ".join(word for word, _ in row[kind]) for row in rows]
            run = subprocess.run([program, "repair"], input="\n".join(read).encode(), capture_output=True, check=True)
            for row, old, new in zip(rows, read, run.stdout.decode().split("\n"), strict=True):
                gold = score.words(row["printed"])
                words += len(gold)
                before += score.distance(gold, score.words(old))
                after += score.distance(gold, score.words(new))
                cased += score.distance(score.words(row["printed"], False), score.words(new, False))
        print(f"{kind}: {words} words, wer {before / words:.4f} before, {after / words:.4f} after, {cased / words:.4f} with case")


if __name__ == "__main__":
    main(*sys.argv[1:])
