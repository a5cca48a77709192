"""How often something happens: times in a year, as far as the words of an answer say, in English or Welsh."""

from __future__ import annotations

import re

_WORDS = {"a few": 3, "few": 3, "several": 5, "a couple": 2, "couple": 2, "couple of": 2, "other": 2, "second": 2, "half": 0.5,
          "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
          "twelve": 12, "once": 1, "twice": 2, "many": 60, "lots of": 60, "dozens of": 60}  # fmt: skip
_IN_A_YEAR = {"day": 365.0, "week": 52.0, "fortnight": 26.0, "month": 12.0, "quarter": 4.0, "year": 1.0}

# Words that name no number come first; the places of the others only have to be in their order.
_FREQUENCIES = tuple(
    (re.compile(pattern), place)
    for pattern, place in (
        (r"(almost|nearly) always|bron bob amser", 800),
        (r"always|(i do this )?all (of )?the time|(every|each) time|whenever i can|bob amser|bob tro", 1000),
        (r"(almost|nearly) (every day|daily)|most days|y rhan fwyaf o ddyddiau", 300),
        (r"very (often|frequently|regularly)|yn aml iawn|mostly|most of the time|most times|usually|fel arfer|gan amlaf|nearly every time|more often than not|whenever i (can|see it)|at every (chance|opportunity)|a great deal of the time", 250),
        (r"(quite |fairly )?(often|frequently|regularly)|yn (eithaf )?aml|yn rheolaidd|a lot|(about )?half (of )?the time", 200),
        (r"some (weeks|days|months)|(in )?some of (these|them|the)( \w+)?", 20),
        (r"most weeks|(almost|nearly) every week|rhan fwyaf o wythnosau", 40),
        (r"(sometimes|occasionally|from time to time|now and (then|again)|at times)|some of the time|weithiau|now and then|every once in a while|once in a while|off and on|on and off|"
         r"o bryd i'w gilydd|every so often|every now and (then|again)|(on )?occasion(s|al)?", 20),
        (r"most months|(almost|nearly) every month", 10),
        (r"very (rarely|seldom|infrequently)|byth bron|bron byth|yn anaml iawn|anaml iawn", 2),
        (r"(only )?once in a blue moon|once in a while or less|one.off( activity| event)?|(just |only )?a one.off|ambell waith|unwaith ac am byth", 1.5),
        (r"(rarely|seldom|infrequently)|hardly ever|almost never|not (very )?often|ddim yn aml|not really|(i )?(hardly|rarely|seldom) (ever )?do (this|it|that)|ever so rarely|next to never|only (rarely|once)|(yn )?anaml", 3),
        (r"(less|fewer)( (often|frequently|times))?( than (that|this))?|(even )?less often( still)?|(even )?less than (that|this)|(yn )?llai( aml)?( na (hynny|hyn|hynna))?", 0.6),
        (r"(it('s| is| has)? )?(been a (long )?while|ages ago|long ago|in the past)|not (recently|lately)|(a|some) time ago", 0.4),
        (r"a little of the time|once or twice ever", 3),
        (r"no|never|none|not once|not (in the (last|past) (year|12 months)|at all|done|yet)|(0|no|zero)( times| days)?|byth|erioed|none of the time|"
         r"(i )?(have )?never( .*)?|(i )?(have not|haven't|do not|don't) (done|do) (this|it|that).*|not in (the )?(last|past) .*|na|dim", 0.0),
        (r"(bron )?(bob dydd|yn ddyddiol)|y rhan fwyaf o ddiwrnodau", 300),
        (r"(un|dwy|ddwy|unwaith|dwywaith)( neu (ddwy|ddwywaith))?( waith)? yr wythnos|(o leiaf )?unwaith yr wythnos", 52),
        (r"(o leiaf )?(unwaith|dwywaith|unwaith neu ddwywaith|ychydig o weithiau)( y| bob)? mis", 18),
        (r"(o leiaf )?(unwaith|dwywaith|unwaith neu ddwywaith)( y| bob)? (flwyddyn|blwyddyn)|(yn )?flynyddol", 1.2),
        (r"llai nag? unwaith (y mis|yr wythnos|y flwyddyn)|yn llai aml nag? .*", 0.6),
        (r"((bob dydd|dyddiol)|(every|each) day|daily)( or (more|almost every day))?( often)?", 365),
        (r"(bob )?wythnos(ol)?( neu fwy| neu'n amlach)?|unwaith yr wythnos|yn wythnosol", 52),
        (r"(bob )?mis(ol)?( neu fwy| neu'n amlach)?|unwaith y mis|yn fisol", 12),
        (r"bob ychydig (o )?fisoedd|ychydig o weithiau'r flwyddyn|ychydig droeon y flwyddyn", 4),
        (r"(bob )?blwyddyn|unwaith( y flwyddyn| yn unig)?|unwaith neu ddwywaith", 1.2),
        (r"ychydig o weithiau", 8),
        (r"sawl gwaith yr wythnos", 180),
        (r"sawl gwaith y mis", 40),
        (r"sawl gwaith y flwyddyn", 5),
        (r"(lots of|many|countless|loads of) times|time and (time )?again", 60),
        (r"a handful of times", 7),
        (r"(just|only) the once", 1.0),
        (r"(with)?in the (last|past) week", 52),
        (r"(with)?in the (last|past) month", 12),
        (r"(with)?in the (last|past) (year|12 months)", 1.5),
        (r"(longer ago|(more than|over) a year ago)( than that)?", 0.3),
    )
)  # fmt: skip
_NUMBER = r"\d+|" + "|".join(sorted(_WORDS, key=len, reverse=True))
_PERIOD = r"(day|week|fortnight|month|quarter|year)s?"
_TIMES = re.compile(
    rf"({_NUMBER})(?: ?(?:-|to|or|and) ?({_NUMBER}))?(?: or more| or so|\+)?(?: ?(?:times|days|occasions|evenings))?"
    rf"(?: (?:or more|or so))? ?(?:a|an|per|each|every|in an?|in any|in the|during the|over the|in the (?:last|past)|this|/) ?(?:12 |twelve )?{_PERIOD}"
)
_EVERY = re.compile(rf"(?:every|each|once in) (?:({_NUMBER})(?: ?(?:-|to|or|and) ?({_NUMBER}))? )?(?:of )?{_PERIOD}")
_ADVERB = re.compile(r"(dai|week|fortnight|month|quarter|year|annual)ly")
_OF_ADVERB = {"dai": "day", "annual": "year"}
_BARE = re.compile(
    rf"(?:only |just )?({_NUMBER})(?: ?(?:-|to|or|and) ?({_NUMBER}))?(?: or more|\+)? ?(times|days|occasions)?"
    r"(?: or more)?(?: in the (?:last|past) (?:year|12 months|twelve months))?"
)
_SPAN = re.compile(
    r"(?:last|past|previous) (?:(\d+|two|three|four|six|twelve|few|couple of) )?(day|week|fortnight|month|quarter|year)s?\b|"
    r"(?:in|during) an? (?:typical |normal |average |usual )?(week|month|year)\b|(?:a|per|each|every) (week|month|year)\b"
)
_AMOUNTS = re.compile(r"\b(hours?|hrs?|minutes?|mins?|half)\b")
# Before what is said: "Yes, weekly", "No - never".
_YES_OR_NO = re.compile(
    r"^(?:(?:nac )?(?:ydw|ydy|ydyn|oes)[,;:]|(?:do|naddo|ie|nage)[,;:]|yes[,;:]?(?: but)?|no[,;:]|(?:yes|no|y|n) -|no(?= (?:not|never)\b)) (?=\w)"
)
_MORE_THAN = re.compile(r"^(more than|over|at least|under|up to) ")
_FEWER, _MORE = re.compile(r"\b(under|up to)\b"), re.compile(r"\b(more than|over|or more)\b|\+")


