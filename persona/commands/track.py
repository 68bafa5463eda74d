"""Read the next wave with the segments of a study."""

from __future__ import annotations

import typer

commands = typer.Typer()
