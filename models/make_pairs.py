#!/usr/bin/env python3
"""Makes pairs of printed and read lines, from which the channels of the repair stage are learned.

  make_pairs.py CORPUS OUT.jsonl [--pages 150] [--split train|dev] [--seed 1] [--text FILE...]

Lines of the training corpus are typeset in a Times-like font on A4 pages, degraded as scans are, and read by
Tesseract with the wrong language (eng) and with the right one (vie). Each line of OUT is one line of print:
{"page": n, "printed": "...", "eng": [[word, confidence], ...], "vie": [...]}. Needs Pillow and numpy (PyPI), xz,
tesseract with eng and vie, fonts-liberation2 (version 1 has no Vietnamese) and fonts-freefont-ttf. The same arguments
give the same pictures. Half of the pages, chosen by --seed, are read as English only, whose damage takes more pairs to learn.

The split: lines whose CRC-32 is 0 modulo 64 are for development; the language model isn't trained on them, and
the channels only on the others. --text takes the lines from plain files instead (held-out text, for measuring).
"""
import argparse
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy
from PIL import Image, ImageDraw, ImageFilter, ImageFont

# Faces drawn after Times, which nearly all office papers are set in: folder, and the files of each style.
FACES = {
    "liberation": ("/usr/share/fonts/truetype/liberation2/LiberationSerif-{}.ttf", "Regular", "Italic", "Bold", "BoldItalic"),
    "free": ("/usr/share/fonts/truetype/freefont/FreeSerif{}.ttf", "", "Italic", "Bold", "BoldItalic"),
}
FACE_OF_PAGE = ["liberation"] * 3 + ["free"]
STYLE_OF_LINE = [0] * 10 + [1] * 4 + [2] * 4 + [3] * 2
# Source, and its share of the pages.
SOURCES = [("train_office.txt.xz", 0.5), ("train_legal_admin.txt.xz", 0.35), ("train_general_viwiki.txt.xz", 0.15)]
LINES_PER_PAGE = 42


def wanted(line, split):
    development = zlib.crc32(line.encode()) % 64 == 0
    return development == (split == "dev") and 2 <= len(line.split()) and "\u200b" not in line


def paragraphs(corpus, pages, split, chance):
    """Paragraphs for about so many pages: stretches of each source, so that documents stay recognisable."""
    for name, share in SOURCES:
        text = subprocess.run(["xz", "-dc", Path(corpus) / name], check=True, capture_output=True).stdout.decode()
        lines = [line for line in text.split("\n") if wanted(line, split)]
        for _ in range(round(pages * share)):
            start = chance.randrange(len(lines))
            yield lines[start:start + LINES_PER_PAGE]


def layout(lines, chance, dpi):
    """Typeset lines of one page: (text, font)."""
    width = round(dpi * 6.5)
    size = chance.choice([11, 12, 13, 13, 14, 14])
    path, *styles = FACES[chance.choice(FACE_OF_PAGE)]
    out = []
    for paragraph in lines:
        font = ImageFont.truetype(path.format(styles[chance.choice(STYLE_OF_LINE)]), round(size * dpi / 72))
        if len(paragraph) < 120 and chance.random() < 0.3:
            paragraph = paragraph.upper()
        line = ""
        for word in paragraph[:900].split():
            longer = f"{line} {word}".strip()
            if font.getlength(longer) > width and line:
                out.append((line, font))
                line = word
            else:
                line = longer
        out.append((line, font))
        if len(out) >= LINES_PER_PAGE:
            break
    return out[:LINES_PER_PAGE]


def picture(lines, chance, dpi):
    """The page as a scan would show it, and the middle of each line in pixels."""
    page = Image.new("L", (round(8.27 * dpi), round(11.69 * dpi)), 255)
    draw = ImageDraw.Draw(page)
    pitch = round(dpi * 9.8 / LINES_PER_PAGE)
    middles = []
    for row, (line, font) in enumerate(lines):
        top = round(dpi * 0.8) + row * pitch
        draw.text((round(dpi * 1.1), top), line, font=font, fill=chance.randrange(0, 90))
        middles.append(top + font.size * 0.62)
    return spoil(page, chance, dpi), middles


