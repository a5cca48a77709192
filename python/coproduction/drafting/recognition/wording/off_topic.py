"""Questions of resident surveys that measure nothing of the paper, although their words or answers look like it."""

from __future__ import annotations

import re

# What a question asks instead, by its words.
_ASKED_INSTEAD = tuple(
    (what, re.compile(pattern))
    for what, pattern in (
        ("life as a whole", r" (satisf\w+|content|happy|pleased) .{0,25}(your|my) life | life (nowadays|these days|treating you) | life as a whole | (life|things you do|things i do) .{0,25}worthwhile | worthwhile .{0,45}life | (your|my) life (as it is|today|now|at the moment|right now) | happy (have you (been|felt)|were you|did you feel|are you nowadays|would you say you are) |"
         r" anxious did | (ar|â|gyda|ch|eich) bywyd (y dyddiau hyn|ar hyn o bryd|yn gyffredinol) | (ar|â|gyda) eich bywyd | gyda('ch| eich) bywyd | quality of life in | feel lonely | (sleep|feel) well yesterday "),
        ("the respondent's own health", r" (is|rate|describe|about) your (own )?((general|physical|mental|overall|emotional) )*(health|wellbeing|well being)( in general)? (?!in (your|my) )| your (general|overall) (health|wellbeing) |"
         r" your health in general | your (own )?(physical |mental )?health (stop|limit|prevent|keep|affect)\w* you | general health $|^ (self rated |my )?(general |overall )?health( status)? $"),
        ("decisions in general", r" (influence|affect|shape|say in|involved in) (the )?(local )?decisions? (affecting|that affect|about|in|made in) (your|my|the) (local )?(area|community|neighbourhood) | (a |much )say (do you have )?in what (the |your |our )?(\w+ ){0,3}(council|borough|district|county|city) (decides?|does) "),
        ("belonging and cohesion", r" belong(ing)? to (your|my|this) (local |immediate |own )?(area|neighbourhood|neighborhood|community|town|city|village) | different (ethnic |religious )?backgrounds | get on well together | respect and consideration |"
         r" treat (each other|one another) | (people|neighbours|residents) .{0,20}treat people | (proud|pride) (of|in) | community spirit | neighbours (talk|know each other) "),
        ("trust", r" (do you|can you|to|can be) trust(ed)? | i (\w+ )?trust | (ym|fy) ?mddir\w* | ymddiried | most people can | trustworthy "),
        ("the council as a whole", r" runs things | value for money | tax dollars | council tax | (services|council services) and benefits | reputation of |"
         r" council services (generally|overall|in general) | overall .{0,25}(council|city) (services|as a whole) | (your|an|the) enquiry | customer services? | (call|contact) centre |"
         r" (contact|contacted|contacting) (the|your|us) ?(council|city)? (in|about|by|via|within) | member of staff | staff (were|was) "),
        ("the area as a whole", r" (getting|be|become|got|gone) (better or worse|worse or better) | as (a place|somewhere) to (live|work|raise|retire|visit|bring up|grow (up|old)|be) | recommend | move (away|house|out of) | (likely|intend|plan) to (stay|remain|leave) "),
        ("money and work", r" managing financially | finances? | (household|your) income | financial(ly)? | cost of living | afford | employ(ed|ment|er) | your job | working (status|hours|at present) "),
        ("votes", r" (vote|voted|voting) (in|at) (the|a|an|any) .{0,25}(election|elections|referendum) "),
        ("voting and politics", r" (vote|voted|voting|election|elections|politics|political party|democracy|councillors?) "),
        ("the internet and the media", r" (internet|online|broadband|smartphone|computer|television|tv|radio|newspaper|newspapers|social media|facebook|digital|app|website) "),
        ("the use of services", r" (use|used|using|visit|visited|visiting|go to|travel (on|by|with)|catch|borrow\w*) (the |your |a |an |our |any |local |council |council's |public )*(internet|computer|smartphone|library|libraries|leisure|"
         r"sports? centres?|swimming pools?|museums?|theatres?|bus|buses|trains?|trams?|town centre|city centre|high street|shops|website|app|car parks?|market) | (bought|buy|buys) .{0,25}(market|supermarket|high street|shops) | (use|used|using) (the |our |your |a |an )?(\w+ )?(app|website|portal) for | (watch|listen to|read) (the |local |national )*(television|tv|radio|news|newspapers?) "),
        ("pastimes", r" (binge|box sets?|takeaways?|lottery|bingo|betting|fishing|angling|golf|deckchairs?|video games?|cinemas?|cruise|fun day) | watch(es|ed|ing)? .{0,20}(sport|tv|television|films?|box sets?|series) | play(s|ed|ing)? .{0,15}(games|cards|bingo|lottery) | eat(s|ing)? out "),
        ("what happened to the respondent", r" (have|has) you (yourself |personally |ever )?(experienced|suffered) | (been|were you) (a |the )?victims? (of|to) "),
        ("the use of services", r" services have you used | (do|did) you (do|buy) (your|most of your) .{0,20}shopping "),
        ("the home", r" (number of|how many) (cars|vans|bicycles|bikes|bedrooms|rooms|pets) | do you (keep|have|own) (any )?(animals|pets) "),
        ("other services", r" (libraries|library|leisure|sports? centres?|museum|museums|theatre|arts|planning (applications?|decisions?)|place to park|parking|car parks?|highways?|"
         r"road (maintenance|repairs)|maintenance of .{0,30}(streets?|signs|signals|sidewalks|roads)|streetcar|airport|sidewalks?|infrastructure|snow|court|fire (protection|and rescue)|ambulance|emergency medical|roads|potholes|traffic|bus(es)?|bus services?|public transport|trains?|ferry|ferries|timetable|christmas|festivals?|fireworks|events|schools?(?! run)|childcare|nursery|education|council housing|benefits office|"
         r"registrars?|town centre|shops|high street|markets?) "),
        ("language", r" (speak|understand|read|write|spoken|conversation in|siarad) .{0,20}(welsh|english|cymraeg|irish|gaelic|spanish) | (main|preferred|first) language "),
        ("the home", r" ((holiday|second) homes?|(cars?|vans?) (or|and) (cars?|vans?) in|tenure|mortgage|landlord|own or rent|car or van|owned or rented|accommodation|your home (is|was)|type of (home|house|property)) | do you (own|have) (a|an|any) \w+ $| (your|own|have a) (car|van|garden|dog|pet) "),
        ("concern about the world", r" (concerned|worried|concern|worry) .{0,25}(climate change|global warming|the (climate|planet|future|world|economy|country)|cost of living|inflation) "),
        ("visits to services", r" (use|used|using|visit|visited|been to|seen|go to|gone to|went to|shop|shopping|eat|read|watch) (a |an |the |your |any |our |my |out )*(local |nearest |village |town |city |council )*"
         r"(gp|gps|gp surgery|surgery|doctor|hospital|a and e|pharmac(y|ies)|chemist|dentist|optician|pub|cafe|restaurant|cinema|museum|village shop|shops?|online|post office|bank|gazette|newspaper) | (use|how often do you use) of the (village |local )?(shop|pub|library|surgery) "),
        ("other demographics", r" (live|living) (alone|with others) | (have you|do you have|are there) (any )?(dependent |young )?children | caring responsibilit\w+ | do you (smoke|vape) | are you a carer | caring for children (under|below|aged|at home) | (physical|mental) (or mental )?health (condition|problem)s? | (religion|faith|belief|sexual orientation|marital|civil partnership|nationality|country of birth|national identity|disability|"
         r"armed forces|pregnan\w+|(parent|guardian)( or \w+)? of|are you disabled|yourself (to be )?disabled|deprivation|deciles?|quintiles?|household size|long standing illness|day to day activities) | lasting (or expected|12 months) | (limited|limiting) by a .{0,20}(problem|condition|illness|disability) | that has lasted |"
         r" (health )?conditions? or illness(es)? |how many (people|adults|children) "),
        ("the survey itself", r" (this|the) (survey|questionnaire) | prize draw | contact you again | take part again | (hear|heard|find out) about this "),
        ("what should be done", r" (your|top|main|spending|most important|council's) (priority|priorities) | (should (the council|we) (do|spend|focus|prioriti\w+)|(do|does) .{0,30}matter to you|how important|in favour of|should (there|it) be|likely (is it that |are )?you (to|will|would)|would you (use|prefer|support|buy)|go first|support an? (increase|cut)|proposal|proposals|budget) "),
    )
)  # fmt: skip

