"""Words by which a question measures something that only looks like a construct (certainty.py)."""

from __future__ import annotations

import re

from coproduction.drafting.recognition import lexicon

SERVICE = re.compile(
    r" (councils?'s?|borough'?s?|city council|nhs|police|public services?|authorit\w+|agenc(y|ies)|government|trust|board|contractors?|landlords?|association) "
)
# What conditions are not about: services, but not "they" or "told".
NAMED_SERVICE = re.compile(f"{lexicon.OF_SERVICES.pattern.replace('|they|asked|told', '')}|{SERVICE.pattern}")
# Whoever provides something, by name or not.
PROVIDER = re.compile(f"{lexicon.OF_SERVICES.pattern}|{SERVICE.pattern}")
ASKING = re.compile(
    r" (asks?|asked|asking|listen\w*|consult\w*|views|opinions|involv\w*|voice|a say|say in|hears? (from|what|out)|(chances?|opportunit(y|ies)|ways?) (\w+ ){0,4}(to|of) (tell|say|give|put|comment)\w*|"
    r"finding out|finds? out what|decid\w+|decisions?|suggest\w*|take (\w+ ){0,3}into account|gofyn|gwrando|wrando|barn|farn|dweud eu dweud) "
)
TELLING = re.compile(
    r" (inform\w*|explain\w*|news|newsletters?|leaflets?|updates?|publicis\w*|advice|advis\w+|told|tells|letting (\w+ ){1,3}know|lets? (\w+ ){1,3}know|up to date|announc\w*|warn\w*|signpost\w*|gwybodaeth|wybodaeth|rhoi gwybod) "
)
# What somebody can bring about.
EFFECT = re.compile(
    r" (difference|influence\w*|chang\w+|improv\w+|mak\w+|do|done|doing|prevent\w*|stop\w*|reduc\w+|help\w*|protect\w*|keep\w*|power\w*|matters?|control|effect|impact|achiev\w+|"
    r"clean\w*|saf\w+|tackl\w+|solv\w+|nothing|hands|look\w* after|cuts?|beat|bring\w*|turn\w*|becom\w+|be|affect\w*|lift\w*|lower\w*|down|up|care|support\w*|play\w*|shap\w+|fix\w*|save[ds]?|"
    r"gwahaniaeth|wahaniaeth|dylanwad\w*|ddylanwad\w*|newid|gwella|wella|gadw|cadw|gwneud|wneud|helpu|atal|wnaiff|wna) "
)
COUNTED_ON = re.compile(
    r" (call on|turn to|rely on|count on|there for (me|you)|ask for help|if (i|you) (ever )?(need|want)\w*|trust|what (i|we) can|(no|enough|the) (time|money)|too busy|afford\w*) "
)
_DOES = r"(?:^ | (?:do|have|did|you|often|yourself) )(?:[a-z] )?(?:you |ever |often |usually |yourself |personally )*"
NOTICED = re.compile(
    _DOES
    + r"(come across|came across|see|seen|saw|notice[ds]?|witness\w*|hear|heard|smelt|experienced?|suffer\w*|been \w+|feel|felt|worry|worried|get|need(ed)?|have to|receive[ds]?) "
)
USED = re.compile(
    _DOES
    + r"(used?|order(ed)?|watch(ed)?|read|listen(ed)?|visit(ed)?|go(ne)? to|been to|bought|buy|borrow(ed)?|applied|paid|pay|play(ed)?|eaten|eat|spent|enjoyed?|rented|hired) "
)
SERVICE_USED = re.compile(
    r" (buy|buys|order|play|play(s|ed)) (?!(second hand|fewer|less|local)) | (used?|using) (the |a |an |our |your )?(\w+ ){0,2}(app|website|portal|service|services|card|hotline) (?!to )|"
    # A list of services or places.
    r" (which|any|each|all) (of )?(these|those|the following|them) (\w+ ){0,4}(have you|do you|did you|you have|you) (\w+ ){0,2}(used?|visit(ed)?|been to|gone to|attended|contacted|read|seen|watched) |"
    r" (used?|visit(ed)?|been to|go to|attend(ed)?|contact(ed)?) (any of |each of |some of )?(these|those|the following) "
)
NOT_YET = re.compile(
    r" (would you (?!say|describe|rate)|might you|(in the|in|near) future|interested in|(plan|intend|hope|likely|thinking of|consider(ing)?) (to|joining|helping|giving|doing)|next (year|month|12|twelve|six)|"
    r"should (the|we|there|they|it)|ought|how important|if you were|supposing|imagine) "
)
OTHER_TIMES = re.compile(
    r" (than (last|a year|before|\w+ (years?|months?) ago)|(years?|months?) ago|better or worse|worse or better|getting (better|worse)|used to|when (i|you) (was|were) (young|a child|at school)|"
    r"(as|for) your (job|employer|work)|at work) "
)
SOMEBODY = re.compile(
    r" ((somebody|someone|anybody|anyone)(?! else)|neighbours?|friends?|relatives?|older people|people who|their|them (a|an|to)|they were|rhywun|cymydog|gymydog) "
)
OF_THE_SICK = re.compile(
    r" (ill|sick|unwell|poorly|frail|hospitals?|clinics?|surgery|doctors?|prescriptions?|medicines?|health) "
)
KNOWN_OF = re.compile(
    r" (heard (of|about)|hear (of|about)|aware of|know (of|about|any)|come across|thought (of|about)|asked to|invited to) "
)
OF_MEMBERS = re.compile(
    r" (gyms?|leisure|trade union|union|political|party|church|chapel|mosque|sports?|golf|bowls|social club|library|loyalty|book club) "
)
WORSE = re.compile(
    r" (wrong|forget|forgot\w*|unlocked|drop(ped)? (litter|rubbish)|fail(ed)? to|smoke[ds]?|drink (alcohol|beer|wine|spirits)|drive (short|alone|to)|avoid(ed)? going|stay(ed)? in) "
)
OF_SOME = re.compile(
    r" (as an? (?!(place|community|neighbour|resident|citizen|whole))\w+|for (children|cyclists?|pedestrians|visitors|tourists|drivers|women|wheelchair \w+)|your (pets?|dog|car|children|child)) "
)
AGENTS = re.compile(
    r" (people|residents?|neighbours?|communit\w+|citizens?|we|us|our|together|jointly|locals?|\w+ers|\w+ents|patients|parents|everyone|everybody|anyone|villages?|street|estate|town|neighbourhood|joining|joined|"
    r"like (me|you)|you|pobl|bobl|phobl|ni|gilydd|cymuned\w*|gymuned\w*|trigolion|drigolion|preswylwyr) "
)
OTHER_AGENTS = re.compile(
    r" (politicians?|business(es)?|compan(y|ies)|firms?|governments?|ministers?|technology|scientists|mps?|councillors?|tourists|visitors|farmers|schools?) "
)
GIVEN = re.compile(
    r" (give|gives|giving|given|spared?|volunteer\w*|offer|devote|contribut\w+|commit|donate|help\w*|others|other (people|residents|volunteers)|together|groups?|neighbours|residents|projects?|schemes?|alongside|"
    r"unpaid|campaign\w*|(improv|mak|look|protect|tackl|reduc|support)\w*|eraill|rhoi|roi|gwirfoddol\w*) "
)
SPENT = re.compile(
    r" (wait\w*|travel\w*|commut\w+|appointments?|watching|shopping|online|paid (?!in)|at work|(your|a) job) "
)
