"""The words by which a question is recognised: what it measures, its theme and topic, and whether it is turned round.

Each row is a pattern with the points that it gives. Only the paper's constructs and the shipped themes are here; what a
codebook has in addition is recognised by its own words (vocabulary.py).
"""

from __future__ import annotations

import re
from re import Pattern
from typing import NamedTuple


class Clue(NamedTuple):
    """A pattern in the words of a question, and how much it says; negative points speak against."""

    pattern: Pattern[str]
    points: float


def clues_of(*rows: tuple[str, float]) -> tuple[Clue, ...]:
    """Return the clues of patterns with their points."""
    return tuple(Clue(re.compile(pattern), points) for pattern, points in rows)


_GROUP = (
    r" (join|joined|joining|took part in|taken part in|take part in|taking part in) (in )?(a|an|any|in|the) .{0,40}(activity|activities|project|projects|event|events|campaign|group|scheme|watch) |"
    r" (participate|participated|participating|involved|get involved|lend a hand|helped out|help out) (in|with|at)(?! home) |(crime|neighbourhood|neighborhood|block|home|speed|street) watch |"
    r" a member of (a|an|any|the) | (you|be|been) (a )?part of (a|an|any|the) | belong to (a|an|any|the) .{0,30}(group|club|body|scheme|watch|organisation|organization|association) |"
    r" (join|joined|joining|worked|work|working|acted|together|along) (in )?(with|alongside) (other|others|people|your )|"
    r" (a|an|any|local|community|residents|residents'|voluntary|neighbourhood|watch|action|friends|campaign|support|litter|health|self help) "
    r"(group|groups|organisation|organisations|organization|organizations|club|clubs|association|associations|society|scheme|schemes|forum)\b|"
    r" (in|of|with|through|as part of) (a |an |any |local |community |other )*(group|groups|organisation|organization|organisations|association|clubs?)\b|"
    r" (attended|attend|been to|gone to|go to|taken part in|take part in|took part in) (a |an |any |local |public |community |organised )*"
    r"(meeting|meetings|forum|event|events|action day|clean up|group|campaign)|"
    r" (attended|attend|been to|gone to|go to|went to|part in|help out at|helped out at) .{0,45} "
    r"(meeting|meetings|forum|event|events|group|patrol|patrols|scheme|club|clean ups?|cleanups?|plantings?|litter picks?) |"
    r" together with (others|other|neighbours|your)| with other (residents|people|local|citizens)| volunteer| gr[wŵ]p | ymuno | (ag|gydag) eraill | gyda phobl eraill | mewn grwpiau "
)
_SERVANTS = r"(council|councils|police|city|county|nhs|services?|agencies|agency|authorit\w+|they|we|hospitals?|government|department|officers|wardens|departments?|organisations|gps?|trust)"
_DIFFERENCE = (
    r" (make|makes|making|made) (a |any |much |enough |a real |a big |no |little |some )*difference| (influence|affect|shape|have a say|change) "
    r"|how much difference| difference (can|do|could) | gwahaniaeth "
)

