"""The words by which columns about the person and the tool are recognised, and whether a question is turned round."""

from __future__ import annotations

import re
from re import Pattern

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
    "gender": re.compile(r" (gender|sex|rhyw|rhywedd|m f) | (male or female|man or (a )?woman|describe yourself as a man) "),
    "education": re.compile(
        r" (education|educational|qualification|qualifications|qualified|addysg|cymhwyster|cymwysterau|educ|quals|qual|schooling) | (get|go|got|went|studied|study) .{0,20}(in|at|to|with) (school|college|university|your (education|studies)) |"
        r" level of (education|school)| highest (degree|grade|level) | (leave|left|finish|finished) (full time )?(education|school|studying) "
    ),
    "age": re.compile(r" (age|ageband|agegroup|agegrp|oed|oedran) | (what|which) year were you born | year of birth | how old (are|were) you| last birthday | age (group|band|range)"),
    "ethnicity": re.compile(r" (ethnic|ethnicity|race|racial|ethnig|eth|ethnicgroup|ethgroup|ethgrp) | ethnic (group|origin|background)"),
    "location": re.compile(
        r"^(?!.* (how|why|brought|brings?|like|think|feel|rate|say|move|moved|proud|about|in general) ).* (ward|location|locality|neighbourhood|neighborhood|district|parish|settlement|quadrant|region|area|borough|postcode|postcode sector|council district|(area|ward|district|community|neighbourhood) (committee|forum|partnership)( area)?) $|^ (name of |home |nearest )?(hamlet|island|village|town|community|sub area|area (code|name)|ward (code|name)|lsoa|msoa|electoral (ward|division)) $| ward |"
        r" (which|what) (\w+ ){0,3}(part|area|ward|district|town|village|neighbourhood|neighborhood|borough|locality|region|parish|estate|county|island|hamlet|settlement|community|place|valley|city|suburb).{0,40}(live|home|from)| (postcode|zip code) (district|area|sector) |where do you live|where in .{3,40} (do you live|is your home|are you based|you live)|(place|area) of residence |where is your (home|house) | (closest|nearest) to (where you live|your home) | (which|what) (\w+ (or|and) )?(parish|ward|town|village|district|estate|valley|island)( (or|and) \w+)? are you in | (which|what) .{0,30}(is yours|do you come from|are you from) |(area|part) (do )?you live| (part|end|side|corner|quarter|bit) of (the |our |this )?\w+( \w+)? (are you (in|from)|do you (live|come from)) | (part|end|side|corner|quarter) of (the |our |this )?(town|city|village|borough|county|district|parish|island|valley|bay|area|coast) $| in which (the )?(respondent|household|person) (lives|is) | (area|sector|part|district|ward) where (the )?(respondent|person) lives "
        r"|"
        r" (your|nearest) (nearest )?(village|town|neighbourhood|estate|ward|parish|suburb) $|^ (your|home) community $| nearest (village|town) | whereabouts | where (are you based|is your home)|(pa|ym mha) (ran|ardal|bentref|dref|ward|gymuned) |(yn|ym mha|pa) ran o | (pa|ym mha) (ardal|bentref|dref|ward) | ble .{0,30}byw "
    ),
    "nudge": re.compile(
        r" (nudge|qversion|arm|treatment|experiment|experimental|condition group|treat(?! (people|patients|you|us|each|residents|everyone|one) )|versiongroup|random group|split|splitsample) |"
        r" (questionnaire|survey|letter|form|experimental|treatment|random) (version|group|arm|split)|version of the (questionnaire|letter|survey)| version | (invite|invitation|arm|nudge|randomised|randomized|random allocation) $| (text|letter|message|email|leaflet|flyer|card|wording|version|form|invitation) (\w+ ){0,3}(went out|was sent|you (got|were sent|received)|received|sent) | (cover|covering|invitation) letter $| (which|what) (letter|card|leaflet|message|version|wording|form) (was|were|did) | (form|letter|invitation|invite|message|leaflet) (version|type|wording|variant) | (randomised|randomized|randomly) "
    ),
    "replicate_weight": re.compile(
        r" (repwt|repwgt|repw|wtrep|wgtrep|replicate|brr|brrwt|jkw|jkwt|bsw|bootwt|pwgtp) ?[0-9]{1,3} | (replicate|rep|bootstrap|jackknife) (weight|weights|wt|wgt) "
    ),
    "weight": re.compile(r" (weight|weights|wt|wgt|wts|weighting|pweight|finalweight|rimweight|wgtfinal|weightvar|wtfactor|pwgt|pwgtp) "),
    "duration": re.compile(
        r" (duration|minutes|seconds|interviewtime|interview time|(survey|interview|completion) (length|duration|time)|timetaken|time taken|(minutes|seconds) taken|how long the (survey|interview|questionnaire) took|totaltime|total time|elapsed|intlength|loi|length of (the )?(interview|survey)|cyfanswm (yr|year) amser|amser a gymerwyd|"
        r"time spent on survey|completion time) "
    ),
    "cluster": re.compile(r" (cluster|psu|sampl(e|ing) point|samplepoint|primary sampling unit|household id|hhid) "),
    "stratum": re.compile(r" (stratum|strata|strat) "),
}  # fmt: skip

