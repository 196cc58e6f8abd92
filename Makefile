# The two commands of the README, and what they are made of.
#   make demo   install what is missing, build, ingest corpora/, say where to look
#   make test   install what is missing, check style, lints and docs, run every test

PACKAGES := g++ pkg-config libtesseract-dev libleptonica-dev tesseract-ocr-vie
OUT ?= out

.PHONY: demo test setup build lint bench accuracy

demo: build
	target/release/sohoa ingest corpora/scans -o $(OUT)
	@echo
	@echo "Each scan has its plan in $(OUT)/NAME.json and its text in $(OUT)/NAME.txt."
	@echo "Compare with corpora/gold/, for example:"
	@echo "  diff corpora/gold/$$(ls corpora/gold | head -n 1 | cut -d. -f1).gold.txt $(OUT)/$$(ls corpora/gold | head -n 1 | cut -d. -f1).txt"

build: setup
	cargo build --release --locked

test: setup lint
	cargo test --locked

lint: setup
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps

setup:
	@scripts/install-packages $(PACKAGES)

bench: build
	cargo bench --locked

accuracy: build
	benches/accuracy