# What each construct is asked with: the concept of its answers and the words of its wording.
ANSWERED_WITH: dict[str, dict[str, float]] = {
    "individual_activity": {"frequency": 3, "yes_no": 1.5, "tick": 1.5},
    "group_participation": {"frequency": 3, "yes_no": 1.5, "tick": 1.5},
    "time_willing": {"time": 4},
    "time_current": {"time": 4},
    "time_extra": {"time": 4},
    "conditions": {
        "quality": 2,
        "safety": 4,
        "cleanliness": 4,
        "level": 2,
        "problem": 4,
        "worry": 4,
        "change": 2,
        "ease": 1,
        "agreement": 0,
        "satisfaction": 0,
        "extent": 0.5,
        "amount": 0,
        "yes_no": -1,
        "frequency": -2,
    },
    "satisfaction_response": {
        "satisfaction": 2.5,
        "quality": 1.5,
        "effectiveness": 2,
        "agreement": 0.5,
        "extent": 0.5,
        "amount": 0.5,
        "confidence": 1,
        "ease": 1,
        "usefulness": 1.5,
        "yes_no": -0.5,
        "level": 1,
        "frequency": -2,
    },
    "satisfaction_information": {
        "satisfaction": 2,
        "information": 4,
        "quality": 1,
        "agreement": 1,
        "extent": 1,
        "amount": 0.5,
        "ease": 1.5,
        "usefulness": 2,
        "yes_no": -0.5,
        "effectiveness": 1,
        "level": 1,
        "frequency": -2,
    },
    "satisfaction_consultation": {
        "satisfaction": 2,
        "quality": 0.5,
        "agreement": 1,
        "extent": 1,
        "amount": 1,
        "ease": 1,
        "effectiveness": 1,
        "yes_no": -0.5,
        "level": 1,
        "frequency": -2,
    },
    "political_self_efficacy": {
        "amount": 2,
        "agreement": 2,
        "extent": 1.5,
        "confidence": 1.5,
        "likelihood": 1,
        "effectiveness": 1,
        "yes_no": -0.5,
    },
    "personal_self_efficacy": {
        "amount": 1.5,
        "agreement": 2,
        "confidence": 3,
        "extent": 1.5,
        "ease": 1,
        "likelihood": 1,
        "yes_no": -0.5,
    },
}

