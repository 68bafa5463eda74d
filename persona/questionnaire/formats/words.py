"""The words that forms themselves say, in the four languages that persona is shipped in."""

from __future__ import annotations

from collections.abc import Mapping

_WORDS: Mapping[str, tuple[str, str, str, str]] = {
    "answers": ("Answers", "Odpowiedzi", "Ответы", "Antwoorden"),
    "instructions": ("Instructions", "Instrukcja", "Инструкция", "Instructies"),
    "codebook": ("Codebook", "Książka kodowa", "Кодировка", "Codeboek"),
    "card": ("Card", "Karta", "Карта", "Kaart"),
    "lists": ("Lists", "Listy", "Списки", "Lijsten"),
    "yes": ("yes", "tak", "да", "ja"),
    "no": ("no", "nie", "нет", "nee"),
    "question": ("Question", "Pytanie", "Вопрос", "Vraag"),
    "answer": ("Answer", "Odpowiedź", "Ответ", "Antwoord"),
    "help": ("Note", "Uwaga", "Примечание", "Toelichting"),
    "id": ("Id", "Id", "Id", "Id"),
    "type": ("Type", "Typ", "Тип", "Type"),
    "item": ("Item", "Pozycja", "Пункт", "Item"),
    "code": ("Code", "Kod", "Код", "Code"),
    "label": ("Label", "Etykieta", "Значение", "Label"),
    "measure": ("Measure", "Poziom pomiaru", "Шкала", "Meetniveau"),
    "missing": ("Missing", "Brak danych", "Пропуск", "Ontbrekend"),
    "bounds": ("Bounds", "Zakres", "Границы", "Grenzen"),
    "condition": ("Asked if", "Pytane, gdy", "Задаётся, если", "Gevraagd als"),
    "section": ("Section", "Część", "Раздел", "Onderdeel"),
    "kind": ("Kind", "Rodzaj", "Вид", "Soort"),
    "role": ("Role", "Rola", "Роль", "Rol"),
    "reversed": ("reversed", "odwrócone", "обратный", "omgekeerd"),
    "required": ("required", "wymagane", "обязательно", "verplicht"),
    "fill_rows": (
        "Fill in the sheet {sheet}: one respondent a row, from row 3 on.",
        "Proszę wypełnić arkusz {sheet}: jeden respondent w wierszu, od wiersza 3.",
        "Заполните лист {sheet}: один респондент в строке, начиная с 3-й строки.",
        "Vul het blad {sheet} in: één respondent per rij, vanaf rij 3.",
    ),
    "fill_card": (
        "Fill in the white cells of column C; one file a customer.",
        "Proszę wypełnić białe pola kolumny C; jeden plik na klienta.",
        "Заполните белые ячейки столбца C; один файл на клиента.",
        "Vul de witte cellen van kolom C in; één bestand per klant.",
    ),
    "fill_lists": (
        "Choose answers from the drop-down list of each cell.",
        "Odpowiedzi proszę wybierać z listy rozwijanej w komórce.",
        "Выбирайте ответы из выпадающего списка ячейки.",
        "Kies antwoorden uit de keuzelijst van elke cel.",
    ),
    "fill_grey": (
        "Grey cells are not asked of that respondent; leave them empty.",
        "Szare pola nie dotyczą tego respondenta; proszę zostawić je puste.",
        "Серые ячейки не относятся к этому респонденту; оставьте их пустыми.",
        "Grijze cellen gelden niet voor die respondent; laat ze leeg.",
    ),
    "fill_heads": (
        "Do not change the first two rows: the answers are found by them.",
        "Proszę nie zmieniać dwóch pierwszych wierszy: po nich rozpoznawane są odpowiedzi.",
        "Не меняйте первые две строки: по ним находятся ответы.",
        "Verander de eerste twee rijen niet: daaraan worden de antwoorden herkend.",
    ),
    "choose": (
        "Choose an answer from the list.",
        "Proszę wybrać odpowiedź z listy.",
        "Выберите ответ из списка.",
        "Kies een antwoord uit de lijst.",
    ),
    "not_asked": (
        "This is not asked of this respondent.",
        "Tego pytania nie zadaje się temu respondentowi.",
        "Этот вопрос не задаётся этому респонденту.",
        "Dit wordt deze respondent niet gevraagd.",
    ),
    "number": ("a number", "liczba", "число", "een getal"),
    "whole": ("a whole number", "liczba całkowita", "целое число", "een geheel getal"),
    "day": ("a day", "data", "дата", "een datum"),
    "from": ("from {low}", "od {low}", "от {low}", "vanaf {low}"),
    "to": ("to {high}", "do {high}", "до {high}", "tot {high}"),
    "total": (
        "{total} points in all",
        "razem {total} punktów",
        "всего {total} баллов",
        "{total} punten in totaal",
    ),
    "rank": (
        "1 for the best",
        "1 oznacza najlepsze",
        "1 – лучшее",
        "1 voor het beste",
    ),
    "several": (
        "more than one answer possible",
        "możliwych kilka odpowiedzi",
        "возможно несколько ответов",
        "meer antwoorden mogelijk",
    ),
    "random": (
        "The order of the answers changes from respondent to respondent.",
        "Kolejność odpowiedzi zmienia się między respondentami.",
        "Порядок ответов меняется от респондента к респонденту.",
        "De volgorde van de antwoorden wisselt per respondent.",
    ),
    "sensitive": (
        "Sensitive: answering is voluntary, and the answer is shown in groups alone.",
        "Pytanie wrażliwe: odpowiedź jest dobrowolna i pokazywana tylko zbiorczo.",
        "Деликатный вопрос: отвечать необязательно, ответ показывается только в группе.",
        "Gevoelig: antwoorden is vrijwillig en het antwoord wordt alleen in groepen getoond.",
    ),
    "best": ("best", "najlepsze", "лучшее", "beste"),
    "worst": ("worst", "najgorsze", "худшее", "slechtste"),
    "set": ("Set {number}", "Zestaw {number}", "Набор {number}", "Set {number}"),
}
_LANGUAGES = ("en", "pl", "ru", "nl")


def word(name: str, language: str, **values: object) -> str:
    """A word in a language; in English where there is no translation.

    Examples
    --------
    >>> word("yes", "nl"), word("yes", "de"), word("from", "pl", low=18)
    ('ja', 'yes', 'od 18')
    """
    place = _LANGUAGES.index(language) if language in _LANGUAGES else 0
    return _WORDS[name][place].format(**values)
