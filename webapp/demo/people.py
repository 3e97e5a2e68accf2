"""Invented participants: names nobody bears, NIK with serials from 9001, posts and jobs as villages have them, and some doubts."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

from workflows import nik

from ..models.participants import Person
from ..models.particulars import Particulars
from ..models.seeds import CATEGORY_OF_GROUP, STAFF_ROLES, rows

WAGES = {
    "kepala_desa": 2426640, "perangkat": 2022200, "staf": 1500000, "bpd": 1500000, "lkd": 1000000, "imam": 1000000, "pekerja_rentan": 1000000,
}  # fmt: skip
SECRETARY = 2224420  # PP 11/2019 Pasal 81


class People:
    """Draws people; remembers some, so that another village lists them again."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.size = {each["code"]: int(each["adults_estimate"]) for each in rows("population_estimate.csv")}
        names = list(rows("names.csv"))
        self.given = {sex: [each["token"] for each in names if each["part"] == "given" and each["sex"] == sex] for sex in "LP"}
        self.second = {sex: [each["token"] for each in names if each["part"] == "second" and each["sex"] == sex] for sex in "LP"}
        self.jobs = [each["job"] for each in rows("jobs.csv") if each["segment"] == "pekerja_rentan"]
        self.roles = _roles()
        self.used: set[str] = set()
        self.twins: list[Person] = []
        self.count = 0

    def of_village(self, code: str, born_before: date) -> list[Person]:
        """A list of realistic size, by category: about 110 people."""
        scale = self.size[code] / 2350
        wanted = {
            "kepala_desa": 1,
            "perangkat": self.chance.randint(8, 11),
            "staf": self.chance.randint(2, 4),
            "bpd": self.chance.choice((5, 7, 9)),
            "lkd": max(18, round(46 * scale)),
            "imam": max(5, round(11 * scale)),
            "pekerja_rentan": max(12, round(33 * scale)),
        }
        found = [self._person(category, place, code, born_before) for category, many in wanted.items() for place in range(many)]
        if self.chance.random() < 0.2:
            self.twins.append(found[-1])
        return found

    def twin(self) -> Person | None:
        """Somebody who stands on another village's list already."""
        return self.chance.choice(self.twins) if self.twins else None

    def _person(self, category: str, place: int, code: str, today: date) -> Person:
        self.count += 1
        sex = "L" if category == "kepala_desa" or self.chance.random() < 0.58 else "P"
        born_on = today - timedelta(days=self.chance.randint(19 * 366, 64 * 365))
        name = f"{self.chance.choice(self.given[sex])} {self.chance.choice(self.second[sex])} Contoh {self.count}"
        wage = SECRETARY if category == "perangkat" and place == 0 else WAGES[category]
        return Person(category, name, self._nik(code, born_on, sex), born_on, sex, self._post(category, place), Decimal(wage), _particulars(self.count, sex))

    def _nik(self, code: str, born_on: date, sex: str) -> nik.Nik:
        day = born_on.day + (40 if sex == "P" else 0)
        head = f"{code.replace('.', '')[:6]}{day:02}{born_on:%m%y}"
        serial = 9001
        while f"{head}{serial}" in self.used:
            serial += 1
        self.used.add(f"{head}{serial}")
        return nik.parse(f"{head}{serial}")

    def _post(self, category: str, place: int) -> str:
        if category == "pekerja_rentan":
            return self.chance.choice(self.jobs)
        posts = self.roles[category]
        return posts[place] if place < len(posts) and category in ("perangkat", "bpd") else self.chance.choice(posts)


def _particulars(number: int, sex: str) -> Particulars:
    """What a village wrote down beside the list, for three in four; drawn from the number, so that nothing else is drawn differently."""
    if number % 4 == 0:
        return Particulars()
    heir = {"heir_name": f"Waris Contoh {number}", "heir_relation": ("Istri", "Anak", "Ibu")[number % 3] if sex == "L" else ("Suami", "Anak", "Ibu")[number % 3]} if number % 3 else {}
    return Particulars(birth_place="Bulukumba", mother=f"Ibu Contoh {number}", marital=("Kawin", "Kawin", "Belum kawin")[number % 3], address=f"Jalan Contoh Nomor {number % 90 + 1}", **heir)


def _roles() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"kepala_desa": ["Kepala Desa"], "staf": list(STAFF_ROLES)}
    found["perangkat"] = ["Sekretaris Desa", "Kaur Keuangan", "Kaur Perencanaan", "Kaur Tata Usaha dan Umum", "Kasi Pemerintahan", "Kasi Kesejahteraan", "Kasi Pelayanan", "Kepala Dusun"]
    for each in rows("roles.csv"):
        category = CATEGORY_OF_GROUP[each["group"]]
        if category != "perangkat":
            found.setdefault(category, []).append(each["role"])
    return found
