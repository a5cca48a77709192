"""What one printed answer means: a place between two ends, in English or Welsh.

Places only order the answers of a scale; the scores of a draft are their ranks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from coproduction.drafting.recognition.answers.frequencies import times_a_year
from coproduction.drafting.recognition.answers.hours import hours_a_month
from coproduction.drafting.recognition.answers.printed_answers import bare


@dataclass(frozen=True)
class Meaning:
    """``concept`` is what the answer is about, such as `satisfaction`; `any` fits every concept with two ends."""

    concept: str
    place: float


# The negative end is tried first, because dissatisfied has satisfied within it.
_ENDS = tuple(
    (concept, re.compile(bad), re.compile(good))
    for concept, bad, good in (
        (
            "satisfaction",
            r"dissatisf|unsatisf|less than (satisf|happy)|disappoint|displeased|\bunhappy|\bfed up|\blet down|frustrat|\bannoyed|\bangry|\bcross\b|irritat|\bupset\b|unimpressed|cheesed off|miffed|appalled|\b(dis|mal)content|anfodlon|anhapus",
            r"satisf|\bhappy|pleased|delighted|\bcontent\b|\bglad\b|\bthrilled|\bchuffed|over the moon|\bgrateful|\bimpressed|fodlon|bodlon|hapus",
        ),
        (
            "agreement",
            r"disagree|anghytuno|\buntrue\b|\bfalse\b|\bunlike me|\bwrong\b",
            r"\bagree|[cg]ytuno|\btrue\b|\b(describes?|applies|apply)\b|\blike me\b|\b(go|goes) along with|\b(with|behind) (you|it|this|that) on\b|\bspot on\b|\bright\b|\bmy (own )?(view|experience)|\bshare (this|that)\b|\bcorrect\b",
        ),
        ("support", r"\boppos", r"\bsupport"),
        (
            "safety",
            r"unsafe|anniogel|dangerous|\buneasy|nervous|\bjumpy|jittery|\btense\b|edgy|terrified|petrified|frighten|scared|on edge|vulnerable|uncomfortable|threatened|insecure|\bwary\b",
            r"\bsafe\b|\bat ease|\bsecure\b|\brelaxed|\bcomfortable|diogel",
        ),
        ("likelihood", r"unlikely|annhebygol", r"\blikely|\bwilling|thebygol|tebygol"),
        ("importance", r"unimportant", r"\bimportant|\bpwysig"),
        (
            "ease",
            r"\bdifficult|\bhard\b|\bimpossible|\btricky|\bawkward|\bstruggle|\bcomplicated|\bconfusing|anodd",
            r"\beasy|\beasily|\bdoddle|\bsimple|\bstraightforward|\bno trouble|hawdd",
        ),
        (
            "information",
            r"uninformed|(poorly|badly|ill).informed|\bunclear|\bunaware|in the dark|out of the loop",
            r"\binformed|\bclear\b|\baware\b|in the (picture|loop)|up to date|gwybodus",
        ),
        ("confidence", r"distrust|mistrust|\bunconfident|anhyderus", r"\bconfident|\btrust|hyderus"),
        ("usefulness", r"\bunhelpful|\buseless", r"\bhelpful|\buseful|defnyddiol"),
        ("effectiveness", r"\bineffective|\binefficient|aneffeithiol", r"\beffective|\befficient|effeithiol"),
        ("level", r"\blow\b", r"\bhigh\b"),
        (
            "cleanliness",
            r"\bdirty|\bfilthy|\buntidy|\bmess(y|ed)?\b|\blittered|\bscruffy|\bmucky|\bgrubby|\bshabby|run.?down|\bneglected|\bfoul\b|\bgrimy|\boverflowing|\bbudr|brwnt|budr",
            r"\bclean|\bspotless|\btidy|\bimmaculate|\bpristine|\bneat\b|well.?kept|well.?cared|\bg?lân|taclus",
        ),
        (
            "change",
            r"\bworse|\b(dirt|nois|scruff|mess|untid|unhealth|unfriendl|poor|weak)i?er\b|\bmore dangerous|deteriorat|\bless (?!than)\w|\bdeclin",
            r"\bbetter|\bimproved|\bimproving|\b(health|clean|safe|tid|happ|friendl|quiet|green|nice|pleasant|strong)i?er\b|\bstronger",
        ),
        (
            "trend",
            r"\b(decreas|fallen|fewer|gone down|a lot less|much less|a little less)|^less$",
            r"\b(increas|risen|gone up|a lot more|much more|a little more)|^more$",
        ),
        (
            "worry",
            r"\bunworried|\bunconcerned",
            r"\bworr(ied|ies|y)\b|\bconcern(ed|s)?\b|\banxious|\bafraid|\bbother(s|ed)?\b|\btroubled|poeni|pryderus",
        ),
        (
            "problem",
            r"\buncommon|\brare\b",
            r"\bproblem|\bcommon\b|\bwidespread|\brisk|\bserious\b|\bnuisance|\bissue\b|\bbroblem",
        ),
        (
            "quality",
            r"\bbad(ly)?\b|\bdislike|\bhate|\bloathe|\bnegative|(needs|requires) improvement|\bpoor(ly)?\b|unhealthy|terrible|awful|unacceptable|below average|appalling|unpleasant|unattractive|inadequate|unfriendly|dreadful|\bweak\b|disgrace|shocking|abysmal|hopeless|\bdire\b|\brotten|pathetic|woeful|\blousy|unsatisfactory|below par|not up to|could do better|falls short|\brubbish\b|\bgrim\b|\bugly|miserable|\bunwell\b|struggling|rock bottom|\bgwael|\bwael|\bworst|druenus|ofnadwy|siomedig",
            r"excellent|\bgood\b|\bnice\b|\blikes? (it|them)\b|\bloves? (it|them)\b|\bpositive|^great\b|\bnot great|\bwell\b|\bhealthy|outstanding|above average|exceptional|superb|\bpleasant|\badequate|first class|\battractive|\bfriendly|fantastic|\bstrong\b|brilliant|\blovely|marvellous|wonderful|terrific|\bperfect|impressive|\bdecent|\bfine\b|first rate|top notch|thriving|\bsplendid|top marks|full marks|\bfresh\b|\bda\b|\bdda\b|ardderchog|gwych|rhagorol|\bbest|iach\b",
        ),
    )
)
# Concepts of which more is worse for the people who live there.
BAD_IF_HIGH = frozenset({"worry", "problem"})
_EXTREME_WORDS = re.compile(
    r"excellent|outstanding|exceptional|superb|terrible|awful|appalling|spotless|filthy|delighted|impossible|inadequate|unacceptable|disgrace|shocking|abysmal|\bdire\b|brilliant|perfect|immaculate|pristine|marvellous|wonderful|terrific|dreadful|hopeless|\b(love|hate|loathe)s? (it|them)\b|ardderchog|gwych"
)
_NEUTRAL = re.compile(
    r"\bneither\b|\bneutral\b|undecided|in between|in the middle|^(mixed( feelings| views)?|(not sure|unsure) (either|one) way.*)$|(about|stayed|much) the same|^(the )?same$|y naill( ffordd)? na'r llall|"
    r"no (real )?(change|difference)$|\bnac\b|^(?:(?:it|they)(?:'s|'re| is| are) )?(fair|average|ok|okay|acceptable|adequate|moderate|(?:a )?medium|(?:a )?reasonable|so-so|satisfactory)( quality)?$|"
    r"^neither( one nor the other)?$|^(middling|in two minds|it depends|depends.*|it varies|varies|half and half|(50|fifty).?(50|fifty)|up and down|a? ?(bit|mixture) of both|on the fence|indifferent|passable|tolerable|bearable|hit and miss|(not|neither) (really )?(bothered|fussed)( either way)?|(i'?m )?in the middle|middle of the road|take it or leave it|no strong view|meh|patchy|all right|alright|fair to middling|fair enough|(could|can) go either way|no (real )?(view|opinion|feeling|preference)s? (either|one) way|no strong (views?|feelings?|opinions?)( either way)?|neither .*|sometimes (yes )?sometimes (no|not)|yes and no)$|^(cymedrol|gweddol|niwtral)$"
)
_STRENGTHS = tuple(
    (re.compile(pattern), strength)
    for pattern, strength in (
        (r"\b(below|above) average\b", 1.0),
        (r"\b(always|extremely|completely|totally|entirely|absolutely|wholly|exceptionally)\b", 2.6),
        (
            r"\b(more than (?=satisf|happy)|very|badly (?=let|disappoint)|strongly|definitely|highly|really|fully|much|wholeheartedly|firmly|often|frequently|a lot|a great deal|loads|lots|wholeheartedly)\b|\biawn\b|'n gryf\b",
            2.2,
        ),
        (
            r"\b(terribly|awfully|dreadfully|huge|enormous|massive|immense|gigantic|hugely|enormously|immensely|incredibly|deeply|greatly|acutely|intensely|downright)\b",
            2.4,
        ),
        (r"\b(quite a (bit|lot)|a fair bit|a good deal|considerably|substantially)\b", 1.6),
        (r"\b(generally|mostly|mainly|usually|largely|on the whole|by and large)\b", 1.3),
        (
            r"\b(fairly|quite|half|enough|something of|reasonably|moderately|tend to|probably|somewhat|rather|partly|moderate|moderately|to some extent|pretty|more or less)\b|\beithaf\b|tueddu",
            1.1,
        ),
        (r"\b(big|major|serious|severe|large|great|[mf]awr)\b", 2.0),
        (
            r"\b(sometimes|occasionally|rarely|slightly|slight|a little|a bit|bit|a minor|a small|minor|small|mildly|hardly|barely|marginally|a touch|a tad|faintly|only just|[bf]ach)\b|\bychydig\b",
            0.7,
        ),
    )
)
_NOT_AT_ALL = re.compile(
    r"\bnot (in the (least|slightest)|one bit|a bit|remotely|by any means)\b|\b(in no way|by no means)\b|\b(not?|don't|do not|doesn't|isn't) (\w+ ){0,3}at all\b|^(not|no|none|never|dim) (?!(a |an |such a )?(very|so|really|particularly|much|too|that|big|especially)\b)|o gwbl"
)
_NOT_VERY = re.compile(
    r"\bnot (a |an |such a )?(very|so|really|particularly|much|too|that|big|especially)\b|\bddim yn .* iawn"
)

# An adverb alone, where the question names what it is about.
_ADVERBS = {
    "extremely": 2.6, "completely": 2.6, "very": 2.2, "definitely": 2.2, "certainly": 2.2, "quite": 1.1, "fairly": 1.1,
    "probably": 1.1, "mostly": 1.3, "largely": 1.3, "highly": 2.2, "very highly": 2.6, "poorly": -1.5, "very poorly": -2.2, "fully": 2.6, "entirely": 2.6, "totally": 2.6, "very much": 2.4, "very much so": 2.4,
    "definitely yes": 2.2, "probably yes": 1.1, "probably no": -1.1, "definitely no": -2.2, "powerless": -2.2, "no": -1.5, "yes": 1.5, "moderately": 1.0, "somewhat": 0.8, "partly": 0.8, "possibly": 0.5, "perhaps": 0.5,
    "maybe": 0.5, "maybe, maybe not": 0.0, "slightly": 0.4, "strongly": 2.2, "to some extent": 0.8, "to a great extent": 2.2, "to a small extent": 0.4, "a lot": 2.2, "a little": 0.5, "hardly": -0.7, "hardly at all": -1.0, "probably not": -1.1, "not really": -1.1,
    "definitely not": -2.2, "certainly not": -2.2, "absolutely": 2.6, "absolutely not": -2.6, "terribly": 2.4, "hugely": 2.4, "enormously": 2.4, "immensely": 2.4,
    "greatly": 2.3, "awfully": 2.4, "a great deal": 2.4, "loads": 2.3, "quite a lot": 1.6, "quite a bit": 1.4, "a fair bit": 1.3, "a fair amount": 1.3, "considerably": 1.6, "some": 0.7,
    "a bit": 0.5, "not a lot": -0.9, "not much": -1.0, "not that much": -1.0, "not very much": -1.1, "very little": -1.3, "hardly any": -1.4, "not in the least": -2.4, "not in the slightest": -2.4,
    "not a bit": -2.3, "not one bit": -2.4, "none": -2.2, "none at all": -2.3, "nothing": -2.2, "nothing at all": -2.3, "by no means": -2.3, "in no way": -2.4, "i think so": 1.1, "i suppose so": 0.8,
    "i don't think so": -1.1, "i doubt it": -1.1, "not likely": -1.5, "no way": -2.6, "no chance": -2.6, "of course": 2.3, "without doubt": 2.6, "without a doubt": 2.6, "for sure": 2.3,
    "up to a point": 0.6, "to a degree": 0.6, "in some ways": 0.5, "sort of": 0.5, "more or less": 1.0, "mostly don't": -1.3, "mostly not": -1.3, "don't": -1.8, "don't at all": -2.4, "generally not": -1.3,
    "doubtful": -0.9, "perhaps not": -0.7, "without a second thought": 2.6, "without hesitation": 2.6, "gladly": 2.2, "rather not": -1.5, "never": -2.3, "top marks": 2.8, "full marks": 2.8, "rock bottom": -2.8,
    "always": 2.5, "usually": 1.5, "everywhere": 2.6, "exactly": 2.6, "not quite": -0.6, "only slightly": 0.3, "only a little": 0.4, "in name only": -1.5, "a member in name only": -1.5, "mildly": 0.4, "hardly ever": -1.4,
}  # fmt: skip
_YES_BUT = re.compile(
    r"\b(but|not|only|(?<!more than )once|sometimes|occasionally|from time to time|now and (then|again)|a (little|bit)|to some extent|partly|rarely|seldom)\b"
)
_YES_NO_LONGER = re.compile(r"\bbut (without|(i am |i'm |i have |have |am )?(not|no longer|never))\b")
_YES_SURELY = re.compile(
    r"\b(definitely|often|regularly|regular|frequently|always|certainly|absolutely|a lot|fully|many times)\b"
)
HOW = "how "
# An adverb with an adjective of which only this question knows: very seriously, hardly known, not seriously at all.
_HOW = re.compile(
    r"(?:extremely|completely|fully|totally|very|really|quite|fairly|reasonably|moderately|somewhat|partly|rather|slightly|"
    r"hardly|barely|a little|a bit|not very|not so|not that|not too|not particularly|not really|not at all) (\w{4,})|"
    r"not (?!very|really|much|often|sure|quite|applicable|asked|answered|stated|enough)(\w{4,})(?: at all)?"
)
# Not agreeing is disagreeing.
_DENIED = re.compile(r"(\bnot\b|n't\b)(?! (only|know|just))")
_COULD_BE_BETTER = re.compile(
    r"could (be|do|have been) better|room for improvement|needs? (some )?(work|improving)|leaves? (a lot|much) to be desired|a let.?down"
)
_NO_BETTER = re.compile(r"(couldn't|could not|can't|cannot) be (any )?better|nothing (could|can) be better")
# What changes nothing before an adverb.
_ONLY = re.compile(r"^(only|just|i'm|i am|i would say|it is|it's|they are|that is|that's|i do|they do|we do) (?=\w)")
_SELDOM = re.compile(r"\b(hardly|barely|scarcely|rarely|seldom|far from)\b")
_HARDLY = re.compile(r"^(hardly|barely|scarcely)\b")
# "They are doing a good job" says good.
_CARRIER = re.compile(
    r"^(?:(?:it|they|he|she|this|that|the \w+)(?:'s|'re| is| are| does| do)? ?)?(?:doing|does|do|done|making|makes|did)? ?(?:an? |the )?([\w' ]+?) (?:job|work|effort|place|level|amount of it)$"
)
# What makes an adjective its opposite, but for words that only begin alike.
_OPPOSITE = re.compile(r"(?:un(?!der|i|t)|dis)(?=\w{4})")

_AMOUNTS = tuple(
    (re.compile(rf"(?:{pattern})" r"(?: (?:of )?(?:a |an )?(?:difference|influence|say|impact|control|power|trust|extent|use|"
        r"chances?|opportunit(?:y|ies)|notice|attention|effect|information|interest|involvement|voice|effort|knowledge|degree))?"), place)
    for pattern, place in (
        (r"(?:a )?great deal|an awful lot|to a very (?:large|great)|lots|loads|heaps|tons|masses|plenty|hugely|enormously|immensely|fully|certainly|(?:very )?high|full|(?:a )?(?:very )?(?:large|great|huge|big|enormous|major|significant|substantial|considerable)(?: amount)?|complete(?:ly)?|total(?:ly)?|entire(?:ly)?|severe|extreme|llawer iawn", 5.0),
        (r"(?:a )?lot|very much|a (?:big|large)|to a (?:great|large|very great|very large|high)|yes(?:,? definitely)?|ydy?n?|llawer", 4.5),
        (r"quite a (?:lot|bit|big|large)|a (?:fairly|quite) (?:big|large|great)|more than enough|a (?:fair|good) (?:amount|deal|bit|few)|considerably|substantially|to a (?:fair|considerable|good)|mostly|largely|cryn dipyn", 4.0),
        (r"some|to some|to a|to a certain|sort of|sometimes|maybe|perhaps|possibly|medium|(?:yes,? )?(?:partly|to some extent)|enough|about (?:right|the right amount)|(?:a )?moderate(?:ly)?(?: amount)?|somewhat|partly|to a moderate|in part|(?:only )?in parts|(?:only )?partly|half|up to a point|it (?:depends|varies)|so-so|middling|rhywfaint|peth", 3.0),
        (r"nowhere near enough|nothing like enough|(?:far|much|way) too little", 1.3),
        (r"not quite enough|(?:slightly|a (?:bit|little)) too little", 2.1),
        (r"(?:about|just|just about) enough", 3.0),
        (r"(?:nearly |almost )?all (?:of )?(?:it|them|these|this|of these)", 5.0),
        (r"most (?:of )?(?:it|them|these|this)", 4.0),
        (r"(?:some|half) (?:of )?(?:it|them|these|this)", 3.0),
        (r"(?:a few|a bit|a little|few|little) (?:of )?(?:it|them|these|this)", 2.2),
        (r"(?:none|nothing) of (?:it|them|these|this)", 1.0),
        (r"too much", 2.9),
        (r"(?:nearly |almost )?(?:everyone|everybody|all people|pawb)", 5.0),
        (r"(?:very many|most)(?: people| residents)?|y rhan fwyaf(?: o bobl)?", 4.4),
        (r"many(?: people| residents)?|llawer o bobl", 3.9),
        (r"(?:a few|some|several|quite a few)(?: people| residents)?|rhai(?: pobl)?", 3.0),
        (r"(?:very |only a )?few(?: people| residents)?|hardly (?:anyone|anybody)|not many(?: people)?|ychydig o bobl", 2.0),
        (r"no one|nobody|no people|neb", 1.0),
        (r"a (?:little|bit|small|limited|minor)(?: amount)?|minor|small|low|slight|slightly|to a (?:very )?(?:small|limited|slight|minor)|only (?:a little|slightly)|mildly|a touch|ychydig", 2.2),
        (r"not (?:very |that |really )?(?:much|a lot)|not really|hardly(?: any| at all| anything)?|too little|not enough|(?:very |only a )?little|barely(?: any)?|dim llawer", 2.0),
        (r"not? at all|nothing(?: at all)?|none(?: at all)?|no|no (?:\w+ )?at all|not any|not in the (?:least|slightest)|not (?:a|one) bit|none whatsoever|dim(?: byd)?(?: o gwbl)?", 1.0),
    )
)  # fmt: skip

_STARS = re.compile(r"(\d{1,2})(?: stars?| ?/ ?(?:5|10)| out of (?:5|10|five|ten))")


def meanings_of(label: str) -> list[Meaning]:
    """Return what an answer may mean, one Meaning for each concept under which it can be understood."""
    text = bare(label)
    found = _between_ends(text)
    stars = _STARS.fullmatch(text)
    if stars:
        found.append(Meaning("quality", float(stars[1])))
    amount = next((place for pattern, place in _AMOUNTS if pattern.fullmatch(text)), None)
    if amount is not None:
        found.append(Meaning("amount", amount))
    often = times_a_year(text)
    if often is not None:
        found.append(Meaning("frequency", often))
    hours = hours_a_month(text)
    if hours is not None:
        found.append(Meaning("time", hours))
    yes = re.fullmatch(r"(yes|ydw?|oes|do|ie|true|y)\b,?( .*)?|(a |an )?(active |current |present )?member", text)
    if yes:
        found.append(
            Meaning(
                "yes_no",
                0.0
                if _YES_NO_LONGER.search(text)
                else 0.7
                if _YES_BUT.search(text)
                else 1.5
                if _YES_SURELY.search(text)
                else 1.0,
            )
        )
    elif re.fullmatch(
        r"(no|na|nac? (ydw|oes|ydy)|naddo|nage|false|n)\b,?( .*)?|(i )?(did|was|have been|have) in the past|not any longer|not a member|(a |an )?(former|past|lapsed|ex|non).?member|never( been)? a member|not (yet|at all|any ?more|now|currently|at present)|(i'm|i am|we are) not (in|a|an|one|part|involved|active)\b.*|(i )?used to( be)?|(not now|no longer)\b.*|in the past",
        text,
    ):
        found.append(Meaning("yes_no", 0.0))
    return found


def _between_ends(text: str) -> list[Meaning]:
    text = re.sub(
        r"^(?:(?:nac )?(?:ydw|ydy|ydyn|oes)[,;:]|(?:do|naddo|ie|nage)[,;:]|yes[,;:]?(?: but)?|no[,;:]|(?:yes|no) -|no(?= not\b)) (?=\w)",
        "",
        text,
    )
    text = _CARRIER.sub(lambda found: found[1], text)
    if _NO_BETTER.search(text):
        return [Meaning("quality", 3.0)]
    if _COULD_BE_BETTER.search(text):
        return [Meaning("quality", -1.0)]
    if _NEUTRAL.search(text):
        return [Meaning("any", 0.0)]
    strength = next((size for pattern, size in _STRENGTHS if pattern.search(text)), 1.5)
    if _EXTREME_WORDS.search(text):
        strength = 3.0
    is_none, is_little = bool(_NOT_AT_ALL.search(text)), bool(_NOT_VERY.search(text))
    # "Not well" is a little more than "not well at all".
    nothing = -1.9 if text.startswith("not ") and "at all" not in text else -2.2
    for concept, bad, good in _ENDS:
        if bad.search(text):
            is_denied = is_none or is_little or bool(_DENIED.search(text))
            return [Meaning(concept, strength if is_denied else -strength)]
        if good.search(text):
            is_denied = bool(_DENIED.search(text))
            place = (
                nothing
                if is_none
                else -1.1
                if is_little or _SELDOM.search(text)
                else -strength
                if is_denied
                else strength
            )
            return [Meaning(concept, place)]
    how = _HOW.fullmatch(text)
    if how:
        what = how[1] or how[2]
        sign = -1 if _OPPOSITE.match(what) else 1
        is_little = is_little or bool(_HARDLY.search(text))
        place = nothing if is_none else -1.1 if is_little else sign * strength
        return [Meaning(f"{HOW}{_OPPOSITE.sub('', what, count=1)}", place)]
    if is_little:
        return [Meaning("any", -1.1)] if len(text.split()) <= 3 else []
    if is_none and len(text.split()) <= 3 and ("at all" in text or "o gwbl" in text):
        return [Meaning("any", -2.2)]
    plain = _ONLY.sub("", text)
    return [Meaning("any", _ADVERBS[plain])] if plain in _ADVERBS else []
