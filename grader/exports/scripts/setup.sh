#!/usr/bin/env bash
# Makes the image in which submissions are graded: a Python of its own with the grader in it, from the wheels that came
# along, or from the package index where some are missing. AUTOGRADER_ROOT and AUTOGRADER_PYTHON are for tests.
set -eu

root="${AUTOGRADER_ROOT:-/autograder}"
source="$root/source"

# It stands from the first moment on, and until run_autograder knows more.
mkdir -p "$root/results"
cp "$source/not_graded.json" "$root/results/results.json"

# A program that runs as somebody else does not read the hidden cases.
chmod -R go-rwx "$source/course"

python=""
for name in ${AUTOGRADER_PYTHON:-} python3 python3.13 python3.12 python3.11; do
    if "$name" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python="$name"
        break
    fi
done
if [ -z "$python" ]; then
    apt-get update
    apt-get install -y python3.11 python3.11-venv
    python=python3.11
fi

# Debian and Ubuntu keep what venv needs in a package of its own.
if ! "$python" -I -m venv --clear "$root/grader"; then
    version="$("$python" -I -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
    apt-get update
    apt-get install -y "python$version-venv"
    "$python" -I -m venv --clear "$root/grader"
fi

install() {
    "$root/grader/bin/python" -I -m pip install --quiet --disable-pip-version-check "$@" \
        "$source"/wheels/asyncio_grader-*.whl --requirement "$source/packages.txt"
}
if ! install --no-index --find-links "$source/wheels"; then
    echo "not all wheels for this Python are in the zip; the others come from the package index"
    install --find-links "$source/wheels"
fi

# What cannot be loaded here is better known now than at the first submission.
"$root/grader/bin/python" -I -m grader list --course "$source/course"