WORDINGS: dict[str, tuple[Clue, ...]] = {
    "individual_activity": clues_of(
        (r" how often (do|did|have|would) you | how (frequently|regularly) | how many times | pa mor aml ", 2),
        (r" (last|past|previous) (12|twelve|six|6|three|3|year|month|few)| in the last year", 1),
        (r" (have|do|did) you | on your own | by yourself | yourself | ydych chi('n| wedi) ", 1),
        (r" (codi|ailgylchu|rhoi gwybod|cerdded|beicio|helpu|compostio|arbed|glanhau|gofalu|plannu|cloi|ymweld|adrodd) ", 2),
        (r" (pick|picked|picking|report|reported|reporting|recycle|recycled|recycling|compost|composted|walk|walked|cycle|"
         r"cycled|clean|cleaned|help|helped|check|checked|save|saved|look|looked|keep|kept|give|given|gave|take|taken|lock|"
         r"locked|grow|grown|planted|exercise|exercised|visit|visited|talk|talked|ask|asked|tell|told|contact|contacted|"
         r"repair|repaired|reuse|reused|called|fix|fixed|mark|marked|done|carried|watch|watched|look|tried|changed|gone|"
         r"encouraged|encourage|shopping|cooked|cook|spoken|speak|challenge|challenged|remove|removed|sweep|swept|water|"
         r"watered|use|used|switch|switched|avoid|avoided|stopped|eaten|attended|share|shared|phoned|called) ", 2),
        (r" (do you think|do you feel|does|do|is|are) (the |your |local |our )*" + _SERVANTS + " ", -5),
        (_GROUP, -4),
        (r" (groups|clubs|associations|organisations|organizations) ", -3),
        (r" (satisfied|agree|willing|how much time) ", -4),
    ),
    "group_participation": clues_of(
        (_GROUP, 5),
        (r" (groups|clubs|associations|organisations|organizations) ", 3),
        (r" how often (do|did|have|would) you | how (frequently|regularly) | pa mor aml ", 1),
        (r" (willing|how much time|satisfied|faint o amser) ", -4),
    ),
    "time_willing": clues_of(
        (r" (willing|prepared|able|happy|ready|like) to (spend|give|offer|devote|volunteer|commit|help)| would you (be |give|spend|offer|commit|put|devote|volunteer|consider|contribute|spare|donate|set aside)| spare time |"
         r" could you (give|spend|offer|commit|volunteer|help|put|devote|contribute|spare|donate|set aside|do)| yn barod | (fodlon|gallu) (ei )?(roi|rhoi) | might you (give|spend|be able|offer)", 4),
        (r" time | hours | amser | oriau ", 1),
        (r" (more|extra|additional|further) (time|hours)| on top | in addition ", -3),
    ),
    "time_current": clues_of(
        (r" (do|did) you (currently |usually |typically |already |now |normally )*(spend|give|devote|volunteer)|"
         r" (given|spent) (to|on|each|per|now|currently|helping) | (spend|give|giving|spending) (now|currently|at the moment|already|at present)| currently | at the moment | ar hyn o bryd ", 4),
        (r" time | hours ", 1),
        (r" (willing|would you|could you|prepared|more time|extra time) ", -4),
    ),
    "time_extra": clues_of(
        (r" (more|extra|additional|further) (time|hours)| on top of| in addition | (mwy|rhagor) o amser ", 5),
        (r" time | hours ", 1),
    ),
    "conditions": clues_of(
        (r" how (good|bad|clean|safe|unsafe|poor|tidy|healthy|pleasant)( or (good|bad|poor|unsafe|dirty))?\b", 3),
        (r" (my|this|our) (own )?(street|neighbourhood|neighborhood|area|town|village|community|estate|city) (is|looks|feels|has) ", 3),
        (r" (hard|easy|difficult) (or (easy|hard|difficult) )?is it (for|to) .{0,40}(people|residents|someone|anyone) ", 3),
        (r" how well .{0,30}(community|people|neighbours|residents|area) .{0,20}(look|looks|looked|care|cares|support|supports|treat|treats) ", 3),
        (r" (condition|conditions|state|cleanliness|appearance|tidiness) of | pa mor (lân|dda|ddiogel|wael) | cyflwr ", 3),
        (r" how (much|often) do you (worry|fear)| (fear|afraid) of | worry about | is there (a lot of|much|any) | how (common|widespread) |"
         r" how (much|big|serious) (of )?(a )?problem| problem (in|is|are)| worried about | how (worried|concerned) | feel safe| safe (do )?you feel|feeling of safety", 3),
        (r" (how (would|do) you|please) (rate|describe|judge) (the|your) ", 1.5),
        (r" quality of (the )?(local |green |open |public )?(spaces|streets|parks|area|air|environment|housing) ", 2),
        (r" (as a place to|your (local )?(area|neighbourhood|neighborhood|street|community|town|village)|where you live|locally|in general|eich ardal|ardal leol) ", 1),
        (r" (satisfied|agree|inform|consult|willing) ", -1.5),
        (r" (council|police|services) (do|does|is doing|are doing|deal|deals|tell|tells|ask) ", -4),
    ),
    "satisfaction_response": clues_of(
        (r" (what|the way|how( well| good)?|with how) .{0,60}" + _SERVANTS + r" .{0,25}(do|does|doing|done|deal|deals|dealing|respond|responds|"
         r"responding|tackle|tackles|tackling|handle|handles|act|acts) | (yn ei )?wneud (am|i|ynghylch) | ymateb ", 4),
        (r" (deal|deals|dealing|dealt) with | (tackle|tackles|tackling|handling|response|responds|responding) | efforts? (to|made|by) | (collection|pickup|pick up|sweeping|cleaning|maintenance|clearance) | (care|treatment|service|help) you (received|get|got|had) |"
         r" (a )?(good|poor|bad) (job|enough job) | performance of | actions? (on|to|against|taken) | (get|gets|receive|receives) (the )?(help|support|care) | how well .{0,60}" + _SERVANTS + r" (serve|serves|support|supports|meet|meets|protect|protects|help|helps) |"
         r" (is|are|gets?|being) (quickly |promptly |properly |well )?(cleared|dealt with|repaired|collected|emptied|swept|removed|solved|maintained|tackled|handled) | (opinion|view|impression) of .{0,30}services? |"
         r" access to (a |an |the )?(doctors?|gp|dentists?|nurses?|care|services?) | quality of .{0,30}(care|services?|policing|protection|collection|support|treatment) | (visibility|presence|number) of (the )?(police|officers|wardens)|"
         r" patrols? (my|our|the|this|often) | complaints? (seriously|quickly|well) | (upkeep|maintains?|maintenance|upkeeping) | does enough (to|for|about) | (help|support|care|services?) (that )?.{0,40}(gives?|provides?|offers?|available)( to)? | (doing|does|do|done) (their|its|all|the best|everything|enough|well|too little) "
         r"| (services?|service|work|action) (provided|of the|by the|taken|does|do|is doing|to) | (trying|doing) (enough )?(to|about) | (are|is) (making|improving|helping) ", 3),
        (r" (tell|tells|explain|explains|explained|inform|informs|informed|informing|information|communicat\w*|consult\w*|views|listen\w*|have a say|involve\w*|ask|asks|asking|opinions?|concerns of) ", -3),
    ),
    "satisfaction_information": clues_of(
        (r" (tell|tells|telling|told) | inform | informs | informed | informing | information | advice | advised | explains? | explained | communicat\w* |"
         r" up to date | (newsletters?|leaflets?|messages|magazine|guidance|news|publicity|publicise|publicises) | keeps? (you|residents|people) | (know|knows|knew) (enough|where|what|how|who) | (aware|awareness) | (feedback|updates?|update) (after|from|about|on) | (entitled|entitlements?) | (know|understand) (how|whom|who|where) to (contact|report|recycle|find|get|ask|turn|go) | (easy|easier|hard|difficult|where|how) to (find|get|find out|come by) | find out (about|what|when|where|how) | easy to come by | sign ?post(ing|ed)? | (the )?facts | (hear|hears|heard) (enough )?(about|from) | lets? (you|people|residents) know | g?wybodaeth | dweud wrth ", 5),
        (r" (views|consult\w*|listen\w*|involv\w*|say in) ", -2),
    ),
    "satisfaction_consultation": clues_of(
        (r" consult\w* | (ask|asks|asked|asking) (for |you|residents|people|local|about|the)| (views|opinions|ideas) | listen\w* | involv\w* |"
         r" have (a|your|their) say | say (in|over|on|that) | takes? account of | takes? .{0,30}(concerns|views|opinions|notice)| (act|acts|acting) on (the |their |residents' |people's )?(concerns|views|opinions)| (concerns|views|opinions|wishes) of |"
         r" (comment|comments) on | (designed|planned|shaped|developed|decided|produced) (with|by|together) | (understand|find out|know) what (worries|matters|concerns|people|residents) | (my|our) (views?|opinions?|voice) | say (do|does|did|can) .{0,40}have (in|over) | (finding|find) out what (people|residents|local|the public|citizens|matters|worries) | voices? (is |are |be )?heard | (is|are|being|was|were|be) (heard|listened) | notice (is taken )?of what | (shape|influence) (how|the way|services|support|decisions) | (opportunity|opportunities|chance|chances) to | feedback | input | ymgynghori | f?barn | gwrando ", 5),
        (r" (opportunity|opportunities|chance|chances|ways|way) (to|of) (tell|telling|say|saying|give|giving|comment|shape|influence) | (influence|control) over (it|them|how|what|the way) ", 3),
        (r" how often ", -1),
        (r" (folks|people|residents) like (me|us|you) | pobl fel ", -4),
    ),
    "political_self_efficacy": clues_of(
        (_DIFFERENCE, 3),
        (r" (people|residents|neighbours|neighbors|citizens|communities|volunteers) .{0,40}(can|could|are able|have the power|have what) ", 2),
        (r" (confident|sure) (are you |am i )?that (people|residents|neighbours|local|communities|your community|the community|citizens) ", 5),
        (r" (have|has|had) (no|any|some|little|much|enough|a|a real|a big) (say|influence|control|power|voice) ", 2.5),
        (r" (people|folks|residents|citizens|communities|ordinary people|local people|neighbours|members of the public|together we|more of us|all of us|we all|get together|got together|each other|pobl) ", 1.5),
        (r" (people|folks|residents|citizens|someone|anyone) like (me|you|us) | people like fi ", 2.5),
        (r" (you|i) (personally |yourself |myself )?(can|could|am able|are able|feel able|have the|know how) ", -3),
        (r" (ordinary|local) (people|residents|citizens) ", 1),
        (r" (little|nothing|much|something|a lot|anything) (that )?.{0,40}(can|could) (do|achieve|improve) |"
         r" can (do|achieve|improve|help|really|make) ", 1.5),
    ),
    "personal_self_efficacy": clues_of(
        (r" (you|i) .{0,60}(yourself|myself|personally) | (you|i) (personally|yourself|myself) ", 3),
        (r" (my|your) (habits|behaviour|efforts|actions) | (up to (me|you)|in my own hands|i alone|my part|on my own) | (what|if|when) i | (you|i) (can|could|am able|feel able|feel confident|have the)| (one|a single) person| alone |(confident|sure) (are you |am i |that |about )+(you|i|your|my) | i (don't|do not|cannot|can't) (feel able|think i can)|"
         r" my own (actions?|efforts?) | your own (actions?|efforts?) ", 4),
        (_DIFFERENCE, 2),
        (r" (people|folks|residents|citizens|someone|anyone) like (me|you|us) ", -5),
        (r" how (often|much time)| satisfied ", -4),
    ),
}  # fmt: skip

