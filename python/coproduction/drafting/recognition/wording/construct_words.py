"""The words by which a question about a theme is recognised: clues with points for each construct of the paper.

Only the paper's constructs are here; what a codebook has in addition is recognised by its own words (vocabulary.py).
"""

from __future__ import annotations

import re
from re import Pattern
from typing import NamedTuple

from coproduction.drafting.recognition.wording.welsh import welsh


class Clue(NamedTuple):
    """A pattern in the words of a question, and how much it says; negative points speak against."""

    pattern: Pattern[str]
    points: float


def clues_of(*rows: tuple[str, float]) -> tuple[Clue, ...]:
    """Return the clues of patterns with their points."""
    return tuple(Clue(re.compile(pattern), points) for pattern, points in rows)


# What people do, in Welsh.
WELSH_DEEDS = f" ({welsh('deed')}) "
GROUP = (
    f" ({welsh('group')}|aelod o|aelodau o|perthyn i|cymryd rhan) |"
    r" (join|joined|joining|took part in|taken part in|take part in|taking part in) (in )?(a|an|any|in|the) .{0,40}(activity|activities|project|projects|event|events|campaign|group|scheme|watch) |"
    r" (participate|participated|participating|involved|get involved|lend a hand|helped out|help out) (in|with|at)(?! home) |(crime|neighbourhood|neighborhood|block|home|speed|street) watch |"
    r" a member of (a|an|any|the) | (you|be|been) (a )?part of (a|an|any|the) | been (a )?part of | belong to (a|an|any|the) .{0,30}(group|club|body|scheme|watch|organisation|organization|association) |"
    r" (join|joined|joining|worked|work|working|acted|together|along) (in )?(with|alongside) (other|others|people|your )|"
    r" (a|an|any|local|community|residents|residents'|patients'|tenants'|carers'|voluntary|neighbourhood|watch|action|friends|campaign|support|litter|health|self help) "
    r"(group|groups|organisation|organisations|organization|organizations|club|clubs|association|associations|society|scheme|schemes|forum)\b|"
    r" (in|of|with|through|as part of) (a |an |any |local |community |other )*(group|groups|organisation|organization|organisations|association|clubs?)\b|"
    r" (attended|attend|been to|been along to|gone along to|gone to|go to|taken part in|take part in|took part in) (a |an |any |local |public |community |organised )*"
    r"(meeting|meetings|forum|event|events|action day|clean up|group|campaign)|"
    r" (attended|attend|been to|gone to|go to|went to|part in|help out at|helped out at) .{0,45} "
    r"(meeting|meetings|forum|event|events|group|patrol|patrols|scheme|club|clean ups?|cleanups?|plantings?|litter picks?) |"
    r" active (are you )?in (it|the group|them) | (given|give|gave|gives|giving) (your |some |my |of )?(time|a hand|help|of your time) to (a|an|any|your|the) |"
    r" together with (others|other|neighbours|your)| with other (residents|people|local|citizens)| volunteer| gr[wŵ]p | (a|an|any|the|this|that|your|of|with|in|our) (\w+ ){0,3}(circle|panel|band|crew|choir|rota|corps|squad|network|whatsapp|brigade|wardens|greeners|work day|work party|working party|litter pick|clean ups?|coffee morning|lunch club|befriending|get together|street party|forum|patrol|committee) |"
    r" (along|together|out|round|there) with (other|others|them|your|people|neighbours)| (with|alongside) (the )?(others?|other people|them|neighbours|your neighbours|a team) $| turn(s|ed)? out (for|with) | friends of | residents (do|run|hold|put on) together | signed up (with|to|for) | your group | work with others | others in it |"
    r" come to the meetings | (nhw|gyda nhw) | criw | ymuno | (ag|gydag) eraill | gyda phobl eraill | mewn grwpiau "
)
SERVANTS = r"(council|councils|police|borough|city|county|nhs|services?|agencies|agency|authorit\w+|they|we|hospitals?|government|department|officers|wardens|departments?|organisations|gps?|trust|parish|district|board|doctors?|nurses?|carers?|surgery|surgeries|staff|somebody from the \\w+|someone from the \\w+|social workers?|officials|bwrdd iechyd|heddlu|cyngor|meddygfa)"
# How good or poor somebody is at something is a verdict on them, and no condition of the area.
HOW_GOOD = (
    r"(?: how (good|bad|well|poor|effective|quick|easy)( or (good|bad|badly|poor|poorly|well|slow|difficult|ineffective))? (a job )?"
    r"(is|are|does|do|has|have) (the |your |our |local |public |town |borough |city |county |district |parish )*"
    + SERVANTS
    + r"|"
    # Whoever is good at doing something provides it.
    + r" how (good|bad|poor)( or (good|bad|poor))? (is|are) (?!(you|i) ).{1,40}? at(?= \w+ing ))"
)
DIFFERENCE = (
    r" (make|makes|making|made) (a |any |much |enough |a real |a big |no |little |some )*difference| (influence|affect|shape|have a say|change) "
    r"|how much difference| difference (can|do|could) | gwahaniaeth "
)