# Where people were found, if many values are each shared by a few: a bare "Household" may also be its size.
SHARED_PLACE = re.compile(
    r" (household|house hold|hh|dwelling|sampling unit|aelwyd)( (number|no|num|ref|reference|code|key))? "
)

# Where somebody lives, and not where a place is or what brought people there.
LIVES = re.compile(
    r" (live|lives|living|home|house|based|reside|resides|residence|your|yours|are you (in|from)|come from|respondent|person|household|address|this is|byw|cartref|gartref|eich) "
)
# How the sample was drawn, whatever the areas are called.
DRAWN = re.compile(
    r" ((first|1st|primary) stage of (the )?sampling|(sample|sampling|selection) (stratum|strata|area|point|unit)s?|stratum .{0,30}(drawn|selected|sampled)) "
)

# A longer wording asks for the person only in one of these ways.
ASKS_PERSON = re.compile(
    r" (what|which|how|please|to which|into which|where)( .{0,60})? (gender|sex|age|old|school|education|ethnic|ethnicity|race|qualification|qualifications|education|degree|ward|live|locality|home|"
    r"postcode|borough|district|island|hamlet|settlement|community|area|town|village|born|birthday|oed) | (male or female|man or (a )?woman) | (nudge|version of the|experimental|treatment group)| are you | your (nearest|highest) |^ age (at|on|when|of respondent) | year of birth | (beth|faint) yw eich | i ba | ym mha | ble | ydych chi $| pa (ward|ardal|grŵp) "
)
LONGEST_TITLE = 4
NOT_TO_USE = re.compile(r" (do not|don't|not (to be|for)|never) (use|used|analysis) ")
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
# What a grid asks of its statements.
ASKS_VIEW = re.compile(
    r" (agree|disagree|views?|opinions?|comments?|statements?|true|think|feel|say|make of|ring true|sentences?|cytuno|datganiadau|brawddegau|gosodiadau) "
)
# A statement about what several people can do, or what the respondent can do.
TOGETHER = re.compile(
    r" (group|groups|patrol|patrols|meetings?|together|with others?|with other|scheme|watch|volunteer|volunteers|organised|clubs?|teams?|events?|"
    r"association|associations|organisations?|forum|campaign|ymuno|gr[wŵ]p|eraill) "
)
# What a tick box says of who does it.
BY_ONESELF = re.compile(
    r"^ (by myself|on my own|by yourself|on your own|alone|individually|as an individual|ar fy mhen fy hun) "
)
WITH_OTHERS = re.compile(
    r"^ (with (others|other people|a group|neighbours)|as (a )?(member|part) of|in a group|together|mewn grŵp|gydag eraill) "
)
COLLECTIVE = re.compile(r" (people|folks|residents|neighbours|citizens|communities|community|together|we|us|everyone) ")
PERSONAL = re.compile(r" (i|my|myself|me|you yourself|you personally) ")
# A question of boxes about what people have done.
DONE = re.compile(r" (have|did|do) (you|i) | i have | you (have|did|do) ")
FELT = re.compile(
    r" (feel|feels|felt|worry|worried|notice|noticed|see|seen|come across|came across|encounter\w*|smell|witness\w*|hear|heard|bothered|disturbed|kept awake|avoid|steer clear) "
)
FELT_BY_YOU = re.compile(
    r" (do|did|have) you (ever |usually |often )?(come across|came across|encounter\w*|smell|witness\w*|feel|felt|worry|worried|get (lonely|scared|afraid|anxious|isolated|worried)) "
)
POSSIBLE = re.compile(
    r" (can|could|cannot|can't|able|powerless|power|influence|sway|clout|difference|make a|makes a|nothing|gall|gallaf) "
)
OF_SERVICES = re.compile(
    r" (council|councils|police|policing|officers?|nhs|services?|doctors?|nurses?|gps?|surgery|hospitals?|wardens?|parish|district|county|authorit\w+|government|agencies|staff|carers|"
    r"treatment|collections?|they|asked|told) | (care|support|help) (from|for|you|is|that is|available|services?) | (get|receive|given) (\w+ )?(help|care|support) "
)
ID = re.compile(
    r" (id|ids|serial|serialno|respondent|respondentid|responseid|response|respid|resp id|case|caseno|case number|caseid|casenumber|ref|reference|record|recordid|panel no|"
    r"panelno|panelid|panel number|membership (number|no)|member (number|no|id)|respondent number|respondent no|uid|uniqueid|key|serial number|case number|urn|sysrespnum|row) "
)
WAVE = re.compile(r" (wave|round|year|sweep|fieldwork|survey year|quarter|quarte|month|period|phase) ")
STATUS = re.compile(r" (status|finished|complete|completed|outcome code|disposition|interview status|response status) ")

