"""Conditions to and from the expressions of XLSForm, LimeSurvey and SurveyJS.

What our grammar cannot say is not guessed: the translation gives None and the reader keeps the
expression as text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from persona.questionnaire.conditions import (
    Comparison,
    Condition,
    ConditionError,
    Every,
    Not,
    parse_condition,
)

_GUARDED = re.compile(r"\(answered\(([\w.-]+)\) and (\1 [!=<>]+ [^\s()]+)\)")
"""A comparison that also asks for an answer, which ours does anyway."""
_TICKED = re.compile(r"([\w.-]+ has [^\s()]+) = 'Y'")
"""How LimeSurvey asks for a chosen option."""
_NAME = r"[^\W\d][\w.-]*"
_XLS_TOKEN = re.compile(
    rf"""\s*(?:
        selected\s*\(\s*(?:\$\{{\s*(?P<chosen>{_NAME})\s*\}}|(?P<path>[./\w-]+))\s*,\s*
            (?P<option>'[^']*'|"[^"]*")\s*\)
      | \$\{{\s*(?P<name>{_NAME})\s*\}}
      | (?P<relative>(?:\.\./)+[\w/.-]+)
      | (?P<number>-?\d+(?:\.\d+)?)
      | (?P<text>'[^']*'|"[^"]*"|‘[^’]*’)
      | (?P<operator><=|>=|!=|=|<|>)
      | (?P<word>and|or|not)\b
      | (?P<bracket>[()])
    )""",
    re.VERBOSE,
)
_JS_TOKEN = re.compile(
    r"""\s*(?:
        \{\s*(?P<name>[\w.-]+)\s*\}
      | (?P<number>-?\d+(?:\.\d+)?)(?![\w])
      | (?P<text>'[^']*'|"[^"]*")
      | (?P<operator><=|>=|!=|<>|==|=|<|>)
      | (?P<word>and|or|not|notempty|empty|contains|anyof|notcontains|&&|\|\||!)(?![\w])
      | (?P<bracket>[()\[\],])
    )""",
    re.VERBOSE,
)
_LIME_TOKEN = re.compile(
    r"""\s*(?:
        (?P<name>(?!and\b|or\b|not\b)[A-Za-z][\w]*(?:\.NAOK|\.shown|\.value)?)
      | (?P<number>-?\d+(?:\.\d+)?)(?![\w])
      | (?P<text>'[^']*'|"[^"]*")
      | (?P<operator><=|>=|!=|==|=|<|>)
      | (?P<word>and|or|&&|\|\||!|not)(?![=\w]|$)
      | (?P<bracket>[()])
    )""",
    re.VERBOSE | re.IGNORECASE,
)


def from_xlsform(expression: str, ids: Mapping[str, str]) -> str | None:
    """A condition from an XLSForm ``relevant``; None when our grammar cannot say it.

    Parameters
    ----------
    expression : str
    ids : mapping of name in the form to id
        Questions brought in so far.

    Examples
    --------
    >>> from_xlsform("selected(${where}, '2') and ${age} >= 18", {"where": "where", "age": "age"})
    'where has 2 and age >= 18'
    """
    return _translated(expression, _XLS_TOKEN, ids, _xls_word)


def _xls_word(match: re.Match[str], ids: Mapping[str, str]) -> str | None:
    groups = match.groupdict()
    if groups["option"] is not None:
        name = groups["chosen"] or groups["path"].rpartition("/")[2]
        return f"{ids[name]} has {_quoted(groups['option'])}" if name in ids else None
    if groups["relative"] is not None:
        name = groups["relative"].rpartition("/")[2]
        return ids.get(name)
    return _common_word(groups, ids)


def from_surveyjs(expression: str, ids: Mapping[str, str]) -> str | None:
    """A condition from a SurveyJS ``visibleIf``; None when our grammar cannot say it.

    Examples
    --------
    >>> from_surveyjs("{age} >= 18 and {where} contains 'web'", {"age": "age", "where": "where"})
    "age >= 18 and where has 'web'"
    """
    return _translated(expression, _JS_TOKEN, ids, _js_word)


def _js_word(match: re.Match[str], ids: Mapping[str, str]) -> str | None:
    groups = match.groupdict()
    words = {"&&": "and", "||": "or", "!": "not", "contains": "has"}
    word = groups["word"]
    if word in ("empty", "notempty", "anyof", "notcontains"):
        return {"notempty": "answered", "empty": "unanswered"}.get(word)
    if word in words:
        return words[word]
    if groups["bracket"] in ("[", "]", ","):
        return None
    return _common_word(groups, ids)


def from_limesurvey(expression: str, ids: Mapping[str, str]) -> str | None:
    """A condition from a LimeSurvey relevance equation; None when our grammar cannot say it.

    Examples
    --------
    >>> from_limesurvey('age.NAOK >= 18', {"age": "age"})
    'age >= 18'
    """
    return _translated(expression, _LIME_TOKEN, ids, _lime_word)


def _lime_word(match: re.Match[str], ids: Mapping[str, str]) -> str | None:
    groups = match.groupdict()
    if groups["name"] is not None:
        return ids.get(groups["name"].partition(".")[0])
    word = {"&&": "and", "||": "or", "!": "not"}.get(groups["word"] or "")
    return word or _common_word(groups, ids)


def _common_word(groups: Mapping[str, str | None], ids: Mapping[str, str]) -> str | None:
    if groups["name"] is not None:
        return ids.get(groups["name"])
    if groups["text"] is not None:
        return _quoted(groups["text"])
    word = next((value for value in groups.values() if value is not None), None)
    return {"==": "=", "<>": "!="}.get(word or "", word)


def _quoted(text: str) -> str:
    inner = text[1:-1]
    if re.fullmatch(r"-?(0|[1-9]\d*)", inner):
        return inner
    return f'"{inner}"' if "'" in inner else f"'{inner}'"


def _translated(
    expression: str,
    token: re.Pattern[str],
    ids: Mapping[str, str],
    word: Callable[[re.Match[str], Mapping[str, str]], str | None],
) -> str | None:
    words: list[str] = []
    position = 0
    text = expression.strip()
    while text[position:].strip():
        match = token.match(text, position)
        found = word(match, ids) if match else None
        if match is None or found is None:
            return None
        words.append(found)
        position = match.end()
    return _sound(_answered(words))


def _answered(words: Sequence[str]) -> str:
    """Words joined; a comparison with an empty text asks whether there is an answer."""
    joined: list[str] = []
    for n, found in enumerate(words):
        if found == "''" and len(joined) >= 2 and joined[-1] in ("=", "!="):
            operator, name = joined.pop(), joined.pop()
            joined.append(f"answered({name})" if operator == "!=" else f"not answered({name})")
        elif found in ("answered", "unanswered") and n and joined:
            name = joined.pop()
            joined.append(f"answered({name})" if found == "answered" else f"not answered({name})")
        else:
            joined.append(found)
    text = " ".join(joined).replace("( ", "(").replace(" )", ")")
    return _TICKED.sub(r"\1", _GUARDED.sub(r"\2", text))


def _sound(text: str) -> str | None:
    try:
        parse_condition(text)
    except ConditionError:
        return None
    return text


def to_xlsform(condition: Condition, multiple: Sequence[str], names: Mapping[str, str]) -> str:
    """A condition as XLSForm writes it.

    Parameters
    ----------
    condition : Condition
    multiple : sequence of str
        Questions of which several options may be chosen.
    names : mapping of id to name in the form
    """
    if isinstance(condition, Not):
        return f"not({to_xlsform(condition.part, multiple, names)})"
    if not isinstance(condition, Comparison):
        glue = " and " if isinstance(condition, Every) else " or "
        return glue.join(
            _bracketed(part, to_xlsform(part, multiple, names)) for part in condition.parts
        )
    name = f"${{{names.get(condition.question, condition.question)}}}"
    if condition.operator == "answered":
        return f"{name} != ''"
    values = [v if isinstance(v, str) else figure(v) for v in condition.values]
    if condition.question in multiple or condition.operator in ("has", "in"):
        tests = " or ".join(f"selected({name}, '{value}')" for value in values)
        if condition.negated:
            return f"({name} != '' and not({tests}))"
        return f"({tests})" if len(values) > 1 else tests
    value = condition.values[0]
    if condition.operator in ("=", "!="):
        text = f"{name} {condition.operator} '{values[0]}'"
        return text if condition.operator == "=" else f"({name} != '' and {text})"
    return f"{name} {condition.operator} {_number_or_text(value)}"


def _bracketed(part: Condition, text: str) -> str:
    return text if isinstance(part, Comparison | Not) else f"({text})"


def figure(value: float) -> str:
    """A number without exponent, whole where it is.

    Examples
    --------
    >>> figure(5_000_000.0), figure(2.5)
    ('5000000', '2.5')
    """
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _number_or_text(value: float | int | str) -> str:
    return f"'{value}'" if isinstance(value, str) else figure(value)


def to_surveyjs(condition: Condition, multiple: Sequence[str], names: Mapping[str, str]) -> str:
    """A condition as SurveyJS writes it; the parameters are those of :func:`to_xlsform`."""
    if isinstance(condition, Not):
        return f"!({to_surveyjs(condition.part, multiple, names)})"
    if not isinstance(condition, Comparison):
        glue = " and " if isinstance(condition, Every) else " or "
        return glue.join(
            _bracketed(part, to_surveyjs(part, multiple, names)) for part in condition.parts
        )
    name = f"{{{names.get(condition.question, condition.question)}}}"
    if condition.operator == "answered":
        return f"{name} notempty"
    if condition.question in multiple:
        tests = " or ".join(f"{name} contains {_number_or_text(v)}" for v in condition.values)
        return f"({name} notempty and !({tests}))" if condition.negated else f"({tests})"
    if condition.operator in ("in", "has"):
        tests = " or ".join(f"{name} = {_number_or_text(v)}" for v in condition.values)
        return f"({name} notempty and !({tests}))" if condition.negated else f"({tests})"
    text = f"{name} {condition.operator} {_number_or_text(condition.values[0])}"
    return f"({name} notempty and {text})" if condition.operator == "!=" else text


def to_limesurvey(
    condition: Condition, ticks: Mapping[str, Mapping[str, str]], names: Mapping[str, str]
) -> str:
    """A condition as LimeSurvey writes it.

    Parameters
    ----------
    condition : Condition
    ticks : mapping of question to {code: name of its sub-question}
    names : mapping of id to name in the survey
    """
    if isinstance(condition, Not):
        return f"!({to_limesurvey(condition.part, ticks, names)})"
    if not isinstance(condition, Comparison):
        glue = " and " if isinstance(condition, Every) else " or "
        return glue.join(f"({to_limesurvey(part, ticks, names)})" for part in condition.parts)
    if condition.question in ticks:
        columns = ticks[condition.question]
        if condition.operator == "answered":
            tests = [f'{name}.NAOK == "Y"' for name in columns.values()]
        else:
            wanted = [columns[str(v)] for v in condition.values if str(v) in columns]
            tests = [f'{name}.NAOK == "Y"' for name in wanted]
        joined = f"({' or '.join(tests)})"
        return f"!{joined}" if condition.negated else joined
    name = f"{names.get(condition.question, condition.question)}.NAOK"
    if condition.operator == "answered":
        return f'{name} != ""'
    values = [f'"{v}"' if isinstance(v, str) else figure(v) for v in condition.values]
    if condition.operator in ("in", "has"):
        joined = "(" + " or ".join(f"{name} == {value}" for value in values) + ")"
        return f'({name} != "" and !{joined})' if condition.negated else joined
    operator = "==" if condition.operator == "=" else condition.operator
    return f'({name} != "" and {name} {operator} {values[0]})'