def spoil(page, chance, dpi):
    """Print, copy and scan: skew, fat or thin strokes, blur, noise, holes in the ink, threshold, speckle, JPEG."""
    noise = numpy.random.default_rng(chance.randrange(2**32))
    if chance.random() < 0.5:
        page = page.rotate(chance.gauss(0, 0.25), Image.Resampling.BICUBIC, fillcolor=255)
    stroke = chance.random()
    if dpi >= 250 and stroke < 0.4:  # at less, one pixel is half a stroke
        page = page.filter(ImageFilter.MinFilter(3) if stroke < 0.25 else ImageFilter.MaxFilter(3))
    page = page.filter(ImageFilter.GaussianBlur(chance.uniform(0.3, 1.3) * dpi / 200))
    grey = numpy.asarray(page, dtype=float)
    if chance.random() < 0.3:  # worn toner: soft spots a few pixels wide
        coarse = noise.normal(0, 1, (page.height // 3 + 1, page.width // 3 + 1)).repeat(3, 0).repeat(3, 1)
        grey = grey + chance.uniform(20, 60) * coarse[:page.height, :page.width] * (grey < 200)
    grey = grey + noise.normal(0, chance.choice([4, 12, 25, 40]), grey.shape)
    if chance.random() < 0.7:  # bitonal, as office scanners write
        grey = numpy.where(grey < chance.uniform(90, 210), 0, 255)
        grey[noise.random(grey.shape) < chance.choice([0, 0, 0.0005, 0.002])] = 0
    page = Image.fromarray(grey.clip(0, 255).astype("uint8"))
    if chance.random() < 0.3:
        packed = io.BytesIO()
        page.save(packed, "JPEG", quality=chance.randrange(20, 70))
        page = Image.open(packed).convert("L")
    return page


def read(path, language):
    """Words of a page: (text, confidence, middle)."""
    run = subprocess.run(["tesseract", path, "-", "--psm", "6", "-l", language, "tsv"], check=True, capture_output=True,
                         env={**os.environ, "OMP_THREAD_LIMIT": "1"})
    words = []
    for row in run.stdout.decode().split("\n")[1:]:
        cells = row.split("\t")
        if len(cells) == 12 and cells[0] == "5" and cells[11].strip():
            words.append((cells[11], float(cells[10]) / 100, int(cells[7]) + int(cells[9]) / 2, tuple(cells[2:5])))
    return words


def assign(words, middles, reach):
    """The words of each typeset line. What Tesseract calls a line goes as a whole to the nearest."""
    rows = [[] for _ in middles]
    lines = {}
    for word in words:
        lines.setdefault(word[3], []).append(word)
    for line in lines.values():
        middle = sorted(word[2] for word in line)[len(line) // 2]
        nearest = min(range(len(middles)), key=lambda row: abs(middles[row] - middle))
        if abs(middles[nearest] - middle) < reach:
            rows[nearest] += [(text, round(confidence, 4)) for text, confidence, _, _ in line]
    return rows


def one_page(job):
    number, lines, seed, both = job
    chance = random.Random(seed)
    dpi = chance.choice([150, 200, 200, 200, 250, 300])
    languages = ("eng", "vie") if both or chance.random() < 0.5 else ("eng",)
    lines = layout(lines, chance, dpi)
    page, middles = picture(lines, chance, dpi)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "page.png")
        page.save(path, dpi=(dpi, dpi))
        rows = {language: assign(read(path, language), middles, dpi * 0.12) for language in languages}
    return [{"page": number, "printed": line, "eng": eng, "vie": vie}
            for (line, _), eng, vie in zip(lines, rows["eng"], rows.get("vie", [[] for _ in lines]))]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("corpus")
    arguments.add_argument("out")
    arguments.add_argument("--pages", type=int, default=150)
    arguments.add_argument("--split", choices=["train", "dev"], default="train")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--jobs", type=int, default=1)
    arguments.add_argument("--both", action="store_true", help="read every page in both languages")
    arguments.add_argument("--text", nargs="*")
    options = arguments.parse_args()
    chance = random.Random(options.seed)
    if options.text:
        pages = []
        for path in options.text:
            lines = [line for line in Path(path).read_text(encoding="utf-8").split("\n") if len(line.split()) >= 4]
            pages.append(lines[:LINES_PER_PAGE])
    else:
        pages = list(paragraphs(options.corpus, options.pages, options.split, chance))
    jobs = [(number, lines, chance.randrange(2**32), options.both) for number, lines in enumerate(pages, 1)]
    chance.shuffle(jobs)  # a run that is cut short has pages of every source
    with open(options.out, "w", encoding="utf-8") as out, ThreadPoolExecutor(options.jobs) as pool:
        for rows in pool.map(one_page, jobs):
            for row in rows:
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
            out.flush()


if __name__ == "__main__":
    sys.exit(main())