# Questions that people answer in their own words.
OPEN = re.compile(
    r" (anything else|comments?|please (say|explain|describe|specify|state|tell|write)|why|own words|what else|(what|which) one thing|(best|worst) thing|would you change|what would (make|get|help)|any other|further|suggestions?|feedback) "
)

# Agreeing means less and not more of what is measured.
TURNED_ROUND = re.compile(
    r" (little|nothing|not much|no) (that |which )?(\w+ ){0,6}(can|could|able|point|difference|influence|use|say|effect|do|does|will|would)|"
    r" (can't|cannot|can not|could not|couldn't|unable to|don't|do not|doesn't|does not|isn't|is not|aren't|are not|won't|will not|not|never|no one|nobody|pointless|"
    r"waste of time|hopeless|powerless|ignores?|ignored|fails?|failing|failed|lacks?|too (difficult|hard|complicated|little|few|late|slow|busy)|rarely|seldom|hardly|unlikely|useless|impossible) |"
    r" (no|little|hardly any|small|few) (real |much )?(difference|influence|say|power|control|effect|point|interest|idea|notice|attention|information|help|chance|time|impact)|"
    r" not worth | (counts?|good) for nothing | makes no | nothing (we|i|people|residents) | (kept|left|keeps? (us|me|people|residents)) (in the dark|guessing|out|to (find|work|fend|guess|struggle)) | (spend|live|go|goes) \w+ without | lip service |"
    r" without (asking|listening|hearing|telling|consulting|explaining|involving|informing|talking|warning|taking (any )?(notice|account)|checking|finding out) |"
    r" (only|just|up to|job of|responsibility of|left to) (for )?(the )?(council|politicians|officials|experts|police|government|nhs|doctors|professionals|authorities)( (can|could|are able|to))?|"
    r" out of (my|our|people's|residents') hands | beyond (me|my|our|people's|the) | (out of touch|in one ear|behind closed doors|already decided|without asking|regardless of) |"
    r" (difficult|hard|confusing) to (believe|see|think|find|understand|get|know|have|make|influence|change) | (have|feel|am|are) (powerless|helpless|ignored|unsafe|unheard|isolated) |"
    r" (unsafe|dirty|poor|bad|worse|neglected|run down|afraid|worried) | ddim | dim byd | (heb|anodd|nid|methu|does dim|byth|prin) |^ (ni|nid|na) | (ni|na) (allaf|allwn|alla|all|fydd|oes|yw|wn) |"
    r" (nowhere|deaf ears|waste of (breath|time)|in the dark|dig for|brush|brushes|fob|fobs|let(s|ting)? (us|me|people) down|whatever (people|we|the|you)|why bother|futile|powerless|beyond me) |"
    r" (made|makes|make) (up )?(its|their|our)? ?minds? (up )?(\w+ )*before | before (it|they) (even )?asks? | and then (ignored?|forgot\w*|nothing) "
)
# The same of what people believe that they can do, where bad things may be named as well.
CANNOT = re.compile(
    r" (nothing|little|not|no|never|hardly|rarely|seldom|hopeless|pointless|powerless|useless|helpless|futile|nowhere|no odds|whatever|in the ocean|beyond|impossible|waste of|hard to (believe|see|imagine|think)|cannot|can't|couldn't|don't|doesn't|isn't|aren't|won't|unable|why bother|"
    r"only the|up to the|job of|left to|leave it to|too (big|small|few|late|hard|difficult|complicated|busy|old|ill|tired|weak|frail)|out of (my|our|people's) hands|not worth|no one|nobody|ddim|nid|methu|dim|does dim|waeth beth) |^ (ni|nid|na) | (ni|na) (allaf|allwn|alla|all|fydd|oes|yw) "
)
# Words that make no statement the opposite: what a service is for, and what nobody should suffer.
TURNS_NOTHING = re.compile(
    r" (nobody|no one|none of us)( here| else| round here| in ((our|this|the|my) )?\w+)? (is|are|feels|goes|gets|has|need|needs|be|left)(?= )|"
    r" (make|makes|making|made|see|sure) (sure )?(that )?(nobody|no one)(?= )|"
    r" (people|residents|neighbours|those|anyone|anybody|somebody|someone|children|patients|persons|folk|citizens|families|\w+ers) (who|that) "
    r"(are |is |feel |feels |have |has |get |gets |live |lives |need |needs )(\w+)(?= )|"
    r" (someone|somebody|anyone|anybody|people|residents|neighbours) (lonely|isolated|unsafe|vulnerable|in trouble|afraid|worried)(?= )|"
    r" (who|that) (cannot|can't|can not|do not|don't|have no|has no) \w+ (out|about|\w+)(?= )|"
    r" a (little|bit|few|small)( (of|bit|more|help|time|effort|things?|amount|while|my))+(?= )|"
    r" (against|about|prevent|preventing|reduce|reducing|tackle|tackling|stop|stopping|fight|fighting|less|fewer|cut|with|on|of|from) "
    r"(poor|bad|unsafe|dirty|waste|isolated|neglected)( \w+)?(?= )| without (a second thought|doubt)(?= ) |"
    r" not (only|just)(?= )| (if|when) (i|we|you|somebody|someone) (\w+ ){0,2}(unable|not able|cannot|can't|unwell|afraid|unsafe|worried|lonely|ill)(?= )"
)
# What hardly anybody says of something good.
PLAINLY_TURNED = re.compile(
    r" (powerless|helpless|pointless|futile|(get|gets|getting) nowhere|makes? (very )?(no|little) (real )?difference|no point|waste of (time|breath|effort)|drop in the ocean|"
    r"(nothing|not much|very little|little) (that )?(i|we|people|residents|you|anyone|ordinary \w+|one person) (can|could|do|does)|(can|could|able to) (really )?do (very )?(little|nothing)|"
    r"(i|we|people|residents|neighbours|nobody|no one|\w+ers|\w+ents) (cannot|can't|can not|could not|couldn't) (really )?(do|make|change|influence|help|stop)|"
    r"(never|rarely|hardly ever|does not|doesn't|do not|don't|fails? to|no one|nobody) (ever |really |bothers? to )?(asks?|listens?|tells?|told|explains?|informs?|takes?|cares?|consults?|acts?|does|keeps?|hears?|comes?)|"
    r"(no|little) (notice|attention|say|influence|voice|information)|(ignores?|ignored|in the dark|lip service|deaf ears)) "
)
# What people have less of in good conditions.
BAD_THING = re.compile(
    r" (nobody|no one) to | (worry|worried|fear|afraid|anxious|concern|concerned|problems?|nuisance|crimes?|vandalism|graffiti|litter|rubbish|pollution|noise|noisy|rowdy|anti social|antisocial|"
    r"(stop|stops|prevent|prevents|limit|limits) you|drunken\w*|drugs|dirty|loneliness|lonely|isolation|isolated|damage|risk|victim|poeni|ofni|cut off|left out|unsafe|uneasy|nervous|frightened|scared|stressed|mess|dumping|dog mess|break ins|thefts?|sewage|thieves|yobs|gangs|spoils?|how bad|companionship|fly tipping|dog fouling|knives|knife crime|burglary|burglaries|robbery|dumped|polluted|speeding|beggars|begging|rats|vermin|potholes|derelict|eyesores?) "
)
# A good thing of which a question asks how much there is.
OF_GOOD = re.compile(
    r"^( and)? how (well|good) | how (quiet|clean|safe|tidy|healthy|peaceful|pleasant|friendly|unspoilt) "
)
LITTLE_OF_IT = re.compile(r" (no|not|little|low|few|free (from|of)|rarely|hardly|without|never|less|seldom|safe from) ")
# Agreeing means more.
HOPEFUL = re.compile(
    r" (can|could|able|make|makes|making|difference|influence|confident|improve|improves|change|help|helps|listens?|informed|informs?|told|tells?|ask|asks|asked|seeks?|"
    r"considers?|involved|involves?|enough|good|well|easy|clear|clearly|know|knows|understand|trust|effective|effectively|successfully|responds?|deals?|dealing|safe|clean|"
    r"tidy|healthy|rally|rallies|keeps?|quick|quickly|soon|plenty|welcome|voice|hear|explains?|explained|pleasant|look out|looks? after|within (easy )?reach|close to|safer|cleaner|healthier|better|secure|fast|sure|chance|opinions?|views|works?|working|digon|wybodaeth|gwybodaeth|gwrando|wrando|barn|farn|gofyn|gallwn|allwn|gallaf|allaf|gallu|dweud|esbonio|ystyried|gwella|wella|diogel|ddiogel|glân|lân|lanach|iach|gydweithio|cydweithio|gilydd|cefnogaeth|satisfied|say|up to date|together|control|power|gall|gwahaniaeth) "
)