def times_a_year(text: str) -> float | None:
    """Return how many times in a year an answer means, roughly; None where it names no frequency."""
    text = re.sub(
        _YES_OR_NO.pattern + r"| (true|the case|so)$|^(about|around|roughly|approximately|on average|i do this) ",
        "",
        text,
    )
    named = next((place for pattern, place in _FREQUENCIES if pattern.fullmatch(text)), None)
    if named is not None or _AMOUNTS.search(text):
        return named
    # Of "less than once a week but at least once a month" the second half says most.
    least = re.search(r"(?:but|and) (?:at least|more than) (.+)", text)
    text = least[1] if least else text
    times = _counted(text)
    if times is None:
        # "Hardly ever or never" is between the two.
        either = [times_a_year(part) for part in text.split(" or ")] if text.count(" or ") == 1 else []
        known = [place for place in either if place is not None]
        return sum(known) / 2 if len(known) == 2 else None
    if re.match(r"(less|fewer) (often |frequently )?than", text):
        # It may be any number of times below, so it ranks with "less often", in the order of what it is less than.
        return 0.6 + times / 1000
    return times * (0.7 if _FEWER.search(text) else 1.2 if _MORE.search(text) else 1.0)


def is_bare_count(text: str) -> bool:
    """Return whether an answer counts times and does not say in what span: "three or four times"."""
    text = _MORE_THAN.sub("", _YES_OR_NO.sub("", text))
    found = _BARE.fullmatch(text)
    return bool(found and found[3] != "days" and not re.search(r"\byear|months", text))


def spans_a_year(wording: str) -> float:
    """Return how many of the spans that a question asks about make a year: 12 for the past month, 1 for no span."""
    found = _SPAN.search(wording)
    if not found:
        return 1.0
    number, *periods = found.groups()
    return _IN_A_YEAR[next(filter(None, periods))] / (_middle(number, None) if number else 1.0)


def _counted(text: str) -> float | None:
    found = _TIMES.search(text)
    if found:
        return _middle(found[1], found[2]) * _IN_A_YEAR[found[3]]
    found = _EVERY.search(text)
    if found:
        return _IN_A_YEAR[found[3]] / (_middle(found[1], found[2]) if found[1] else 1.0)
    found = _ADVERB.search(text)
    if found:
        return _IN_A_YEAR[_OF_ADVERB.get(found[1], found[1])]
    found = _BARE.fullmatch(_MORE_THAN.sub("", text))
    if found and (found[3] or not found[1].isdigit()):
        # Days are those of a week, times those of a year.
        return _middle(found[1], found[2]) * (
            52.0 if found[3] == "days" else 2.0 if found[1] in ("a few", "several") else 1.0
        )
    return None


def _middle(low: str, high: str | None) -> float:
    if (low, high) == ("once", "twice"):
        # Nearer to once, for whom it may have been once.
        return 1.4
    first = float(_WORDS.get(low) or low)
    return (first + float(_WORDS.get(high) or high)) / 2 if high else first
