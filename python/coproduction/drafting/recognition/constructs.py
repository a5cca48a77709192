"""Says what a question measures, by points for its words, its answers and the questions that it resembles."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace

from coproduction.codebook.tables import CodebookRow
from coproduction.drafting.recognition import lexicon
from coproduction.drafting.recognition.confidence import CERTAIN, DOUBTFUL, LIKELY, Confidence
from coproduction.drafting.recognition.survey_file import SurveyColumn
from coproduction.drafting.recognition.vocabulary import Vocabulary
from coproduction.drafting.recognition.wording import construct_words, theme_words
from coproduction.drafting.recognition.wording.examples import NO_CONSTRUCT
from coproduction.drafting.recognition.wording.off_topic import OTHER_PERSON
from coproduction.drafting.recognition.words import likeness, plain_text, words_of, words_of_name

# Points from which a construct is drafted at all.
_ENOUGH = 4.0
# What the words alone must say about a construct that is certain.
_PLAIN = 2.0
# What the likeness to example wordings adds at most, and the chance that it must give what is certain.
_OF_EXAMPLES, _CHANCE = 5.0, 0.82
# What makes a construct certain: the points of its words, their lead over the second, and the chance by examples.
_TOGETHER_SURE = ((2.0, 0.5, 0.7), (4.0, 2.0, 0.4), (5.0, 3.0, 0.15))
# And the lead over the second construct, words, answers and examples together.
_CLEAR_LEAD = 6.0
# How much of the likeness to examples counts where a question has none of the words that a construct needs, and the
# points that it loses.
_WITHOUT_ITS_WORDS, _LACKS = 0.25, 1.5
# Wordings at least this alike are the same question, or a similar one.
_SAME, _SIMILAR = 0.9, 0.72
_THEME_OF_EXAMPLES = 1.0
# How much a word of a grid's question counts beside those of the row.
_OF_STEM = 0.5
# A question about the person is short.
_LONGEST_QUESTION = 16
_WORDS_OF_A_TITLE = 6
# Fewer words are the name of a thing and no statement about it.
_WORDS_OF_A_STATEMENT = 4
# Codes say nothing themselves, and their rows are doubtful in any case.
_ENOUGH_FOR_CODES = 3.0
# Fewer points give way to the theme of the grid or of the whole survey.
_STRONG_THEME = 3.0
# So far ahead of the second, a theme is the one although words of another stand in the question.
_FAR_AHEAD = 3.0
WEAKLY = "perhaps about"
_OF_STATEMENTS = frozenset({"agreement", "amount", "extent", "likelihood", "satisfaction", "quality", "ease"})
# What explains a title stands after it.
_EXPLAINED = re.compile(r"[:;(]")
_BRACKETS = re.compile(r"\([^()]*\)")
# What no question asks, so that its title may be long: "Stratum from which the address was drawn".
_OF_DESIGN = ("duration", "cluster", "stratum")
_DESIGN = ("weight", "replicate_weight", "duration", "cluster", "stratum")
# More values are no sizes of households; households are at least this share of the people.
_MOST_SIZES = 12
_LEAST_HOUSEHOLDS = 0.2
# What the name of a column adds: less than a wording.
_OF_NAME = 2.0


@dataclass(frozen=True)
class Guess:
    """What was recognised, how surely and by what; ``found`` is '' where nothing was."""

    found: str
    confidence: Confidence
    evidence: str
    like: CodebookRow | None = None


NOTHING_FOUND = Guess("", DOUBTFUL, "")


def text_of(column: SurveyColumn) -> str:
    """Return the words of a column's wording and of the box that it is; those of its name where it has no wording."""
    wording = words_of(f"{plain_text(column.wording)} {column.box}")
    return wording if wording.strip() else words_of_name(column.name)


def words_asked(column: SurveyColumn) -> str:
    """Return the words of a question without those that only ask for agreement or an opinion.

    Where all rows of a grid ask for a view of a statement, the statement is the question.
    """
    text = text_of(column)
    stem = words_of(column.stem)
    if column.stem and lexicon.ASKS_VIEW.search(stem) and not lexicon.OF_SERVICES.search(stem):
        item = words_of(plain_text(column.wording).removeprefix(plain_text(column.stem)))
        text = item if len(item.split()) >= _WORDS_OF_A_STATEMENT else text
    asked = lexicon.PREAMBLE.sub(" ", text)
    return asked if asked.strip() else text


