"""Which village a text means: every unit by its own name and in its usual spellings; a doubt is asked about, never guessed."""

import re
from collections import Counter
from collections.abc import Callable

import pytest

from tests.webapp.sheets.making import PLACES
from webapp.sheets import match
from webapp.sheets.places import distance, letters, simple

TWICE = {name for name, times in Counter(each.name for each in PLACES).items() if times > 1}
SPLIT = r"^(Bonto|Tanah|Benteng|Batu|Balang|Lembang|Bulo|Sapo|Padang|Buhung|Bukit|Baruga)\s?(?=\w)"

# How people write a name that they mean exactly: these must lead home.
SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "small": str.lower,
    "large": str.upper,
    "joined": lambda name: name.replace(" ", ""),
    "apart": lambda name: re.sub(SPLIT, lambda found: f"{found[1]} ", name),
    "hyphen": lambda name: name.replace(" ", "-"),
    "spaced": lambda name: f"  {name.replace(' ', '   ')} ",
    "Desa": lambda name: f"Desa {name}",
    "DESA": lambda name: f"DESA {name.upper()}",
    "Ds.": lambda name: f"Ds. {name}",
    "Kel.": lambda name: f"Kel. {name}",
    "Desa/Kelurahan": lambda name: f"Desa/Kelurahan {name}",
    "dot": lambda name: f"{name}.",
    "apostrophe": lambda name: name.replace("nn", "n'n"),
    "single letters": lambda name: re.sub(r"(.)\1", r"\1", name),
    "doubled letter": lambda name: re.sub(r"([gklmnrst])(?=[aeiou]\w*$)", r"\1\1", name, count=1),
    "kabupaten behind": lambda name: f"{name}, Kab. Bulukumba",
}
DISTRICTS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "Kec.": lambda name: f"Kec. {name}",
    "KECAMATAN": lambda name: f"KECAMATAN {name.upper()}",
    "other spelling": lambda name: {
        "Rilauale": "Rilau Ale", "Ujungloe": "Ujung Loe", "Bonto Bahari": "Bontobahari", "Bonto Tiro": "Bontotiro", "Ujung Bulu": "Ujungbulu",
        "Bulukumpa": "Bulukumba", "Gantarang": "Gantrang",
    }.get(name, name),
}  # fmt: skip


@pytest.mark.parametrize("district", DISTRICTS)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_unit_is_recognised_within_its_kecamatan(spelling, district):
    wrong = {
        each.code: answer for each in PLACES if (answer := match(SPELLINGS[spelling](each.name), DISTRICTS[district](each.kecamatan), PLACES)) != each.code
    }
    assert not wrong


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_without_a_kecamatan_a_name_that_stands_twice_is_asked_about(spelling):
    for each in PLACES:
        assert match(SPELLINGS[spelling](each.name), "", PLACES) == ("ambiguous" if each.name in TWICE else each.code), each


@pytest.mark.parametrize("kind", ["desa", "kelurahan"])
def test_every_unit_by_its_code(kind):
    for each in PLACES:
        assert (
            match(each.code, "", PLACES) == match(each.code.replace(".", ""), "", PLACES) == match(f"{kind} {each.code} {each.name}", "", PLACES) == each.code
        )
    assert match("73.02.01.2999", "", PLACES) == "unresolved"


def test_a_mistyped_letter_leads_home_or_is_asked_about_and_nowhere_else():
    """Every letter of every name dropped, exchanged, doubled and turned round; what is now another unit's name but for doubled letters is that unit."""
    home = wrong = 0
    for each in PLACES:
        name = each.name
        for at in range(len(name)):
            for text in (
                name[:at] + name[at + 1 :],
                name[:at] + "a" + name[at + 1 :],
                name[:at] + name[at] + name[at:],
                name[:at] + name[at : at + 2][::-1] + name[at + 2 :],
            ):
                answer = match(text, each.kecamatan, PLACES)
                home += answer == each.code
                wrong += answer not in (each.code, "ambiguous", "unresolved") and not any(
                    simple(letters(other.name)) == simple(letters(text)) for other in PLACES
                )
    assert wrong == 0
    assert home > 4_000


@pytest.mark.parametrize(
    ("village", "kecamatan", "answer"),
    [
        ("Lembanna", "", "ambiguous"),
        ("Bontobulaeng", "", "ambiguous"),
        ("Lembanna", "Bontobahari", "73.02.03.2008"),
        ("Lembana", "Kajang", "73.02.06.2004"),
        ("Lembang", "Kajang", "73.02.06.2008"),
        ("Gattareng", "Gantarang", "73.02.01.2006"),
        ("B. Gattareng", "Gantarang", "73.02.01.2015"),
        ("Benteng Gattareng", "", "73.02.01.2015"),
        ("Bontorannu", "Bonto Tiro", "ambiguous"),
        ("Bialo", "Kajang", "unresolved"),
        ("Bialo", "Gangking", "unresolved"),
        ("Tanah Lemo", "", "73.02.03.1001"),
        ("Sombapalioi", "", "73.02.08.2012"),
        ("Kelurahan Palampang", "", "73.02.10.1002"),
        ("Desa Bialo Kec. Gantarang Kab. Bulukumba", "", "73.02.01.2004"),
        ("Bialo (Gantarang)", "", "73.02.01.2004"),
        ("Bulo2", "Bulukumpa", "73.02.07.2005"),
        ("1. Bialo", "", "73.02.01.2004"),
        ("", "Kajang", "unresolved"),
        ("Antah Berantah", "", "unresolved"),
        ("Bulukumba", "", "unresolved"),
    ],
)
def test_particular_names(village, kecamatan, answer):
    assert match(village, kecamatan, PLACES) == answer


def test_a_name_under_a_foreign_kecamatan_is_never_another_village():
    """Every name with every kecamatan: home, another unit of that very name, or a question."""
    kecamatan = sorted({each.kecamatan for each in PLACES})
    for each in PLACES:
        for other in kecamatan:
            answer = match(each.name, other, PLACES)
            assert answer in ("ambiguous", "unresolved") or next(place.name for place in PLACES if place.code == answer) == each.name


@pytest.mark.parametrize(("one", "other", "steps"), [("bira", "bira", 0), ("bira", "bera", 1), ("bira", "biar", 1), ("bira", "ara", 2), ("a", "abcdef", 9)])
def test_steps_between_two_names(one, other, steps):
    assert distance(one, other) == steps
