"""Write the lists of people that other systems take."""

from __future__ import annotations

import typer

commands = typer.Typer()
