"""A second reader whose answers were recorded: a person read each unit and each statement.

    python recorded_reader.py ANSWERS

ANSWERS has a JSON object a line: `pair`, the first 16 hex digits of the SHA-256 of the unit's text, a line feed and the
statement; `answer`; `reason`. What is not recorded is left unanswered.
"""

import hashlib
import json
import sys
from pathlib import Path


def pair(text: str, statement: str) -> str:
    """What a text and a statement are recorded under."""
    return hashlib.sha256(f"{text}\n{statement}".encode()).hexdigest()[:16]


def main(answers: str) -> None:
    """Answer what is asked on standard input."""
    rows = [json.loads(line) for line in Path(answers).read_text(encoding="utf-8").splitlines()]
    recorded = {row["pair"]: row for row in rows}
    for line in sys.stdin:
        asked = json.loads(line)
        row = recorded.get(pair(asked["text"], asked["statement"]))
        if row:
            answer = {"claim": asked["claim"], "unit": asked["unit"], "answer": row["answer"], "reason": row["reason"]}
            print(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1])