# What short names of columns say, where there is no wording, or beside it.
NAMES: dict[str, Pattern[str]] = {
    "individual_activity": re.compile(r" (act|activity|activities|indiv|individual) "),
    "group_participation": re.compile(r" (group|grp|collective|groups|joint) "),
    "time_willing": re.compile(r" (willing|time|hours) "),
    "time_current": re.compile(r" time (now|current)| current time| timenow "),
    "time_extra": re.compile(r" time (extra|more)| extra time "),
    "conditions": re.compile(r" (cond|conditions?|safe day|safe night) "),
    "satisfaction_response": re.compile(r" (resp|response) "),
    "satisfaction_information": re.compile(r" (info|information|inform) "),
    "satisfaction_consultation": re.compile(r" (cons|consult|consultation|consulted) "),
    "political_self_efficacy": re.compile(r" (diff|difference|efficacy|influence|polit|political|make difference) "),
    "personal_self_efficacy": re.compile(r" (personal|self) (efficacy|diff) | persefficacy "),
}

# Questions about the person and the survey: words of the column's name or its wording.
PEOPLE: dict[str, Pattern[str]] = {
    "gender": re.compile(r" (gender|sex|rhyw|rhywedd) | (male or female|man or (a )?woman|describe yourself as a man) "),
    "age": re.compile(r" (age|ageband|agegroup|agegrp|oed|oedran) | how old (are|were) you| last birthday | age (group|band|range)"),
    "ethnicity": re.compile(r" (ethnic|ethnicity|race|racial|ethnig|ethnicgroup|ethgroup|ethgrp) | ethnic (group|origin|background)"),
    "education": re.compile(r" (education|educational|qualification|qualifications|addysg|cymwysterau|educ|quals|qual) | (get|go) in school | level of (education|school)| highest (degree|grade|level) "),
    "location": re.compile(
        r" (ward|location|locality|neighbourhood|neighborhood|district|parish|settlement|quadrant|region|area|borough|postcode|postcode sector|council district) $| ward |"
        r" (which|what) (\w+ ){0,3}(part|area|ward|district|town|village|neighbourhood|neighborhood|borough|locality|region|parish|estate|county).{0,40}(live|home|from)| (postcode|zip code) (district|area|sector) |where do you live|where in .{3,40} do you live|(area|part) (do )?you live"
    ),
    "nudge": re.compile(
        r" (nudge|qversion|arm|treatment|experiment|experimental|condition group|treat|versiongroup|random group|split|splitsample) |"
        r" (questionnaire|survey|letter|form|experimental|treatment|random) (version|group|arm|split)|version of the (questionnaire|letter|survey)| version "
    ),
    "replicate_weight": re.compile(
        r" (repwt|repwgt|repw|wtrep|wgtrep|replicate|brr|brrwt|jkw|jkwt|bsw|bootwt|pwgtp) ?[0-9]{1,3} | (replicate|rep|bootstrap|jackknife) (weight|weights|wt|wgt) "
    ),
    "weight": re.compile(r" (weight|weights|wt|wgt|wts|weighting|pweight|finalweight|rimweight|wgtfinal|weightvar|wtfactor|pwgt|pwgtp) "),
    "duration": re.compile(
        r" (duration|minutes|seconds|interviewtime|interview time|timetaken|time taken|totaltime|elapsed|intlength|loi|length of interview|"
        r"time spent on survey|completion time) "
    ),
    "cluster": re.compile(r" (cluster|psu|sampling point|samplepoint|primary sampling unit|household id|hhid) "),
    "stratum": re.compile(r" (stratum|strata|strat) "),
}  # fmt: skip

