"""Place new people in the segments of a study."""

from __future__ import annotations

import typer

commands = typer.Typer()
