#!/bin/sh
# Print the fictional annual report, both editions: sh print.sh FOLDER (Debian: texlive-latex-base, -recommended, lmodern).
# The dates in the files are fixed, so that the same TeX writes the same bytes.
set -eu
target=$(cd "$1" && pwd)
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export SOURCE_DATE_EPOCH=1740000000 FORCE_SOURCE_DATE=1
pdflatex -interaction=batchmode -output-directory "$work" report.tex > /dev/null
cp "$work/report.pdf" "$target/annual-report-2024.pdf"
pdflatex -interaction=batchmode -output-directory "$work" '\def\revised{}\input{report}' > /dev/null
cp "$work/report.pdf" "$target/annual-report-2024-revised.pdf"