# Who never asks people gives them no say, which is no belief about what people can do.
SERVANTS_ASK = (
    rf"^ (the |our |your |my |local )*{SERVANTS}( \w+){{0,4}}( never| always| rarely| seldom| often| usually| do not| don't| does not| doesn't)? "
    r"(asks?|listens?|consults?|seeks?|involves?) "
)

# What each construct is asked with: the concept of its answers and the words of its wording.
ANSWERED_WITH: dict[str, dict[str, float]] = {
    "individual_activity": {"frequency": 3, "yes_no": 1.5, "tick": 1.5, "amount": 0.5, "extent": 0},
    "group_participation": {"frequency": 3, "yes_no": 1.5, "tick": 1.5, "amount": 0.5, "extent": 0},
    "time_willing": {"time": 4, "frequency": -1},
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
        "confidence": 1,
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
        "confidence": 1,
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
        (r" how often (do|did|have|would|if at all|are) | how (frequently|regularly) | how many times | pa mor aml | on how many of | how much (of (this|these|it) )?(do you do|goes on) | (which|what) (of these )?(have|do|did) you (done|do|did) | off your own bat | i have $", 2),
        (r" (last|past|previous) (12|twelve|six|6|three|3|year|month|few)| in the last year", 1),
        (r" (have|do|did) you | on your own | by yourself | yourself | ydych chi('n| wedi) ", 1),
        (WELSH_DEEDS, 2),
        (r" i have (\w+ed|kept|told|put|made|taken|given|left|spoken|bought|set) ", 2),
        (r"^ i (?!(am|i'm|feel|know|can|could|would|get|have|was|think|trust|believe|need|want|find|hear|do not|don't) )\w+ ", 2.5),
        (r" spend time with | (sit|sat|chat|chatted) with ", 2),
        (rf" (chi|i) teimlo( yn)? ({welsh('feel')}) | faint o broblem ", -4),
        (r" (pick|picked|picking|report|reported|reporting|recycle|recycled|recycling|compost|composted|walk|walked|cycle|"
         r"cycled|clean|cleaned|help|helped|check|checked|save|saved|look|looked|keep|kept|give|given|gave|take|taken|lock|"
         r"locked|grow|grown|planted|exercise|exercised|visit|visited|talk|talked|ask|asked|tell|told|contact|contacted|"
         r"repair|repaired|reuse|reused|called|fix|fixed|mark|marked|done|carried|watch|watched|look|tried|changed|gone|"
         r"encouraged|encourage|rang|rung|ring|phone|message|messaged|feed|feeding|planting|eat|drink|drive|driven|lend|lent|sit|sat|drop in|dropped in|pop in|popped in|invite|invited|leave|left|bring|brought|put|puts|turn|turned|tidy|tidied|collect|collected|donate|donated|"
         r"warn|warned|fit|fitted|install|installed|buy|bought|cut down|intervene|intervened|stepped|accompany|accompanied|looked after|look after|refill|mend|mended|sort|sorted|picks|picking|reports|reporting|recycles|keeps|locks|recycling|let part|fed|carry|skip|took|mind|shop|made|make a point|shopping|cooked|cook|spoken|speak|challenge|challenged|remove|removed|sweep|swept|water|"
         r"watered|use|used|switch|switched|avoid|avoided|stopped|eaten|attended|share|shared|phoned|called) ", 2),
        (r" (do you think|do you feel|does|do|is|are) (the |your |local |our )*" + SERVANTS + " ", -5),
        (GROUP, -4),
        (r" (giv\w+|offer\w*) .{0,20}a? ?lift |^ (looking|sitting|chatting|fetching|keeping|cooking|helping|giving|calling|picking|sorting|buying|walking|growing|visiting|taking|putting|turning|doing) ", 3),
        (r" (groups|clubs|associations|organisations|organizations) ", -3),
        (r" (satisfied|agree|willing|how much time|happy with|spare time|how long could|would you give|could you give|prepared to) ", -5),
        (r" (get|got|are|be|been) (lonely|scared|afraid|anxious|isolated|bored|worried) ", -5),
        (r" (feel|felt) (safe|unsafe|lonely|cut off|isolated|cheerful|anxious|happy|left out|listened|ignored) ", -4),
    ),
    "group_participation": clues_of(
        (GROUP, 5),
        (r" (groups|clubs|associations|organisations|organizations) ", 3),
        (r" how often (do|did|have|would) you | how (frequently|regularly) | pa mor aml ", 1),
        (r" (willing|how much time|satisfied|faint o amser) ", -4),
    ),
    "time_willing": clues_of(
        (r" (willing|prepared|able|happy|ready|like) to (spend|give|offer|devote|volunteer|commit|help)| would you (be |give|spend|offer|commit|put|devote|volunteer|consider|contribute|spare|donate|set aside)| spare time |"
         r" could you (give|spend|offer|commit|volunteer|help|put|devote|contribute|spare|donate|set aside|do)| how long (could|would|might) you | (free|up|willing) to give | (hours|time).{0,25} (could|would|can|might) (you )?(find|give|spare|manage|put) | would give to | (time|hours) (\w+ )?available (for|to) | (willing|prepared|happy|ready|able) to (give|offer|spend) | (barod|fodlon) (i|eu|ei|w)? ?(rhoi|roi) | faint o (amser|oriau) .{0,20}(fyddech|allech) |(could|might|can) you (find|manage) | yn barod | (fodlon|gallu) (ei )?(roi|rhoi) | might you (give|spend|be able|offer)", 4),
        (r" time | hours | amser | oriau ", 1),
        (r" (more|extra|additional|further) (time|hours)| (hours|time|minutes) (more|extra|on top) | on top | in addition | how many more | longer ", -6),
    ),
    "time_current": clues_of(
        (r" (do|did) you (currently |usually |typically |already |now |normally )*(spend|give|devote|volunteer)|"
         r" (given|spent) (to|on|each|per|now|currently|helping) | (spend|give|giving|spending) (now|currently|at the moment|already|at present)| (time|hours).{0,40} (currently|at the moment|at present) | (currently|at the moment|at present) .{0,40}(time|hours) | (time|hours) .{0,40}(do|did|have) you (put|spend|spent|give|given|go|devote) | (hours|time) .{0,30}go(es)? on | ar hyn o bryd ", 4),
        (r" time | hours ", 1),
        (r" (willing|would you|could you|prepared|more time|extra time|more hours|spare) ", -4),
    ),
    "time_extra": clues_of(
        (r" (more|extra|additional|further) (time|hours)| (hours|time|minutes) (more|extra|on top) | on top of what | in addition | how many more | doing more (of (it|this) )?(than now)?| more (\w+ ){0,3}than (now|you do|at present) | (mwy|rhagor) o amser ", 5),
        (r" time | hours ", 1),
    ),
    "conditions": clues_of(
        (rf" (chi|i) teimlo( yn)? ({welsh('feel')}) | faint o broblem | pa mor ({welsh('state')}) | (pryderu|poeni) am ", 6),
        (r" (would|willing|help|helping|there|people) .{0,30}(there for me|help (their|each other|one another)|neighbours) | (if i|if you) (ever )?need(ed)? (some )?help | plenty of | (enough|nowhere near) (\w+ )?(parks|green|trees|bins|places) ", 4),
        (r"^ there (is|are) (?!.* (can|could|nothing|point|information|advice) )", 3),
        (r" (goes|go) without | compared (with|to) .{0,30} ago | within (easy )?reach | how much (\w+ )?(is|are) there ", 3),
        (r" how many (people|residents|neighbours) .{0,40}(feel|are|live|drop|leave) | lack (of )?companionship ", 3),
        (r" how (good|bad|clean|safe|unsafe|poor|tidy|healthy|pleasant)( or (good|bad|poor|unsafe|dirty))?\b", 3),
        (r" (my|this|our) (own )?(street|neighbourhood|neighborhood|area|town|village|community|estate|city) (is|looks|feels|has) ", 3),
        (r" (hard|easy|difficult) (or (easy|hard|difficult) )?is it (for|to) .{0,40}(people|residents|someone|anyone) ", 3),
        (r" how well .{0,30}(community|people|neighbours|residents|area) .{0,20}(look|looks|looked|care|cares|support|supports|treat|treats) ", 3),
        (r" (condition|conditions|state|cleanliness|appearance|tidiness|look|looks) of | pa mor (lân|dda|ddiogel|wael) | cyflwr ", 3),
        (r" (what|which) (state|condition|shape) (is|are) | (in what|what sort of) (state|condition|shape) | (walking|out|alone|at home) (.{1,60} )?do you feel | how (much|big|serious|great) (of )?(a |an )?(nuisance|issue|worry) ", 3),
        (r" how (much|often) do you (worry|fear)| (fear|afraid) of | worry about | is there (a lot of|much|any) | how (much|many) .{0,30}(is|are) there | look like (to you )?| how bad (is|are) | how (is|are|has|have) (your|the|life) | spoils? | how (at ease|nervous|anxious|frightened|lonely|cheerful|healthy|peaceful|quiet|noisy|dirty) | (feel|felt) (cut off|lonely|isolated|cheerful|left out|unsafe|anxious|happy|uneasy|at ease) | how (common|widespread) |"
         r" how (much|big|serious) (of )?(a )?problem| problem (in|is|are)| worried about | how (worried|concerned) | feel safe| safe (do )?you feel|feeling of safety", 3),
        (r" (how (would|do) you|please) (rate|describe|judge) (the|your) ", 1.5),
        (r" quality of (the )?(local |green |open |public )?(spaces|streets|parks|area|air|environment|housing) ", 2),
        (r" (as a place to|your (local )?(area|neighbourhood|neighborhood|street|community|town|village)|where you live|locally|in general|eich ardal|ardal leol) ", 1),
        (r"^ (the |your |our |my |local )*(people|neighbours|residents|folk|everyone|everybody|nobody|youngsters|drivers|dog owners|strangers)( round here| here| round our way| in (this|my|our) \w+)? (are|is|look|looks|rally|help|helps|care|cares|get|gets|keep|keeps|drop|leave|throw|drive|drink|hang|fight|treat|know)", 2.5),
        (HOW_GOOD + " ", -5),
        (r" rate (the |your |our )?(\w+ ){0,2}(council|council's|police|nhs|board|board's|trust|authority) ", -5),
        (r" at ease about | how (our|the|your) .{0,40} (look|looks) | part of (a|the|your|this) community | (somebody|someone|anybody|anyone|people) (\w+ ){0,4}(you|i) (can|could) (ask|turn|rely|count|call) | you have (nobody|no one) to | is there (\w+ )?enough | do you feel you have (nobody|no one|somebody|someone) | feel (part|a part) of | feel (that )?(i am|you are) (\w+ )?(needed|noticed|valued|wanted|missed) | is there (somebody|someone|anybody|anyone|nobody) (\w+ )?(nearby|near|here|close|who|you) | how (quiet|dark|loud|bright) ", 6),
        (r" (have|has) had (home |social |any )?(care|treatment|help|support) ", -4),
        (rf" pa mor (dda|wael) (y )?mae (r )?({welsh('servant')}) ", -8),
        (r" without (seeing|finding|stepping|hearing|passing|smelling) |^ you (can't|cannot|can not) (go|walk|move|step|sit) ", 5),
        (r"^ (i'm|i am|i've|i can|i could) (?!(afraid|worried|scared|nervous|lonely|proud|happy|safe) )", -4),
        (r" (safe|unsafe) (in|after|at|by|on|during|when|walking|here|out) | (in|during) the day(time)? | in daylight | after dark ", 2),
        (r" (satisfied|agree|inform|consult|willing) ", -1.5),
        (r" (council|police|services|they) (do|does|is doing|are doing|deal|deals|tell|tells|ask) ", -4),
    ),
    "satisfaction_response": clues_of(
        (r" (are|were) you (looked after|treated|cared for|served|dealt with) | keep on top of | cope with (crime|trouble|nuisance) | (crews?|teams?|people|staff|workers) who (empty|sweep|clean|collect|clear|look after|run) ", 4),
        (rf" ({welsh('tell')}|{welsh('ask')}) ", -4),
        (rf" (delio|ymdrin) (â|ag) | mynd i afael | ({welsh('service')}) | gwneud (gwaith da|digon) | mor (fodlon|dda) .{{0,30}}({welsh('servant')}) ", 3),
        (r" (your |the )?(experience|care|treatment) (of|with|you (got|had|received|get)) | (doing|does) enough | (cleared|cleaned|dealt with|sorted|fixed|repaired|mended|emptied|collected)( up)? (quickly|fast|soon|properly|promptly|in time|on time) ", 3),
        (HOW_GOOD + r" (?=.* )(?!(.* )?(invites?|inviting|works? out|warns?|warning|publicis\w+|pass(es|ing)? on|finds? out|finding out|advertis\w+|tells?|telling|asks?|asking|explains?|informs?|consults?|listens?|lets?|involves?|gives?|giving|informing|explaining|consulting|listening|letting|involving|keep(s|ing)? (\w+ )?(informed|up to date|posted)) )", 5),
        (r" (what|the way|how( well| good)?|with how) .{0,60}" + SERVANTS + r" .{0,25}(do|does|doing|done|deal|deals|dealing|respond|responds|"
         r"responding|tackle|tackles|tackling|handle|handles|act|acts) | (yn ei )?wneud (am|i|ynghylch) | ymateb ", 4),
        (r" (deal|deals|dealing|dealt) with | (tackle|tackles|tackling|handling|response|responds|responding) | (gets?|getting|keeps?|stays?) (right )?(on top of|up with|a grip on|to grips with) | (turns?|comes?|shows?|turning|coming|showing) (up|out) (and|when|if|on) | (sort|sorts|sorted|put|puts|clear|clears|fix|fixes|mend|mends|see|sees|seen) (\w+ ){0,3}(out|right|up|to) when | sorted me out | seen to (without|quickly|promptly|when) | (about|out of) (the )?(job|work) (do|does|make|makes) | how good (a|of a) (job|service) | (good|great|fair|bad|poor) job |"
         r" (they|council|police|parish|we) (do|does|did) (about|for|when|to) | (looks?|looked|looking) after .{0,40}(council|parish|by the) | (street|bin|bins|refuse|rubbish|waste|grass) (sweeping|rounds?|cleaning|cutting|emptying|clearing|collections?) | (emptying|sweeping up|clearing|cleaning up) | efforts? (to|made|by) | (collection|pickup|pick up|sweeping|cleaning|maintenance|clearance) | (care|treatment|service|help|support) (that )?(you|people|patients|residents) (have |has )?(received|get|got|had|been given) |"
         r" (a )?(good|poor|bad) (job|enough job) | performance of | actions? (on|to|against|taken) | (get|gets|receive|receives) (the )?(help|support|care) | how well .{0,60}" + SERVANTS + r" (serve|serves|support|supports|meet|meets|protect|protects|help|helps) |"
         r" (is|are|gets?|being) (quickly |promptly |properly |well )?(cleared|dealt with|repaired|collected|emptied|swept|removed|solved|maintained|tackled|handled) | (opinion|view|impression) of .{0,30}services? |"
         r" access to (a |an |the )?(doctors?|gp|dentists?|nurses?|care|services?) | quality of .{0,30}(care|services?|policing|protection|collection|support|treatment) | (visibility|presence|number) of (the )?(police|officers|wardens)|"
         r" patrols? (my|our|the|this|often) | complaints? (seriously|quickly|well) | (upkeep|maintains?|maintenance|upkeeping) | does enough (to|for|about) | (help|support|care|services?) (that )?.{0,40}(gives?|provides?|offers?|available)( to)? | (doing|does|do|done) (their|its|all|the best|everything|enough|well|too little) "
         r"| (services?|service|work|action) (provided|of the|by the|taken|does|do|is doing|to) | (trying|doing) (enough )?(to|about) | (are|is) (making|improving|helping) ", 3),
        (r"^ (the |your |our |local |my )*" + SERVANTS + r"( \w+)?( and \w+)?( (have|has|do|does|are|is|will|would|always|usually|never|always))? (?!asks?|tells?|listens?|explains?|inform|consults?|lets?|made|finds?)\w+", 1.5),
        (r" (tell|tells|telling|let us know|letting|explain|explains|explained|inform|informs|informed|informing|information|communicat\w*|consult\w*|views|listen\w*|have a say|involve\w*|ask|asks|asking|opinions?|concerns of) ", -3),
        (r" (do|does|did|to|can) (the |your |our |local |they )*(\w+ ){0,3}(tell|explain|inform|communicate|consult|listen|involve|ask|let) | (tells|explains|informs|consults|listens|involves|asks) ", -3),
        (r" (services?|policing|care|support|treatment|collections?|maintenance|provision|facilities|help on offer|patrols?|wardens) ", 1.5),
    ),
    "satisfaction_information": clues_of(
        (r" (would |i )?know (how|where|whom|who) to (get|ask|go|turn|find|look) ", 3),
        (rf" ({welsh('tell')}) | rhoi gwybod i (ni|bobl|drigolion|chi) | info ", 4),
        (r" (tell|tells|telling|told) | let(s|ting)? (us|me|you|people|residents|everyone|everybody|folk|locals|patients|tenants|parents|the public|the community) know | (well|widely|badly) (it is |they are |is it )?(publicised|advertised|announced) | (publicised|warning (us|people|residents)) | (kept|keep|keeps|are|left|am|is) (\w+ )?in the (picture|dark|loop|know) | (get|gets|got) to hear | (i|we|you|never|to) hear (what|back|how) | never hear | (plain|clear|obvious) (where|whom|who|how|what|which) | (know|clue|idea|find out|finding out|learn|see) (exactly |just |well )?(where|whom|who|which|what) (to|in|help|there|is|goes) | where (to|would i|do i) (go|look|turn|find|get|ask) | (kept|keeps?) (us |me |you |people |residents )?(up to (date|speed)|posted) | which \w+ goes | word (of|gets) | inform | informs | informed | informing | information | advice | advised | explain\w* | publicis\w+ | advertis\w+ | pass(es|ed|ing)? on (what|news|word) | alerts? | notif\w+ | communicat\w* |"
         r" up to date | (newsletters?|leaflets?|messages|magazine|guidance|news|publicity|publicise|publicises) | keeps? (you|residents|people) | (know|knows|knew) (enough|where|what|how|who) | (aware|awareness) | (feedback|updates?|update) (after|from|about|on) | (entitled|entitlements?) | (know|understand) (how|whom|who|where) to (contact|report|recycle|find|get|ask|turn|go) | (easy|easier|hard|difficult|where|how) to (find|get|find out|come by) | find out (about|what|when|where|how) | easy to come by | sign ?post(ing|ed)? | (the )?facts | (hear|hears|heard) (enough )?(about|from) | lets? (you|people|residents) know | g?wybodaeth | dweud wrth ", 5),
        (r" (views|consult\w*|listen\w*|involv\w*|say in|what (we|people|residents) (want|think|say|need)|a (real |proper |fair )?say|takes? (any )?notice|before (it|they) asks?|find(s|ing)? out from| (chance|opportunit)\w* (\w+ ){0,4}to tell) ", -4),
        (r" (chances?|opportunit(y|ies)|ways?) (\w+ ){0,4}(to|of) (tell|telling|say|saying|put|putting) ", -6),
        (r" told us | told them | if i tell | tell a friend | (wants?|keen|likes?|willing) to (hear|know) (from|what) ", -6),
    ),
    "satisfaction_consultation": clues_of(
        (r" (somebody|someone|anybody|anyone|people) (\w+ ){0,4}(you|i) (can|could) (ask|turn|rely|count|call) ", -6),
        (rf" ({welsh('ask')}|dweud eu dweud) | (wants?|keen|like|likes) to hear | hear (what|from) (the )?(people|residents|us|patients|locals|islanders|\w+ers|\w+ents) | (seeks?|cares?) (about )?(what|our|people's|residents'|the) ", 4),
        (r" (receive|use|get|need) .{0,20}(care|services?|support|help|centres?) .{0,20}(influence|say|control|voice|decide) ", 6),
        (r" (pays?|paid|paying) (no |little |any |enough )?attention to | (real |proper |fair )?(voice|say) in .{0,30}(decisions?|plans?|how) | (help|helped) (to )?(decide|plan|design|shape) | take (\w+ )?views into account ", 6),
        (r" consult\w* | (ask|asks|asked|asking) (for |you|residents|people|ordinary|local|about|the)| (views|opinions|ideas) | listen\w* | involv\w* |"
         r" shape (its|their|the|your|our) (\w+ )?plans? | have (a|your|their) say | say (in|over|on|that) | takes? account of | takes? .{0,30}(concerns|views|opinions|notice)| (act|acts|acting) on (the |their |residents' |people's )?(concerns|views|opinions)| (concerns|views|opinions|wishes) of |"
         r" (ask|asks|asked|asking) (us|me|people|residents|what|locals|first) | (take|takes|took|taken|taking) (any |some |no )?(notice|heed) | (take|takes|took|taken|taking) .{0,25}on board | find(s|ing)? out (from|what (we|people|residents|you|they|locals|patients) (want|wants|think|need|would)) | what (we|i|people|residents|locals|patients) (say|want|think) | (real|proper|fair|decent|any|no|a) say | (made|make|makes|making) (up )?(its|their|our)? ?minds?( up)? | minds? (is|are) (already )?made up | before (deciding|they decide|it decides|it asks|they ask|making|anything is|anybody|changing) | (parish|public|council|open) meetings | waste of (breath|time) | deaf ears | goes? nowhere | brush(es|ed)? | (residents|people|patients|locals|our|my) ?(voice|voices) | gofyn am | (comment|comments) on | (designed|planned|shaped|developed|decided|produced) (with|by|together) | (understand|find out|know) what (worries|matters|concerns|people|residents) | (my|our) (views?|opinions?|voice) | say (do|does|did|can) .{0,40}have (in|over) | (finding|find) out what (people|residents|local|the public|citizens|matters|worries) | voices? (is |are |be )?heard | (is|are|being|was|were|be) (heard|listened) | notice (is taken )?of what | (shape|influence) (how|the way|services|support|decisions) | (opportunity|opportunities|chance|chances) to | feedback | input | ymgynghori | f?barn | gwrando ", 5),
        (r" let(s|ting)? (us|people|residents|locals|patients|the public) (choose|decide|vote|set|shape|comment|have) | invit(e|es|ing) (us|people|residents|locals|patients|the public) (to|into) (shape|comment|help|join|discuss|decide|plan|give) | hear(s|ing)? (us|me|people|residents|locals|patients) out | (works?|working|finds?|finding|asks?|asking) (out )?what (the )?(people|residents|locals|patients|public|citizens|community) (\w+ )?(want|wants|need|needs|think|thinks) | hear (our|their|people's|residents') (worries|views|concerns|ideas) | drawn into (the )?decisions ", 6),
        (r" (chances?|opportunit(y|ies)|ways?) (\w+ ){1,4}(to|of) (tell|telling|say|saying|give|giving|comment|shape|influence|put|putting) ", 5),
        (r" (opportunity|opportunities|chance|chances|ways|way) (to|of) (tell|telling|say|saying|give|giving|comment|shape|influence) | (influence|control) over (it|them|how|what|the way) ", 3),
        (r" how often ", -1),
        (SERVANTS_ASK, 4),
        (r" (giv\w+|gets?|have|has|having|offer\w*) (\w+ ){0,4}(a|the|any|enough|more) (say|voice) | (part|role) (\w+ ){0,5}(play|have|has|plays) in (decid\w+|decisions?|plan\w*|set\w+|choos\w+) | (find|finds|finding) out (which|what|how) .{0,40}(bother|worry|worries|matter|matters|concern|concerns) ", 4),
        (r" (folks|people|residents) like (me|us|you) | p?b?obl fel ", -4),
        (r" (some things|following) people have | asked (you )?nicely | if asked | if (we|they|somebody) asked ", -5),
    ),
    "political_self_efficacy": clues_of(
        (SERVANTS_ASK, -5),
        (r" (somebody|someone|anybody|anyone|people) (\w+ ){0,4}(you|i) (can|could) (ask|turn|rely|count|call) ", -6),
        (rf" (gyda gilydd|drwy gydweithio|trwy gydweithio|cydweithio) | (gall|gallwn|allwn|gallu|allu|gallai|gallem) (\w+ ){{0,2}}({welsh('people')}|ni|cymunedau) | ({welsh('people')}) .{{0,20}}(gall|gallu|allu|gallai|{welsh('influence')}) ", 4),
        (r" (work|works|act|acts|as) (as )?(a|one) team | (goes|comes|go|come) (up|down) when | what it takes | look after (its|our|their) own | when (they|we|people) (act|stand|work|pull|get) (as one|together) ", 4),
        (r" (patients|residents|people|neighbours|islanders|villagers|citizens|communities|folk|locals) who .{0,30} (can|could) | (join|joined|joining) forces | (working|work|acting|act|stand|standing) (up )?together | (most|all) (people|of us) .{0,25}(joined|took part|helped) ", 4),
        (DIFFERENCE, 3),
        (r" (difference|influence|impact|effect) (can|could|do) (you|i) | (you|i) (can|could) (make|have) (a |any )?(difference|influence|impact) ", -4),
        (r" (people|residents|neighbours|neighbors|citizens|communities|volunteers) .{0,40}(can|could|are able|have the power|have what) ", 2),
        (r" (village|estate|street|town|city|community|neighbourhood|neighbours|residents|patients|parents|people|folk|locals|tenants|all of us|of us) .{0,40}(sticks?|stands?|pulls?|pulled|clubs?|acts?|acting|bands?|gets?|got|works?|join|joins|come|coming) (together|organised|up for|as one) | between (us|them|ourselves) | (acting|working|standing|pulling) together | (could|can) (the |our |your )?(people|residents|neighbours|village|street|community|locals|folk) | (the )?(people|residents|neighbours|village|street|community|patients|folk|locals)( of \w+| here| round here| on (your|this|our) \w+| in \w+)? (together |between them )?(could|can) | no (sway|clout) | (sway|clout) (over|with) | whatever (people like|we|people|residents|ordinary) |(dylanwad|ddylanwad) | ddod at ei gilydd ", 4),
        (r" (communities|neighbours|residents|local people|we) (are|do) (better|best|stronger|more) ", 4),
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
        (r" (somebody|someone|anybody|anyone|people) (\w+ ){0,4}(you|i) (can|could) (ask|turn|rely|count|call) ", -6),
        (r" (i'm|i am) in charge of | got it in me | i know how to (make|keep|stay|stop|prevent|look after) | my own (small )?(efforts?|actions?|habits?) | what i get up to ", 4),
        (r" (difference|influence|impact|effect) (can|could|do) (you|i) | one (household|family|home|person) | it is in my | (my|your) own power | in control of (my|your) ", 4),
        (r" ((gallaf|galla|allaf|alla|gall) i|i fy hun|fi fy hun|fy hun|yn bersonol|bersonol|rwy gallu|rydw i) | (ni|na) allaf ", 4),
        (r" (one|a single) (person|man|woman|individual)( alone)?( like me)? | i have (nothing|something|a lot|little) to (offer|give) | the choices i make | (anything|nothing|something|what) i do ", 4),
        (r" (you|i) .{0,60}(yourself|myself|personally) | (you|i) (personally|yourself|myself) ", 3),
        (r" (my|your) (habits|behaviour|efforts|actions) | (up to (me|you)|(acting|working|doing things) alone|in (my|your) own hands|i alone|my part|on my own) | (you|i) (can|could|am able|feel able|feel confident|have the)| (one|a single) person| (i|me) alone |(confident|sure) (are you |am i |that |about )+(you|i|your|my) | i (don't|do not|cannot|can't) (feel able|think i can)|"
         r" my own (actions?|efforts?) | (do|doing) my bit | by myself | (you yourself|you personally|i personally|i myself) | (i|can) do myself | i am able to | your own (actions?|efforts?) ", 4),
        (r" (what|if|when) i ", 1.5),
        (DIFFERENCE, 2),
        (r" (people|folks|residents|citizens|someone|anyone) like (me|you|us) ", -5),
        (r" how (often|much time)| satisfied ", -4),
    ),
}  # fmt: skip

