"""JSON files of other tools."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from persona.errors import QuestionnaireError, error


def load_json(path: Path) -> Any:
    """The values of a JSON file.

    Raises
    ------
    QuestionnaireError
        When it cannot be read or does not parse.
    """
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except json.JSONDecodeError as trouble:
        problem = error(
            "import.json", "The file is not valid JSON: {trouble}.", file=str(path),
            line=trouble.lineno, position=trouble.colno, values={"trouble": trouble.msg},
        )  # fmt: skip
    except (OSError, UnicodeDecodeError, RecursionError) as trouble:
        problem = error("import.unreadable", "The file cannot be read: {why}.", file=str(path),
                        values={"why": trouble})  # fmt: skip
    raise QuestionnaireError(problem)