def guess_construct(column: SurveyColumn, concept: str, vocabulary: Vocabulary) -> Guess:
    """Return the construct about the theme that a column measures. ``concept`` is what its answers are about."""
    text, points, why = words_asked(column), defaultdict[str, float](float), defaultdict[str, list[str]](list)
    for construct, clues in construct_words.WORDINGS.items():
        for clue in clues:
            found = clue.pattern.search(text)
            if found:
                points[construct] += clue.points
                why[construct] += [f'"{found[0].strip()}"'] if clue.points > 0 else []
        if lexicon.NAMES[construct].search(words_of_name(column.name)):
            points[construct] += _OF_NAME
            why[construct].append(f"the column's name {column.name}")
    by_words = dict(points)
    for construct, concepts in construct_words.ANSWERED_WITH.items():
        if concept not in ("codes", ""):
            # Answers about something else speak against a construct that the words announce.
            points[construct] += concepts.get(concept, -3.0)
    like, alike = _most_alike(text, vocabulary)
    if like is not None:
        points[like["construct_id"]] += 6.0 if alike >= _SAME else 2.0
        word = "worded as" if alike >= _SAME else "worded much as"
        why[like["construct_id"]].append(f"{word} {like['column_name']} of {like['export_id']}")
    known = {name: total for name, total in points.items() if name in vocabulary.roles}
    has_words = bool(column.wording or column.box)
    if concept == "codes" and not has_words:
        return _by_name(known, why)
    # Codes leave every construct possible, so examples would find one for nearly every question.
    chances = {} if concept == "codes" else _chances(text, concept, vocabulary, column.stem)
    lacking = [name for name, needed in construct_words.NEEDS.items() if not needed.search(text)]
    for name in lacking:
        chances[name] = _WITHOUT_ITS_WORDS * chances.get(name, 0.0)
        known[name] = known.get(name, 0.0) - _LACKS
    is_joint = bool(lexicon.TOGETHER.search(text))
    enough = _ENOUGH_FOR_CODES if concept == "codes" else _ENOUGH
    if like is not None and alike >= _SAME:
        by_words[like["construct_id"]] = _PLAIN
    guess = _best(known, why, (like, alike), enough, is_joint, chances)
    if by_words.get(guess.found, 0.0) < _PLAIN:
        # Answers and examples alone make nothing certain.
        guess = replace(guess, confidence=min(guess.confidence, LIKELY))
    if guess.found and by_words.get(guess.found, 0.0) <= 0 and chances.get(guess.found, 0.0) < _CHANCE:
        guess = replace(guess, confidence=DOUBTFUL)
    if guess.found and guess.found == max(chances, key=lambda name: chances[name], default=""):
        telling = vocabulary.examples.telling_words(text, guess.found, chances)
        return replace(guess, evidence=f"{guess.evidence}; worded like other questions about it: {', '.join(telling)}")
    return guess


def guess_by_answers(column: SurveyColumn, concept: str) -> Guess:
    """Return what a question about a theme measures by a word or two and its answers: never more than doubtful."""
    text = words_asked(column)
    if not (column.wording or column.box):
        return NOTHING_FOUND
    construct = lexicon.BY_ANSWERS.get(concept, "")
    is_done = concept == "yes_no" and bool(lexicon.DONE.search(text))
    if concept in ("frequency", "tick") or is_done:
        construct = "group_participation" if lexicon.TOGETHER.search(text) else "individual_activity"
    elif concept == "satisfaction" and len(text.split()) <= _WORDS_OF_A_TITLE:
        # People are satisfied with a thing that somebody provides.
        construct = "satisfaction_response"
    elif concept in _OF_STATEMENTS:
        construct = _of_statement(text)
    if not construct:
        return NOTHING_FOUND
    return Guess(construct, DOUBTFUL, f"questions with answers about {concept.replace('_', ' ')} often measure this")


def _of_statement(text: str) -> str:
    """Return what a statement or a question about how far measures, by who can do, say or do something in it."""
    is_possible = bool(lexicon.POSSIBLE.search(text))
    if is_possible and lexicon.PERSONAL.search(text):
        return "personal_self_efficacy"
    if is_possible and lexicon.COLLECTIVE.search(text):
        return "political_self_efficacy"
    for construct in ("satisfaction_consultation", "satisfaction_information"):
        if construct_words.NEEDS[construct].search(text) and lexicon.OF_SERVICES.search(text):
            return construct
    return "satisfaction_response" if lexicon.OF_SERVICES.search(text) else "conditions"


def guess_person(column: SurveyColumn) -> str:
    """Return the construct about the person or the survey that a column's name or wording announces, '' for none."""
    # What stands in brackets explains a title: Panel number (on your card).
    whole = (words_of_name(column.name), words_of(plain_text(column.wording)))
    short = (words_of_name(_BRACKETS.sub(" ", column.name)), words_of(_BRACKETS.sub(" ", plain_text(column.wording))))
    if lexicon.NOT_TO_USE.search(whole[1]):
        return ""
    return _person_in(column, *whole) or (_person_in(column, *short) if short != whole else "")