# These are asked in few words. Without one of them, likeness to examples alone is no evidence.
NEEDS: dict[str, Pattern[str]] = {
    "group_participation": re.compile(
        r" (group|groups|grp|grps|club|clubs|others|together|tog|with|along|alongside|volunt\w*|members?|meetings?|mtgs?|scheme|schemes|\w*watch|patrols?|class|classes|association|associations|"
        r"society|societies|team|teams|forums?|campaign\w*|events?|join\w*|belong\w*|signed|part|involved|organis\w*|help(ed|ing)? out|lend a hand|muck in|turn(ed)? (out|up)|cafe|bank|hub|lunch|choir|"
        r"charit\w+|church|projects?|sessions?|activit\w+|in it|they|them|clean ?ups?|picks?|plantings?|committee|panel|party|day|gr[wŵ]p\w*|ngr[wŵ]p|criw|chriw|clwb|glwb|aelod\w*|gwirfoddol\w*|wirfoddol\w*|cymdeithas|gymdeithas|ymuno|eraill|rhan|gyda|nhw|perthyn|berthyn|cynllun|gynllun|pwyllgor) "
    ),
    "satisfaction_information": re.compile(
        r" (know|knows|knew|known|aware|awareness|tell|tells|telling|told|hear|hears|heard|find out|finding out|clear|plain|explain\w*|inform\w*|info|news\w*|leaflets?|letters?|website|app|signs?|messages?|publici\w*|"
        r"understand|learn|learned|advice|advised|advertised|details|updates?|posted|picture|dark|loop|word|facts|guidance|communicat\w*|feedback|notified|warned|warnings?|clue|where|gwybod|g?wybodaeth|ngwybodaeth|wybod|dweud|hysbysu|esbonio|egluro|info|let (us|me|you|people|residents)|letting) "
    ),
    "satisfaction_consultation": re.compile(
        r" (ask|asks|asked|asking|say|says|views?|opinions?|listen\w*|hear|heard|decide\w*|deciding|decisions?|involv\w*|consult\w*|suggest\w*|comments?|feedback|notice|ideas?|plans?|voices?|account|meetings?|input|shape\w*|board|minds?|"
        r"concerns?|wishes|heed|ignored?|designed|planned|influence|opportunit\w+|chances?|control|seeks?|considers?|find(s|ing)? out|want to hear|wants to hear|hear from|gofyn|ofyn|ymgynghori|f?barn|farn|gwrando|wrando|llais|lais|dweud eu dweud) "
    ),
    "political_self_efficacy": re.compile(
        r" (can|could|cannot|can't|able|power\w*|influence\w*|say|sway|clout|difference|change\w*|together|control|persuade|whatever|matter|matters|voice|effect|affect|impact|make|makes|like (me|you|us)|each other|stick\w*|stand\w*|pull\w*|organised|working as one|act|acts|acting|join\w*|up to|forces|gall|gallwn|allwn|gilydd|gydweithio|cydweithio|dylanwad|ddylanwad|gwahaniaeth|wahaniaeth|newid) "
    ),
    "personal_self_efficacy": re.compile(
        r" (i|i'm|i've|i'd|me|my|myself|mine|you|your|yourself|personally|one person|one household|one family|single person|fi|fy|gallaf|allaf|rwy) "
    ),
}