# Where people were found, if many values are each shared by a few: a bare "Household" may also be its size.
SHARED_PLACE = re.compile(
    r" (household|house hold|hh|dwelling|sampling unit|aelwyd)( (number|no|num|ref|reference|code|key))? "
)

# A longer wording asks for the person only in one of these ways.
ASKS_PERSON = re.compile(
    r" (what|which|how|please|to which|into which|where)( .{0,60})? (gender|sex|age|old|school|ethnic|ethnicity|race|qualification|qualifications|education|degree|ward|live|locality|home|"
    r"postcode|borough|district|area|town|village|born|birthday|oed) | (male or female|man or (a )?woman) | (nudge|version of the|experimental|treatment group)| are you |^ age (at|on|when|of respondent) | year of birth | (beth|faint) yw eich | pa (ward|ardal|grŵp) "
)
LONGEST_TITLE = 4
ABOUT_YOU = re.compile(r" (you|your|yourself|ydych|eich) ")

# The record that a survey tool keeps of an interview.
TOOL = re.compile(
    r" (start|end|started|completed|submit|submitted|recorded|created|modified|startdate|enddate|recordeddate|datestamp|submitdate|"
    r"date|timestamp|completion|received|entered|last modified) (date|time|at|on|stamp|day)?|"
    r" (collector|browser|device|user agent|useragent|operating system|resolution|channel|distribution|referrer|refurl|seed|lastpage|"
    r"startlanguage|user language|language|progress|finished|status|response type|responsetype|respondent (status|source)|custom data|"
    r"external reference|externaldatareference|external data reference|batch|mailing|reminder|returned by|returned|version no|interviewer|"
    r"latest|instanceid|uuid|submission time|index|consent|points|quiz|feedback|total points|"
    r"entered on sheet|source|method|mode|quarter|quarte|sample source|interview status|dispcode|disposition) "
)
# What a question measures if its words do not say, by its answers: a proposal for a person to confirm.
BY_ANSWERS = {
    "satisfaction": "satisfaction_response", "effectiveness": "satisfaction_response", "information": "satisfaction_information",
    "quality": "conditions", "level": "conditions", "safety": "conditions", "cleanliness": "conditions", "problem": "conditions", "worry": "conditions",
    "confidence": "personal_self_efficacy", "time": "time_willing",
}  # fmt: skip
# How a question asks for agreement, which says nothing about what it asks.
PREAMBLE = re.compile(
    r" please (tell|let) us( know)? | please (say|indicate|state|tick|select|rate your satisfaction with) |"
    r" (please )?((say|tell us|indicate|state) )?((to what extent|how (far|much|strongly)) )?(would you say (that )?you |do you )?(agree|disagree)( or (agree|disagree))?"
    r"( with)?( each| any| all)?( of)?( the| these)?( following)?( statements?)?( that)? (?=.*\w)|"
    r" (would you say|do you think|do you feel|in your (view|opinion)|thinking about .{3,40}? (generally|overall)|taking everything into account|"
    r"on the whole|all things considered|still thinking about \w+|overall|in general|generally speaking) "
)
# A statement about what several people can do, or what the respondent can do.
TOGETHER = re.compile(
    r" (group|groups|patrol|patrols|meetings?|together|with others?|with other|scheme|watch|volunteer|volunteers|organised|clubs?|teams?|events?|"
    r"association|associations|organisations?|forum|campaign|ymuno|gr[wŵ]p|eraill) "
)
COLLECTIVE = re.compile(r" (people|folks|residents|neighbours|citizens|communities|community|together|we|us|everyone) ")
PERSONAL = re.compile(r" (i|my|myself|me) ")
ID = re.compile(
    r" (id|ids|serial|serialno|respondent|respondentid|responseid|response|respid|resp id|case|caseno|case number|caseid|casenumber|ref|reference|record|recordid|panel no|"
    r"panelno|panelid|panel number|respondent number|respondent no|uid|uniqueid|key|serial number|case number|urn|sysrespnum|row) "
)
WAVE = re.compile(r" (wave|round|year|sweep|fieldwork|survey year|quarter|quarte|month|period|phase) ")
STATUS = re.compile(r" (status|finished|complete|completed|outcome code|disposition|interview status|response status) ")

