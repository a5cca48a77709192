"""The words by which the shipped themes and their topics are recognised, each with its points."""

from __future__ import annotations

import re
from re import Pattern

from coproduction.drafting.recognition.wording.construct_words import Clue, clues_of
from coproduction.drafting.recognition.wording.welsh import welsh

THEMES: dict[str, tuple[Clue, ...]] = {
    "environment": clues_of(
        (f" ({welsh('environment')}) ", 3),
        (r" (conservation|conservationists?|gardening|rewilding|wild ?life|fresh air|amenity|food miles|recycled|recyclable|cleanliness of) | the air | (area|street|streets|place|town|village|neighbourhood) (really |now )?looks? | (by (bike|bicycle)|short (trips|journeys)|gutters?|weeds|footpaths?|pavements?|verges?|hedgerows?|air quality) | grow(ing|n|s)? .{0,30}(vegetables|fruit|food|veg) | tend (to )?(the )?(flowers|gardens?) ", 3),
        (r" (environment|environmental|env|litter|cleanliness|curbside|kerbside|trash|garbage|yard waste|recycl\w*|compost\w*|rubbish|fly tipping|flytipping|green (space|spaces)|wildlife|street (cleaning|cleansing)|"
         r"amgylchedd|sbwriel|ailgylchu|climate|pollution|air quality|dog (mess|fouling)|biodiversity|nature|beach(es)?|sewage|refuse|wheelie|meadows?|allotments?|woodlands?|polluted|net zero|carbon|"
         r"hedgehogs?|bees|pollinat\w*|insects|bins?|waste|rubbish\w*|litter\w*|dump(ed|ing|s)?|dog poo|food waste|scraps|single use|refill\w*|reus\w*|plastics?|pristine|spotless|scruffy|green and clean|clean and green|"
         r"sweeping( up)?|mess|filthy|shore|river ?bank|rivers?|towpath|gwastraff|gwenyn|blodau|afon|traeth|natur|hinsawdd|llygredd|ynni) ", 3),
        (r" (planet|rivers?|sea|beach|glass|cans|bottles?|bottle bank|plastics?|emissions?|sustainab\w*|floods?|flooding|countryside|landscape|landfill|dumping|dumped|hedges?|heating|"
         r"tidy towns|tidiness|tidy|untidy|dirt|weeds|leaves|sweeping|refuse|tip|second hand|meat|car|cleaner|greener|planet|insulat\w*|solar|switch off|electricity|"
         r"park|parks|open spaces?|streets?|energy|water|gas|trees?|verge|plants?|garden|bins?|waste|cycled?|bus|cleanliness|clean|dirty|tidy|"
         r"graffiti|repaired|reuse|street lights?|birds|coast|coastal|collections?|smok(e|y)|breathe|planted|planting|flower beds?|flowers|verges|gardens?|weeding|caddy|charity shop|upcycl\w*|mend|repair|throwing|thrown|car at home|bags|cups|bottles|"
         r"stream|canal|orchard|grow wild|bats|swim in|tidied|look like|market square|road you live|stryd|coed|lân|glân|brwnt|dŵr|seaside|prom|promenade) ", 1),
    ),
    "community_safety": clues_of(
        (f" ({welsh('community_safety')}) ", 3),
        (r" \w+watch | (home|house|homes|houses|flat|property|place) .{0,40}(away|on holiday|empty) | (away|on holiday|empty) .{0,20}(home|house|flat) | (does not|doesn't|something) (look |that looks? )?(right|odd|wrong) | (llygad|golwg) ar d[ŷy] | warchod cymdogaeth | gwarchod cymdogaeth | (cloi|gloi) (drysau|ffenestri) ", 3),
        (r" (home|homes|house|houses|property) of (a |the |your |my )?neighbours? | neighbours?'? (home|homes|house|houses|property) ", 3),
        (r" (light on|timer|burglar\w*|bobbies|would be away|going away|lock\w* (the |your |my )?(doors?|windows?)|more secure) ", 3),
        (r" (crime|crimes|safety|safe|safer|unsafe|police|policing|burglary|anti social|antisocial|asb|neighbourhood watch|vandalism|csafety|cs|"
         r"community safety|saf|diogelwch|ddiogel|ddiogelwch|trosedd|throseddu|heddlu|theft|hate crime|violence|violent|drug (dealing|use)|(taking|selling|dealing) drugs|knife|criminals?|crim\w*|burgl\w*|break ins?|broken into|broke in|thieves|thief|steal\w*|stole|stolen|robb\w*|mugg\w*|vandal\w*|rowdy|yobs?|thugs?|"
         r"gangs?|scams?|scammers?|policed|valuables|watch scheme|fraud\w*|rogue traders?|cctv|crimestoppers|street watch|speed watch|home watch|pcsos?|suspicious|harass\w*|stalk\w*|101|bobbies|bobby|on the beat|trosedd\w*|diogel\w*|lladrad|plismona) ", 3),
        (r" (trouble|valuables|cctv|doors?|camera|alarm|101|999|911|crimestoppers|assault\w*|mugg\w*|street watch|speed watch|street pastors|scams?|fraud|bogus|"
         r"lock|locked|suspicious|threatened|harassed|nuisance|noise|noisy|rowdy|belongings|traced|burglar|security|neighbour's home|offend\w*|"
         r"after dark|attack|robbed|stolen|speeding|graffiti|drugs?|patrols?|bother|racket|fights?|fighting|yelling|youngsters|e bikes|scooters|uneasy|at ease|walking (there |home )?(alone|by yourself)|at night|in the dark|gets dark|bolts?|padlocks?|alarms?|doorbell|"
         r"next door's|house is empty|looks lived in|lived in|eye on|officers?|wardens?|out after dark|on foot|in daylight|in the day|drunk\w*|drinking in|intimidat\w*|menac\w*|hanging (about|around)|street lights?|pests?) ", 1.2),
    ),
    "wellbeing": clues_of(
        (f" ({welsh('wellbeing')}) ", 3),
        (r" (companionship|outside (your|the|my) (own )?(family|household)|not a relative|day centres?|care (homes?|services|workers?)|home care|people on their own|people in need|respite|carers?|(difficulty|trouble) getting (out|about)|be there for|help (their|your|my) neighbours?|get few visitors|byw ar (ei|eu) (ben|phen|pen)) ", 3),
        (r" (somebody|someone|anybody|anyone|people) (\w+ ){0,4}you (can|could) (ask|turn|rely|count|call) | (run|drive|drove|driven|take|took|taken) (somebody|someone|people|others|a neighbour) (\w+ ){0,4}to | (shopping|shops|errands?) .{0,30}(medicine|prescription|hospital|doctor\w*) | (medicine|prescription|hospital|doctor\w*) .{0,30}(shopping|shops|errands?) ", 6),
        (r" (help|helps|helped|helping) (is |was )?(given )?(to |for )?(my |your |a )?(neighbours?|others) | (on their own|unpaid help|informal help|(unable to|not|cannot|can't|could not) cope|keep(ing)? in touch|kept in touch|collect(ed|ing)? a pension|(wrote|written|write|fill|filled) .{0,20}(letter|form)|support(s|ing)? people|visitors|an older|elderly|someone else|help(s|ed|ing)? (a|an|other|older|people|somebody|someone)|for (a|your|my|the) neighbours?|feel (part|a part) of|(needed|noticed|valued) in (this|the|my|your) community|food (larder|pantry|parcels?)|(community|volunteer) (minibus|transport)|ask for help|offer to people) ", 1.5),
        (r" (wellbeing|well being|wb|social care|lonely|loneliness|isolated|isolation|lles pobl|need(s)? (help|support|care)|older (people|person|neighbours?|residents?)|elderly|vulnerable|befriend\w*|lives alone|live alone|living alone|"
         r"looking after (each other|others)|who need|cut off|left out|housebound|food ?banks?|lunch clubs?|feeling (low|down)|down in the dumps|unigrwydd|unig|neighbourly|cheerful|anxious|lend an ear|life (treating|nowadays|these days)|(with|about) your life|happy (did|do) you feel|worthwhile) ", 3),
        (r" (good neighbours?|look(s)? (out )?(for|after) (each other|one another)) ", 2.5),
        (r" (dementia|disabled|frail|caring for|charity|babysit\w*|relative|pension|someone who|cheer(ed)?( up)?|natter|cup of tea|chat|talk to|coffee mornings?|get togethers?|choir|struggling|in need|hardship|all right|bereaved|warm (hub|space)|rally round|hard time|hard times|outside (your|the) (own )?(family|home)|community lunch|groceries|dinner|doorstep|company of|gymydog|cymydog|childcare|"
         r"somebody who|lunch club|good neighbour|food bank|neighbour who|lives alone|shopping|errand|lift to|form or write|company|alone|break|housebound|befriend\w*|meal|caring|social worker) ", 1.5),
    ),
    "health": clues_of(
        (f" ({welsh('health')}) ", 3),
        (r" (sick|ill|unwell|poorly|not well)( or \w+)? (relative|neighbour|friend|person|people|child|parent) | (relative|neighbour|friend|someone|somebody|people)( or \w+)? who (is|are) (ill|sick|unwell|poorly|not well) | (doctor|gp|nurse)'s ", 3),
        (r" (health|healthy|healthier|healthily|hlth|iechyd|nhs|gps?|doctors?|nurses?|surgery|surgeries|hospitals?|clinics?|patients?|patients'|medical|illness(es)?|ill|unwell|poorly|exercis\w*|smok\w*|vap(e|ing)|diet\w*|obes\w*|overweight|mental health|fitness|physically active|physical activity|"
         r"tablets|pills|medicines?|medication|prescriptions?|vaccin\w*|jabs?|blood pressure|cholesterol|screening|check ups?|dentists?|pharmac(y|ies|ists?)|slimming|cardiac|diabet\w*|cancer|fruit|vegetables|veg|keep(ing)? (fit|well|active)|(be|more|stay|staying|get|something) active|brisk walk\w*|sick|sickness|gym|jog\w*|health board|iechyd|feddygfa|meddyg|ysbyty|sâl|iach|iachus|cleifion|well for your age) ", 3),
        (r" (appointments?|sick|heart|walk for|lose weight|blood donor|first aid|yoga|steps a day|brisk|drink|smear|jab|flu|well would you say you are|nofio|rhedeg|iachach|care is run|seen to|sugar|salt|running|jogging|swim|swimming|stairs|keep well|keeping well|pulse|weighed|brisk|out of breath|sport|sports|gym|fit|unhealthy|hospital|patients|dentist|vaccin\w*|jab|smoke|quit|"
         r"weight|blood pressure|medical|screening|check up|drink less|eat|alcohol|walk for|fruit|vegetables|sleep|medicine|patient) ", 1.2),
    ),
}  # fmt: skip

TOPICS: dict[str, Pattern[str]] = {
    "crime": re.compile(r" (crime|crimes|burglary|theft|offend\w*|stolen) "),
    "asb": re.compile(
        r" (anti social|antisocial|asb|nuisance|noise|vandalism|graffiti|rowdy|behaviour in the street|disorder) "
    ),
    "own_health": re.compile(r" (your own|my own|their own|your|own|my) health| own $"),
    "health_of_others": re.compile(
        r" (health of (other|others)|(other people's|others'|people's|neighbours'|residents') health)| others $"
    ),
    "ordinary_citizens": re.compile(r" ordinary (citizens|people|residents) "),
    "people_needing_help": re.compile(r" people (who|that) need (help|support|care)| people needing "),
    "public_agencies": re.compile(r" (public agencies|public services|with the council|agencies) "),
}
