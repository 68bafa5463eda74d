"""Slides of one persona: blocks with what sets it apart; its needs, motives and channels."""

from __future__ import annotations

from math import ceil

from persona.report.native_charts import bars
from persona.report.sections.comparison import Comparison
from persona.report.sections.persona_parts import Part
from persona.report.sections.personas import PersonaView
from persona.report.slides import INNER, MARGIN, Line, Slides

_LINES_OF_BLOCK = 3
_BARS = 6
_IN_A_ROW = 4
_ROWS = 4
_STEPS = 7


def persona_slide(slides: Slides, persona: PersonaView, differences: Comparison | None) -> None:
    """The blocks on the left, what sets the persona apart as a chart on the right."""
    slide = slides.add(persona.name, persona.colour)
    size = " · ".join(one for one in (persona.size, persona.size_note, persona.worth) if one)
    head = [
        (persona.summary, 15, False, slides.colours["ink"]),
        (size, 12, True, persona.colour),
    ]
    slides.text(slide, (MARGIN, 1.12, INNER, 0.9), head)
    gaps = _standing_out(persona.segment, differences)
    width = 7.1 if gaps else INNER
    top = 2.05
    for lines in _blocks(slides, persona):
        height = _height(lines, width)
        slides.text(slide, (MARGIN, top, width, height), lines)
        top += height
    if gaps:
        title = slides.say("Furthest from all respondents, in percent of the scale")
        slides.text(slide, (8.0, 2.1, 4.8, 0.4), [(title, 12, True, slides.colours["muted"])])
        shown = [(name, gap, persona.colour) for name, gap in gaps]
        bars(slides, slide, (7.9, 2.4, 4.9, 4.4), shown, "+0%;−0%;0%", title)
    slides.notes(slide, _notes(persona))


def parts_slide(slides: Slides, persona: PersonaView) -> None:
    """Needs, motives, obstacles, channels, journey, situation and promotion, four in a row."""
    if not persona.parts:
        return
    title = slides.say("{name}: needs and channels", name=persona.name)
    slide = slides.add(title, persona.colour)
    rows = [
        persona.parts[start : start + _IN_A_ROW]
        for start in range(0, len(persona.parts), _IN_A_ROW)
    ]
    height = 5.6 / len(rows)
    for at, row in enumerate(rows):
        width = INNER / len(row)
        for place, part in enumerate(row):
            left, top = MARGIN + place * width, 1.25 + at * height
            slides.text(slide, (left, top, width - 0.15, height), _part(slides, part))
    told = slides.say("Not asked: {blocks}.", blocks=persona.not_asked) if persona.not_asked else ""
    if told:
        slides.text(slide, (MARGIN, 6.9, INNER, 0.4), [(told, 11, False, slides.colours["muted"])])
    slides.notes(slide, "\n".join(_evidence(part) for part in persona.parts))


def _part(slides: Slides, part: Part) -> list[Line]:
    """One part in lines: its title, each question small, its first answers with their figures."""
    colours = slides.colours
    lines: list[Line] = [(part.title, 15.0, True, colours["accent"])]
    room = _ROWS if len(part.answers) < 2 else 2
    for answers in part.answers[:2]:
        if answers.question:
            lines.append((_short(answers.question), 10.0, False, colours["muted"]))
        most = _STEPS if part.id == "journey" else room
        for row in answers.rows[:most]:
            sign = f"{row.sign} " if row.sign else ""
            tag = f" – {row.tag}" if row.tag else ""
            lines.append(
                (f"{sign}{row.figure}  {_short(row.text, 70)}{tag}", 13.0, False, colours["ink"])
            )
    quotes = [slides.say("“{text}”", text=_short(text, 140)) for text, _ in part.quotes[:2]]
    lines += [(text, 11.0, False, colours["ink"]) for text in quotes]
    if part.note and part.id != "needs":
        lines.append((part.note, 10.0, False, colours["muted"]))
    return lines


def _short(text: str, most: int = 90) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _evidence(part: Part) -> str:
    """The figures of a part for the speaker: question, base, interval, total."""
    lines = [part.title]
    for answers in part.answers:
        lines.append(" – ".join(one for one in (answers.question, answers.base) if one))
        lines += [f"{row.text}: {row.figure} [{row.brief}]" for row in answers.rows]
    return "\n".join(line for line in (*lines, part.note) if line)


def _blocks(slides: Slides, persona: PersonaView) -> list[list[Line]]:
    """The blocks in lines, one under the other."""
    blocks = [block for block in persona.blocks if block.id != "value" or block.shown]
    most = _LINES_OF_BLOCK if len(blocks) <= 3 else 2
    found = []
    for block in blocks:
        lines: list[Line] = [(block.title, 13.0, True, slides.colours["accent"])]
        if not block.asked:
            words = slides.say("Not asked in this study.")
            lines.append((words, 11.0, False, slides.colours["muted"]))
        for said in block.shown[:most]:
            text = f"{said.sign or '•'} {said.sentence}"
            lines.append((text, 11.0, False, slides.colours["ink"]))
        found.append(lines)
    return found


def _height(lines: list[Line], width: float) -> float:
    """As high as the sentences need, in inches."""
    characters = width * 11.5
    return 0.42 + sum(0.08 + 0.19 * ceil(len(text) / characters) for text, *_ in lines[1:])


def _notes(persona: PersonaView) -> str:
    """The evidence of every statement on the slide, for the speaker."""
    lines = []
    for block in persona.blocks:
        for said in block.shown[:_LINES_OF_BLOCK]:
            lines.append(f"{said.sentence} [{said.question} – {said.short}]")
    lines += [f"{line.name}: {line.figure}" for line in (*persona.values, *persona.certainty)]
    return "\n".join(lines)


def _standing_out(segment: int, differences: Comparison | None) -> list[tuple[str, float]]:
    """Answers on which a segment lies furthest from all others' mean, as parts of the scale."""
    if differences is None:
        return []
    gaps = []
    for row in differences.data["rows"]:
        values, total = row["values"], row["total"]
        mine = values[segment - 1] if segment <= len(values) else None
        if mine is None or total is None:
            continue
        gaps.append((row["answer"] or row["question"], (mine - total) / row["spread"]))
    gaps.sort(key=lambda one: -abs(one[1]))
    first: dict[str, float] = {}
    for name, gap in gaps:
        first.setdefault(name if len(name) <= 44 else name[:43] + "…", gap)
    return list(first.items())[:_BARS]