# Questions that people answer in their own words.
OPEN = re.compile(
    r" (anything else|comments?|please (say|explain|describe|specify|state|tell|write)|why|own words|what else|any other|further|suggestions?|feedback) "
)

# Agreeing means less and not more of what is measured.
TURNED_ROUND = re.compile(
    r" (little|nothing|not much|no) (that |which )?(\w+ ){0,6}(can|could|able|point|difference|influence|use|say|effect|do|does|will|would)|"
    r" (can't|cannot|can not|could not|couldn't|unable to|don't|do not|doesn't|does not|isn't|is not|aren't|are not|won't|will not|not|never|no one|nobody|pointless|"
    r"waste of time|hopeless|powerless|ignores?|ignored|fails?|failing|failed|lacks?|too (difficult|hard|complicated|little|few|late|slow|busy)|rarely|seldom|hardly|unlikely|useless|impossible) |"
    r" (no|little|hardly any|small|few) (real |much )?(difference|influence|say|power|control|effect|point|interest|idea|notice|attention|information|help|chance|time|impact)|"
    r" not worth | (counts?|good) for nothing | makes no | nothing (we|i|people|residents) | (kept|left|keeps? (us|me|people|residents)) (in the dark|guessing|out) | lip service |"
    r" (only|just|up to|job of|responsibility of|left to) (for )?(the )?(council|politicians|officials|experts|police|government|nhs|doctors|professionals|authorities)( (can|could|are able|to))?|"
    r" out of (my|our|people's|residents') hands | beyond (me|my|our|people's|the) | (out of touch|in one ear|behind closed doors|already decided|without asking|regardless of) |"
    r" (difficult|hard|confusing) to (believe|see|think|find|understand|get|know|have|make|influence|change) | (have|feel|am|are) (powerless|helpless|ignored|unsafe|unheard|isolated) |"
    r" (unsafe|dirty|poor|bad|worse|neglected|run down|afraid|worried) | ddim yn | dim byd | (heb|anodd) "
)
# What people have less of in good conditions.
BAD_THING = re.compile(
    r" (worry|worried|fear|afraid|anxious|concern|concerned|problems?|nuisance|crimes?|vandalism|graffiti|litter|rubbish|pollution|noise|noisy|rowdy|anti social|antisocial|"
    r"drunken\w*|drugs|dirty|loneliness|lonely|isolation|isolated|damage|risk|victim|poeni|ofni) "
)
LITTLE_OF_IT = re.compile(r" (no|not|little|low|few|free (from|of)|rarely|hardly|without|never|less|seldom|safe from) ")
# Agreeing means more.
HOPEFUL = re.compile(
    r" (can|could|able|make|makes|making|difference|influence|confident|improve|improves|change|help|helps|listens?|informed|informs?|told|tells?|ask|asks|asked|seeks?|"
    r"considers?|involved|involves?|enough|good|well|easy|clear|clearly|know|knows|understand|trust|effective|effectively|successfully|responds?|deals?|dealing|safe|clean|"
    r"tidy|healthy|satisfied|say|up to date|together|control|power|gall|gwahaniaeth) "
)
