"""A corpus of two tandems, small enough to check in the head."""

from __future__ import annotations

TINY_TABLES = {
    "participants": (
        "participant_id,tandem_id,side,consent,placeholder\n"
        "A-L,A,leader,full,[PERSON_1]\n"
        "A-T,A,talent,no_quotes,[PERSON_2]\n"
        "B-L,B,leader,full,[PERSON_3]\n"
        "B-T,B,talent,full,[PERSON_4]\n"
    ),
    "entries": (
        "entry_id,participant_id,date,text,language\n"
        'e1,A-L,2025-03-03,"Tee, dann Regen.",de\n'
        "e2,A-T,2025-03-12T19:30,We walked home.,en\n"
        "e3,B-L,2025-04-14,Die Bahn kam nicht.,de\n"
        'e4,B-T,2025-05-25,"Er sagte: ""Morgen""\nund ging.",de\n'
    ),
    "events": "event_id,tandem_id,date,kind,description\nv1,A,2025-03-04,kickoff,Auftakt\n",
    "outcomes": "outcome_id,participant_id,date,kind,description\no1,B-T,2025-05-20,skill,Excel\n",
    "codes": "coder_id,entry_id,start,end,marker,direction\nc1,e1,5,15,insight,\n",
}
TINY_SETTINGS = {
    "sides": ["leader", "talent"],
    "side_labels": {"leader": {"de": "Führungskraft", "en": "leader"}},
    "languages": ["de", "en"],
    "synthetic": True,
    "consent": "All agreed.",
    "start": "2025-03-03",
    "end": "2025-05-25",
}