def _person_in(column: SurveyColumn, name: str, wording: str) -> str:
    if OTHER_PERSON.search(f"{name} {wording}"):
        return ""
    if lexicon.DRAWN.search(wording):
        return "stratum" if lexicon.PEOPLE["stratum"].search(wording) else "cluster"
    is_title = len(wording.split()) <= lexicon.LONGEST_TITLE
    asks = is_title or bool(lexicon.ASKS_PERSON.search(wording) and len(wording.split()) <= _LONGEST_QUESTION)
    for construct, pattern in lexicon.PEOPLE.items():
        if construct in _DESIGN and lexicon.ABOUT_YOU.search(wording):
            # "What is your weight?" asks for no weight of the survey.
            continue
        if pattern.search(name) and len(name.split()) <= 6:
            return construct
        if construct in _OF_DESIGN and pattern.match(wording) and len(wording.split()) <= _LONGEST_QUESTION:
            return construct
        if asks and pattern.search(wording) and (is_title or construct not in _DESIGN):
            return construct
    return "cluster" if _is_shared_place(column, name, wording) else ""


def _is_shared_place(column: SurveyColumn, name: str, wording: str) -> bool:
    """Return whether a column names households: many different values, and some of them shared by a few people.

    A size of households has few values, and a number of each interview is shared by nobody.
    """
    title = words_of(_EXPLAINED.split(plain_text(column.wording))[0]) if wording.strip() else name
    if not lexicon.SHARED_PLACE.fullmatch(title) and not lexicon.SHARED_PLACE.fullmatch(name):
        return False
    n_values, n_filled = len(set(column.filled)), len(column.filled)
    # Names such as HH013 are no sizes, however few they are.
    are_names = not any(value.lstrip("-").isdigit() for value in set(column.filled))
    least = 0 if are_names else _LEAST_HOUSEHOLDS * n_filled
    return n_values > _MOST_SIZES and least <= n_values < n_filled


