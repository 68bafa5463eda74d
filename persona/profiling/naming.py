"""Names for segments, made of the short names of what sets each apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set

import numpy as np

from persona.profiling.forms import POSITIVE
from persona.profiling.persona import Form, NameMarker, NameProposal, Statement
from persona.profiling.result import Texts

LONGEST = 60
MARKER = 28
JOIN = " · "
SECOND = 0.25
"""A second marker, of another block, is named when it sets apart at least a quarter as much."""

_YES = frozenset(("yes", "tak", "да", "ja", "oui", "sí", "si", "true", "1"))
_NO = frozenset(("no", "nie", "нет", "nee", "non", "nein", "false", "0"))

_PLAIN = frozenset({*POSITIVE, Form.MOST})


def propose(
    statements: Mapping[int, Sequence[Statement]], languages: Sequence[str]
) -> dict[int, NameProposal]:
    """A name for each segment from its own statements, no two alike in any language.

    The first marker is the trait that sets the segment apart most, chosen so that no two
    segments share it; the second comes from another block. Traits that the
    segment has more than others come first, those with a short name before the rest; a trait
    it has less is marked with an arrow. A segment without any is numbered.

    Parameters
    ----------
    statements : mapping of segment to its statements
    languages : sequence of str

    Returns
    -------
    Proposals by segment; their texts are at most 60 characters.
    """
    ranked = {
        segment: sorted(own, key=lambda one: -_claim(one)) for segment, own in statements.items()
    }
    repeated = _repeated_answers([one for own in ranked.values() for one in own])
    first = _first_markers(ranked)
    proposals = {}
    taken: set[tuple[str, str]] = set()
    named: set[str] = set()
    for segment, own in ranked.items():
        elsewhere = named | {_trait(one) for number, one in first.items() if number != segment}
        options = _options(first.get(segment), own, elsewhere)
        proposal = next(
            (
                made
                for markers in options
                if (made := _proposal(markers, languages, repeated))
                and not taken & set(made.texts.items())
            ),
            NameProposal((), dict.fromkeys(languages, f"№ {segment}")),
        )
        taken |= set(proposal.texts.items())
        spoken = {marker.statement for marker in proposal.markers}
        named |= {_trait(one) for one in own if one.id in spoken}
        proposals[segment] = proposal
    return proposals


def _claim(statement: Statement) -> float:
    """How good a name it makes: telling, had rather than lacked, short to say, not sensitive."""
    evidence = statement.evidence
    if evidence.sensitive or statement.weight <= 0:
        return 0.0
    if statement.form not in _PLAIN:
        return statement.weight * 0.01
    if _denied(statement):
        return statement.weight * 0.02
    worth = 1.0 if evidence.short else 0.4
    if evidence.statistic in ("percent", "top_box", "bottom_box"):
        worth *= evidence.value / 100  # few of the segment would answer to a rare trait
    if evidence.statistic in ("mean", "nps") and not evidence.short:
        worth = 0.2
    if evidence.answer_text == evidence.question_text and not evidence.short:
        worth = 0.1  # a whole question is no name
    # what made the segments says best what they are
    return statement.weight * worth * (1.5 if evidence.basis else 1.0)


def _denied(statement: Statement) -> bool:
    """Whether the trait is a plain "no" to a question."""
    if statement.evidence.category is None or statement.evidence.short:
        return False
    return any(text.casefold() in _NO for text in statement.evidence.answer_text.values())


def _affirmed(statement: Statement) -> bool:
    if statement.evidence.category is None:
        return False
    return any(text.casefold() in _YES for text in statement.evidence.answer_text.values())


def _first_markers(ranked: Mapping[int, Sequence[Statement]]) -> dict[int, Statement]:
    """A trait for each segment, all different, so that together they tell most."""
    from scipy.optimize import linear_sum_assignment

    segments = list(ranked)
    traits = sorted({_trait(one) for own in ranked.values() for one in own})
    if not traits:
        return {}
    place = {trait: i for i, trait in enumerate(traits)}
    claims = np.zeros((len(segments), len(traits)))
    by_trait: dict[tuple[int, int], Statement] = {}
    for i, segment in enumerate(segments):
        for one in ranked[segment]:
            j = place[_trait(one)]
            claims[i, j] = max(claims[i, j], _claim(one))
            by_trait.setdefault((i, j), one)
    rows, columns = linear_sum_assignment(-claims)
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    return {segments[i]: by_trait[(i, j)] for i, j in pairs if claims[i, j] > 0}


def _trait(statement: Statement) -> str:
    evidence = statement.evidence
    more = statement.form in _PLAIN
    return f"{evidence.variable}|{evidence.category}|{'more' if more else 'less'}"


def _options(
    first: Statement | None, own: Sequence[Statement], elsewhere: Set[str]
) -> list[tuple[Statement, ...]]:
    """Combinations of markers, the best first; traits that name other segments come last."""
    if first is None:
        return [(one,) for one in own if _claim(one) > 0]
    others = [
        one for one in own if one.evidence.question != first.evidence.question and _claim(one) > 0
    ]
    others.sort(key=lambda one: _trait(one) in elsewhere)
    good = [
        one
        for one in others
        if one.form in _PLAIN
        and one.evidence.short
        and one.block != first.block  # two traits of one block tend to say the same
        and one.weight >= SECOND * first.weight
        and first.evidence.short
        and _trait(one) not in elsewhere
    ]
    return [*((first, one) for one in good), (first,), *((first, one) for one in others)]


def _proposal(
    markers: Sequence[Statement], languages: Sequence[str], repeated: frozenset[str]
) -> NameProposal | None:
    """The markers with their words; None when they are too long together or say nothing."""
    longest = LONGEST - 2 if len(markers) == 1 else MARKER
    made = tuple(
        NameMarker(
            one.id,
            one.form in _PLAIN and not _denied(one),
            _words(one, languages, repeated, longest),
        )
        for one in markers
    )
    texts = {
        language: JOIN.join(
            _arrow(one, marker) + marker.text[language]
            for one, marker in zip(markers, made, strict=True)
        )
        for language in languages
    }
    if any(not text or len(text) > LONGEST for text in texts.values()):
        return None
    return NameProposal(made, texts)


def _arrow(statement: Statement, marker: NameMarker) -> str:
    """Down for what the segment has less of, up for a number that is higher and has no word."""
    if not marker.more:
        return "↓ "
    number = statement.evidence.statistic in ("mean", "nps") and not statement.evidence.short
    return "↑ " if number else ""


def _words(
    statement: Statement, languages: Sequence[str], repeated: frozenset[str], longest: int
) -> Texts:
    """The short name of a trait, else its answer; with the question where that says too little."""
    evidence = statement.evidence
    return {
        language: _in(evidence.short, language)
        or _begun(_trimmed(_answer(statement, language, repeated), longest))
        for language in languages
    }


def _answer(statement: Statement, language: str, repeated: frozenset[str]) -> str:
    evidence = statement.evidence
    answer = _in(evidence.answer_text, language)
    question = _in(evidence.question_text, language)
    if evidence.category is None or not answer:
        return answer or question
    if _affirmed(statement) or _denied(statement):
        return question
    if answer.casefold() in repeated or len(answer) <= 3:
        room = max(MARKER - len(answer) - 2, 10)
        return f"{_trimmed(question, room)}: {answer}"
    return answer


def _repeated_answers(statements: Sequence[Statement]) -> frozenset[str]:
    """Answers such as "Yes" that belong to several questions and name nobody by themselves."""
    questions: dict[str, set[str]] = {}
    for one in statements:
        for text in one.evidence.answer_text.values():
            questions.setdefault(text.casefold(), set()).add(one.evidence.question)
    counted = Counter({text: len(own) for text, own in questions.items()})
    return frozenset(text for text, count in counted.items() if count > 1)


def _in(texts: Texts, language: str) -> str:
    """The text of a language, else of the first there is."""
    return (texts.get(language) or next(iter(texts.values()), "")).strip()


def _trimmed(text: str, longest: int) -> str:
    """A text cut at a word, with the dots and colons of a questionnaire taken off.

    Examples
    --------
    >>> _trimmed("I like to compare the prices of many shops", 28)
    'I like to compare the…'
    """
    text = " ".join(text.split()).strip(" .…:;,")
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" .,:;") + "…"


def _begun(text: str) -> str:
    """A text with a capital at its beginning, unless its writing means something.

    Examples
    --------
    >>> _begun("cultural offers"), _begun("iPhone users")
    ('Cultural offers', 'iPhone users')
    """
    first = text.split(" ", 1)[0]
    return text[:1].upper() + text[1:] if first == first.lower() else text