# Somebody else than the respondent.
OTHER_PERSON = re.compile(
    r" (interviewer(?! (records?|codes?|notes?|observes?) )|interviewer's|child|child's|children|children's|youngest|oldest|partner|partner's|spouse|husband|wife|mother|father|parents?|"
    r"household members?|other (adult|person)|head of household|person you care for|pet|property|building) "
)


# Activities for a theme name them too: reporting potholes, driving somebody to the shops.
SERVICES = "other services"
_NAMED_BY_ACTIVITIES = frozenset({SERVICES, "the internet and the media", "money and work"})
# These are asked instead even if the question names a theme: feeling lonely, a health condition, taxes for the police.
WHATEVER_THE_THEME = frozenset(
    {
        "life as a whole",
        "pastimes",
        "what happened to the respondent",
        "votes",
        "the respondent's own health",
        "visits to services",
        "concern about the world",
        "belonging and cohesion",
        "other demographics",
        "the survey itself",
        "what should be done",
    }
)

# Some studies count these as conditions of a theme.
OWN_LIFE = {"life as a whole": "wellbeing", "the respondent's own health": "health"}


# What only a question about doing something asks: a visit may also be judged.
_OF_ACTIVITIES = frozenset({"visits to services"})


def asked_instead(words: str, is_activity: bool) -> str:
    """Return what a question asks that the codebook does not measure, '' if its words say nothing of the kind.

    ``is_activity`` says that its answers are about doing something.
    """
    found = (what for what, pattern in _ASKED_INSTEAD if pattern.search(words))
    not_asked = _NAMED_BY_ACTIVITIES if is_activity else _OF_ACTIVITIES
    known = [what for what in found if what not in not_asked]
    return next((what for what in known if what in WHATEVER_THE_THEME), known[0] if known else "")
