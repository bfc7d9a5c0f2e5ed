"""The customers of the demo: those the story is about by name, the others from lists."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

# What stands before the number of each, and how many digits are made up after it.
PHONES = {"GB": ("+447400", 6), "DE": ("+491512", 7), "IE": ("+35385", 7), "PL": ("+48512", 6)}
LANGUAGES = {"GB": "en", "DE": "de", "IE": "en", "PL": "pl"}
TAGS = ("regular", "celebration cake", "wholesale", "bread club", "coffee subscription")


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who buys bread."""

    first_name: str
    last_name: str
    region: str = "GB"
    place: int = 0
    has_email: bool = True
    has_phone: bool = True
    # Those for whom nobody wrote down that they may be asked.
    agreed: bool = True
    tags: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        """Return an address that cannot belong to anybody."""
        known = f"{self.first_name}.{self.last_name}".lower().translate(_GERMAN)
        plain = unicodedata.normalize("NFKD", known).encode("ascii", "ignore").decode()
        return f"{plain.replace(' ', '')}@example.com"


_GERMAN = str.maketrans({"ö": "oe", "ü": "ue", "ä": "ae", "ß": "ss", "ł": "l"})


def _person(
    name: str,
    region: str = "GB",
    place: int = 0,
    *,
    has_email: bool = True,
    has_phone: bool = True,
    agreed: bool = True,
) -> Person:
    first, last = name.split(" ", 1)
    return Person(
        first_name=first,
        last_name=last,
        region=region,
        place=place,
        has_email=has_email,
        has_phone=has_phone,
        agreed=agreed,
    )


# In the order in which the story calls them; the rest of the town follows.
NAMED = (
    _person("Priya Raman"),
    _person("Tom Ashworth"),
    _person("Siobhán Kelleher", "IE"),
    _person("Katrin Vogel", "DE", 1),
    _person("Piotr Wiśniewski", "PL"),
    _person("Grace Okafor", place=1),
    _person("Daniel Pascoe"),
    _person("Hannah Trelawney", place=1),
    _person("Aoife Brennan", "IE", 1),
    _person("Jürgen Albrecht", "DE"),
    _person("Mark Hollis"),
    _person("Zofia Kowalczyk", "PL", 1),
    _person("Ellen Whitby"),
    _person("Rashid Karim", place=1),
    _person("Megan Pryce"),
    _person("Oliver Nance"),
    _person("Beth Carlyon", place=1),
    _person("Niall Ó Súilleabháin", "IE"),
    _person("Anke Sommer", "DE"),
    _person("Agnieszka Nowak", "PL"),
    _person("Samuel Osei"),
    _person("Laura Penrose", place=1),
    _person("Victor Adeyemi"),
    _person("Ruth Goldsmith"),
    _person("Callum Reid", place=1),
    _person("Ines Martins"),
    _person("Joan Tregenza"),
    _person("Peter Lindqvist", place=1),
    _person("Fiona Mackay"),
    _person("Harold Biggs", has_email=False),
    _person("Doris Chenoweth", has_email=False),
    _person("Wei Zhang", has_phone=False),
    _person("Nadia Haddad", place=1, has_phone=False),
    _person("Graham Stone", agreed=False),
    _person("Yvonne Clarke", agreed=False),
    _person("Liam Doherty", "IE", agreed=False),
)
RIVAL_NAMED = (_person("Wilma Brand"), _person("Jonas Keller", "DE"), _person("Sadie Moyle"))
# By their place in NAMED.
OPTED_OUT = (26, 27)
BOUNCED = 28

_FIRST = (
    "Alice Amir Anna Arthur Ben Bronwen Charlotte Chloe Chris Clara Conor David Derek Eamon Edith "
    "Emma Erik Esther Eva Felix Florence Frank Georgia Greta Gwen Ibrahim Imogen Isaac Jack James "
    "Jessica Julia Karolina Keith Klaus Leah Lena Lucy Maeve Malcolm Marek Maria Martin Mia Molly "
    "Nathan Nicola Noah Orla Paul Rachel Rebecca Robert Rosa Sean Sophie Stefan Susan Tariq Theo "
    "Ursula Vera Wendy William"
)
_LAST = {
    "GB": "Abbott Barnes Bolitho Carter Chapman Dale Ellis Fenwick Gibbs Harding Hughes Jenkin "
    "Kemp Lacey Marlow Newton Opie Palmer Quick Rowe Sandhu Tonkin Upton Vance Webb Yates",
    "DE": "Becker Hoffmann Krüger Möller Neumann Schäfer Weber Zimmermann",
    "IE": "Byrne Connolly Fitzgerald Gallagher Murphy O’Brien Ryan Walsh",
    "PL": "Dąbrowski Jankowski Kamiński Lewandowski Mazur Wójcik Zieliński",
}


def make_people(*, named: Sequence[Person], count: int, random: Random) -> list[Person]:
    """Return the people by name and as many more as ``count`` asks for, no name twice."""
    found = {person.email: person for person in named}
    while len(found) < count:
        person = _make_one(random)
        found.setdefault(person.email, person)
    return list(found.values())


def _make_one(random: Random) -> Person:
    region = random.choices(("GB", "DE", "IE", "PL"), (76, 8, 9, 7))[0]
    reach = random.choices(("both", "email", "phone"), (70, 18, 12))[0]
    return Person(
        first_name=random.choice(_FIRST.split()),
        last_name=random.choice(_LAST[region].split()),
        region=region,
        place=random.choices((0, 1), (60, 40))[0],
        has_email=reach != "phone",
        has_phone=reach != "email",
        agreed=random.random() < 0.88,  # noqa: PLR2004 - most have been asked at the till
        tags=tuple(tag for tag in TAGS if random.random() < 0.12),  # noqa: PLR2004 - a few each
    )
