"""The words by which the shipped themes and their topics are recognised, each with its points."""

from __future__ import annotations

import re
from re import Pattern

from coproduction.drafting.recognition.wording.construct_words import Clue, clues_of

THEMES: dict[str, tuple[Clue, ...]] = {
    "environment": clues_of(
        (r" (environment|environmental|env|litter|cleanliness|curbside|kerbside|trash|garbage|yard waste|recycl\w*|compost\w*|rubbish|fly tipping|flytipping|green (space|spaces)|wildlife|street cleaning|"
         r"amgylchedd|sbwriel|ailgylchu|climate|pollution|air quality|dog (mess|fouling)|biodiversity|nature|beaches) ", 3),
        (r" (planet|rivers?|sea|beach|glass|cans|bottles?|bottle bank|plastics?|emissions?|sustainab\w*|floods?|flooding|countryside|landscape|landfill|dumping|dumped|hedges?|heating|"
         r"tidy towns|tidiness|tidy|untidy|dirt|weeds|leaves|sweeping|refuse|tip|second hand|meat|car|cleaner|greener|planet|insulat\w*|solar|switch off|electricity|"
         r"park|parks|open spaces?|streets?|energy|water|gas|trees?|verge|plants?|garden|bins?|waste|cycled?|bus|cleanliness|clean|dirty|tidy|"
         r"graffiti|repaired|reuse|street lights?|birds|bees|carbon|river|coast|planted) ", 1),
    ),
    "community_safety": clues_of(
        (r" (crime|crimes|safety|safe|safer|unsafe|police|policing|burglary|anti social|antisocial|asb|neighbourhood watch|vandalism|csafety|cs|"
         r"community safety|saf|diogelwch|ddiogel|ddiogelwch|trosedd|throseddu|heddlu|theft|hate crime|violence|drug (dealing|use)|knife) ", 3),
        (r" (trouble|valuables|cctv|doors?|camera|alarm|101|999|911|crimestoppers|assault\w*|mugg\w*|street watch|speed watch|street pastors|scams?|fraud|bogus|"
         r"lock|locked|suspicious|threatened|harassed|nuisance|noise|noisy|rowdy|belongings|traced|burglar|security|neighbour's home|offend\w*|"
         r"after dark|attack|robbed|stolen|speeding|graffiti|drugs?|patrols?) ", 1.2),
    ),
    "wellbeing": clues_of(
        (r" (wellbeing|well being|wb|social care|lonely|loneliness|isolated|lles|lles pobl|need(s)? (help|support|care)|older people|elderly|vulnerable|"
         r"looking after (each other|others)|who need|carers?|frail) ", 3),
        (r" (dementia|disabled|carer|caring for|charity|children|babysit\w*|unwell|ill|lonely|relative|prescription|appointment|pension|older person|someone who|"
         r"somebody who|lunch club|good neighbour|food bank|neighbour who|lives alone|shopping|errand|lift to|form or write|company|alone|break|housebound|befriend\w*|meal|caring|social worker) ", 1.5),
    ),
    "health": clues_of(
        (r" (health|healthy|healthier|hlth|iechyd|nhs|gp|doctor|illness|exercise|smoking|diet|obesity|mental health|fitness|physically active) ", 3),
        (r" (ill|unwell|sick|sugar|salt|run|running|swim|swimming|stairs|keep well|keeping well|well|sport|sports|gym|fit|unhealthy|hospital|patients|dentist|vaccin\w*|jab|smoke|quit|"
         r"weight|blood pressure|medical|screening|check up|drink less|eat|alcohol|walk for|fruit|vegetables|active|sleep|medicine|patient) ", 1.2),
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