def guess_theme(column: SurveyColumn, like: CodebookRow | None, vocabulary: Vocabulary) -> Guess:
    """Return the theme of a question, by its words and those that only one theme of the codebook uses."""
    text = (wording := text_of(column)) + words_of_name(column.name)
    stem, item = words_of(column.stem), words_of(plain_text(column.wording).removeprefix(plain_text(column.stem)))
    points, why = defaultdict[str, float](float), defaultdict[str, list[str]](list)
    strong: set[str] = set()
    for theme in vocabulary.themes:
        for clue in theme_words.THEMES.get(theme, ()):
            hits = list(dict.fromkeys(found[0].strip() for found in clue.pattern.finditer(text)))[:2]
            of_stem = [hit for hit in hits if f" {hit} " in stem and f" {hit} " not in item]
            points[theme] += clue.points * (len(hits) - (1 - _OF_STEM) * len(of_stem))
            if hits and clue.points >= _STRONG_THEME:
                strong.add(theme)
            why[theme] += [f'"{hit}"' for hit in hits]
        own = sorted(vocabulary.theme_words.get(theme, frozenset()) & set(text.split()))[:3]
        points[theme] += 0.7 * len(own)
        why[theme] += [f'"{word}"' for word in own if f'"{word}"' not in why[theme]]
    if like is not None and like["theme_id"]:
        points[like["theme_id"]] += 2.0
    for theme, chance in vocabulary.theme_examples.chances(words_asked(column), vocabulary.themes).items():
        if chance >= _CHANCE:
            points[theme] += _THEME_OF_EXAMPLES
            telling = vocabulary.theme_examples.telling_words(words_asked(column), theme, vocabulary.themes)
            why[theme] += [f'"{word}" as in other questions' for word in telling[:1] if not why[theme]]
    ranked = sorted(points.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < 1.2:
        return NOTHING_FOUND
    (theme, best), second = ranked[0], ranked[1][1] if len(ranked) > 1 else 0.0
    is_plain = theme in strong or (best >= _STRONG_THEME and like is not None)
    # Looking after somebody who is ill and frail may be about either theme.
    is_only = (best - second >= 2 and second < 1.3) or best - second >= _FAR_AHEAD
    # All rows of a grid may have a name that begins with the theme, also the film among deeds for the environment.
    is_named = any(word.strip('"') in wording for word in why[theme])
    confidence = CERTAIN if is_plain and is_only and is_named else LIKELY if best - second >= 1 else DOUBTFUL
    about = "about" if is_plain else WEAKLY
    return Guess(theme, confidence, f"{about} {theme.replace('_', ' ')}: {', '.join(why[theme])}")


def is_strong(theme: Guess) -> bool:
    """Return whether a question names its theme in words that hardly mean another one."""
    return theme.confidence == CERTAIN and not theme.evidence.startswith(WEAKLY)


def guess_topic(column: SurveyColumn, theme: str, vocabulary: Vocabulary) -> str:
    """Return the topic of a theme that the words of a question name, `all` for none or several."""
    text = text_of(column) + words_of_name(column.name)
    known = [topic for topic in vocabulary.topics_of(theme) if topic in theme_words.TOPICS]
    named = [topic for topic in known if theme_words.TOPICS[topic].search(text)]
    if "health_of_others" in named and "own_health" in named:
        named.remove("own_health")
    return named[0] if len(named) == 1 else "all"


def is_worded_as(column: SurveyColumn, question: CodebookRow) -> bool:
    """Return whether a question has exactly the words of one in the codebook."""
    return text_of(column) == words_of(question["question_text"])


def _most_alike(text: str, vocabulary: Vocabulary) -> tuple[CodebookRow | None, float]:
    if text in vocabulary.wordings:
        return vocabulary.wordings[text], 1.0
    best, like = 0.0, None
    for words, row in vocabulary.wordings.items():
        alike = likeness(text, words)
        if alike > best:
            best, like = alike, row
    return (like, best) if best >= _SIMILAR else (None, best)


def _chances(text: str, concept: str, vocabulary: Vocabulary, stem: str) -> dict[str, float]:
    """Return how likely the example wordings make each construct that is asked with such answers, and nothing."""
    possible = [
        construct
        for construct, concepts in construct_words.ANSWERED_WITH.items()
        if construct in vocabulary.roles and (concept in ("codes", "") or concept in concepts)
    ]
    return vocabulary.examples.chances(text, [*possible, NO_CONSTRUCT], stem)


def _by_name(points: dict[str, float], why: dict[str, list[str]]) -> Guess:
    """Return the construct that the name of a column of codes suggests, which is never more than doubtful."""
    construct = max(points, key=lambda name: points[name], default="")
    if not construct or points[construct] < _OF_NAME:
        return NOTHING_FOUND
    return Guess(construct, DOUBTFUL, f"only the name {', '.join(why[construct][:2])}")


def _agree(of_words: float, lead: float, chance: float) -> bool:
    """Return whether words and examples clearly say the same, and no other construct has as many words.

    The plainer one of the two is, the less the other has to say.
    """
    return any(
        of_words >= fewest and lead >= least_lead and chance >= least for fewest, least_lead, least in _TOGETHER_SURE
    )


def _best(
    said: dict[str, float],
    why: dict[str, list[str]],
    known: tuple[CodebookRow | None, float],
    enough: float,
    is_joint: bool,
    chances: dict[str, float],
) -> Guess:
    """Return the construct with the most points for its words and its likeness to examples.

    It is certain where both agree: the words alone would be enough, and the examples leave little doubt.
    """
    like, alike = known
    points = {name: said.get(name, 0.0) + _OF_EXAMPLES * chances.get(name, 0.0) for name in {*said, *chances}}
    nothing = points.pop(NO_CONSTRUCT, 0.0)
    ranked = sorted(points.items(), key=lambda item: (-item[1], item[0]))
    if not ranked or ranked[0][1] < max(enough, nothing):
        return Guess("", DOUBTFUL, "", like if alike >= _SAME else None)
    (construct, best), second = ranked[0], max(nothing, ranked[1][1] if len(ranked) > 1 else 0.0)
    others = [total for name, total in said.items() if name != construct]
    of_words, chance = said.get(construct, 0.0), chances.get(construct, 0.0)
    agree = _agree(of_words, of_words - max(others, default=0.0), chance)
    is_clear = agree and best - second >= _CLEAR_LEAD
    confidence = CERTAIN if is_clear else LIKELY if best - second >= 1 else DOUBTFUL
    if construct == "individual_activity" and is_joint:
        # What people do with others is the other outcome: a person should look.
        confidence = min(confidence, LIKELY)
    evidence = ", ".join(why[construct][:4]) or "the answers"
    if confidence == DOUBTFUL:
        rival = ranked[1][0] if len(ranked) > 1 and ranked[1][1] >= nothing else "nothing of the codebook"
        evidence += f"; it may be {rival} as well"
    of_same = like if like is not None and like["construct_id"] == construct else None
    return Guess(construct, confidence, evidence, of_same)
