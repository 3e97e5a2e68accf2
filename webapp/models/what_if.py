"""What-ifs for all villages in sight: a question that an address can ask, and its answer by village, kecamatan and category. Nothing is stored."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows import Refused
from workflows.contributions import Group, NoRate, Owed, owed
from workflows.what_if import AddPeople, BadStep, ChangeProgramme, ChangeWage, Plan, Step, SwitchDiscount, after

from .agreements import Agreement
from .contributions import Derived, pinned
from .reading import rulebook
from .regions import Village
from .rosters import RosterEntry, groups_of
from .rules import Rulebook

MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember")


def tell_month(month: date) -> str:
    """Juli 2026"""
    return f"{MONTHS[month.month - 1]} {month.year}"


# --- the question ---

LISTED = "list"  # in place of a number: those on the working list who are not in the frozen one


@dataclass(frozen=True)
class Asked:
    """One step as the address tells it, ``kind:subject:value:month``; what does not fit is a sentence in ``fault``."""

    text: str
    kind: str = ""
    subject: str = ""
    value: str = ""
    month: date | None = None
    wage: Decimal | None = None
    fault: str = ""

    @classmethod
    def of(cls, text: str, book: Rulebook, year: int) -> Asked:
        """The step read, with a fault where it cannot be taken."""
        kind, subject, value, month, wage, *_ = (*text[:120].split(":"), "", "", "", "", "")
        try:
            found = cls(text[:120], kind, subject, value, date.fromisoformat(f"{month}-01") if month else date(year, 1, 1), Decimal(wage) if wage else None)
            return replace(found, fault=found._fault(book, year))
        except (ValueError, ArithmeticError):
            return cls(text[:120], fault=f"Langkah {text[:120]!r} tidak terbaca.")

    def _fault(self, book: Rulebook, year: int) -> str:
        if self.kind == "discount":
            return "" if any(each.slug == self.subject for each in book.law.adjustments) else "Potongan itu tidak ada dalam aturan."
        if self.kind not in ("add", "wage", "join", "leave"):
            return f"Langkah {self.text!r} tidak dikenal."
        if book.terms(year, self.subject) is None:
            return f"Ketentuan {book.category_names.get(self.subject, self.subject)} untuk {year} belum diisi."
        if self.month is None or self.month.year != year:
            return f"Bulan mulai harus dalam tahun {year}."
        if self.kind == "add" and self.value != LISTED and not 1 <= int(self.value) <= 10_000:
            return "Jumlah orang tiap desa antara 1 dan 10.000."
        if self.wage is not None and not 0 < self.wage < Decimal("1e12"):
            return "Dasar upah harus lebih dari nol dan masuk akal."
        if self.kind == "wage":
            return _wage_fault(Decimal(self.value.rstrip("%")), self.value.endswith("%"))
        if self.kind in ("join", "leave") and self.value not in ("JKK", "JKM", "JHT", "JP"):
            return "Program itu tidak dikenal."
        return ""

    def sentence(self, book: Rulebook) -> str:
        """The step in words."""
        who, since = book.category_names.get(self.subject, self.subject), f" mulai {tell_month(self.month)}" if self.month else ""
        if self.fault:
            return self.fault
        if self.kind == "discount":
            return next(each.name for each in book.law.adjustments if each.slug == self.subject) + " diberlakukan bagi semua desa"
        if self.kind == "wage":
            change = f"berubah {self.value.rstrip('%').replace('.', ',')}%" if self.value.endswith("%") else f"menjadi Rp{int(Decimal(self.value)):,}".replace(",", ".")
            return f"Dasar upah {who} {change}{since}"
        if self.kind in ("join", "leave"):
            return f"{who} {'mengikuti' if self.kind == 'join' else 'keluar dari'} {self.value}{since}"
        wage = f", dasar upah Rp{int(self.wage):,}".replace(",", ".") if self.wage else ""
        if self.value == LISTED:
            return f"Tambah {who} yang ada di daftar kerja tetapi belum dibekukan{since}"
        return f"Tambah {self.value} orang {who} tiap desa{since}{wage}"

    def step(self, book: Rulebook, year: int) -> Step | None:
        """The step of the law; None for people of a list, whom each village knows by itself."""
        month = self.month or date(year, 1, 1)
        if self.kind == "discount":
            return SwitchDiscount(self.subject)
        if self.kind == "wage":
            number = Decimal(self.value.rstrip("%"))
            return ChangeWage(self.subject, month, percent=number) if self.value.endswith("%") else ChangeWage(self.subject, month, amount=number)
        if self.kind in ("join", "leave"):
            return ChangeProgramme(self.subject, self.value, self.kind == "join", month)
        terms = book.terms(year, self.subject)
        if terms is None or self.value == LISTED:
            return None
        return AddPeople(terms, int(self.value), self.wage or book.wage_base(year, self.subject) or Decimal(), month)


def _wage_fault(number: Decimal, percent: bool) -> str:
    if not number.is_finite() or (percent and not -100 < number <= 1000) or (not percent and not 0 < number < Decimal("1e12")):
        return "Kenaikan di atas -100% sampai 1000%, atau dasar upah yang lebih dari nol."
    return ""


@dataclass(frozen=True)
class Question:
    """All steps of an address, for a year, in one kecamatan or everywhere."""

    year: int
    kecamatan: str
    steps: tuple[Asked, ...]

    @property
    def faults(self) -> tuple[str, ...]:
        """What keeps it from being answered."""
        return tuple(each.fault for each in self.steps if each.fault)

    def as_args(self, *, without: int | None = None, and_: str = "") -> dict[str, Any]:
        """The address that asks it, with a step less or more."""
        steps = [each.text for number, each in enumerate(self.steps) if number != without] + ([and_] if and_ else [])
        return {"year": self.year, **({"kecamatan": self.kecamatan} if self.kecamatan else {}), "step": steps}


def question(session: Session, year: int, kecamatan: str, steps: Sequence[str]) -> Question:
    """The question that an address asks."""
    book = rulebook(session)
    return Question(year, kecamatan, tuple(Asked.of(each, book, year) for each in steps[:20]))


# --- the answer ---


@dataclass(frozen=True)
class Change:
    """A part now and after the steps; people are those of the last month."""

    key: str
    name: str
    people: int
    people_after: int
    now: Decimal
    then: Decimal

    @property
    def difference(self) -> Decimal:
        """What the steps add; negative where they save."""
        return self.then - self.now


@dataclass(frozen=True)
class Place:
    """One village's spans before and after; ``last`` is the last month of its agreement."""

    village: Village
    last: date
    now: tuple[Owed, ...]
    then: tuple[Owed, ...]
    frozen: Decimal

    @property
    def stale(self) -> bool:
        """Does today's law make another sum of the frozen list than it froze?"""
        return sum((each.total for each in self.now), Decimal()) != self.frozen


@dataclass(frozen=True)
class Answer:
    """The whole and its parts, each now and then."""

    question: Question
    places: tuple[Place, ...]
    names: Mapping[str, str]

    @cached_property
    def whole(self) -> Change:
        """The kabupaten, or what of it is looked at."""
        return _change("", "Jumlah", self.places)

    @cached_property
    def villages(self) -> list[Change]:
        """Village by village."""
        return [_change(each.village.code, each.village.name, [each]) for each in self.places]

    @cached_property
    def kecamatan(self) -> list[tuple[Change, list[Change]]]:
        """Kecamatan by kecamatan, each with its villages."""
        parts: dict[tuple[str, str], list[Place]] = {}
        for each in self.places:
            parts.setdefault((each.village.kecamatan_code, each.village.kecamatan.name), []).append(each)
        return [(_change(*key, rows), [_change(each.village.code, each.village.name, [each]) for each in rows]) for key, rows in parts.items()]

    @cached_property
    def categories(self) -> list[Change]:
        """Category by category."""
        used = {span.group.terms.category for each in self.places for span in (*each.now, *each.then)}
        return [_change(slug, name, self.places, slug) for slug, name in self.names.items() if slug in used]

    def origin(self, category: str) -> list[Derived]:
        """Where the category's rupiah come from after the steps."""
        return derived(span for each in self.places for span in each.then if span.group.terms.category == category)

    @property
    def stale(self) -> int:
        """Villages whose frozen sum is another than today's law makes."""
        return sum(each.stale for each in self.places)

    @cached_property
    def digest(self) -> str:
        """Names the answer, so that a kept one can be seen to have changed."""
        seen = [self.question.as_args(), [[each.key, str(each.now), str(each.then)] for each in (*self.villages, *self.categories)]]
        return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


def _change(key: str, name: str, places: Iterable[Place], category: str = "") -> Change:
    rows = [(each, [one for one in each.now if category in ("", one.group.terms.category)], [one for one in each.then if category in ("", one.group.terms.category)]) for each in places]
    people, people_after = (sum(one.group.people for each in rows for one in each[side] if one.last == each[0].last) for side in (1, 2))
    now, then = (sum((one.total for each in rows for one in each[side]), Decimal()) for side in (1, 2))
    return Change(key, name, people, people_after, now, then)


def derived(spans: Iterable[Owed]) -> list[Derived]:
    """Equal spans of several villages told once."""
    groups: dict[tuple, list[Owed]] = {}
    for each in spans:
        groups.setdefault((each.first, each.last, each.group.terms, each.charges), []).append(each)
    return [_derived(rows) for rows in groups.values()]


def _derived(rows: Sequence[Owed]) -> Derived:
    one, people = rows[0], sum(each.group.people for each in rows)
    charges = tuple(
        each.told() | {"amount": each.amount, "base": each.base, "employer": each.employer, "worker": each.worker, "ceiling": each.ceiling.amount if each.ceiling else None}
        for each in one.charges
    )
    total = sum((each.total for each in rows), Decimal())
    return Derived(one.group.terms.category, one.group.terms.segment, one.group.wage_base, one.first, one.last, one.months, people, one.per_person, total, charges)


def answer(session: Session, asked: Question) -> Answer:
    """What the steps change, by today's law on the frozen lists. Raises Refused with the sentence of a step that cannot be taken."""
    if asked.faults:
        raise Refused(" ".join(asked.faults))
    book = rulebook(session)
    agreements = {each.village_code: each for each in pinned(session, asked.year)}
    places = [each for each in session.scalars(select(Village).order_by(Village.code)) if each.is_desa and asked.kecamatan in ("", each.kecamatan_code)]
    listed = _listed(session, agreements, asked)
    try:
        found = tuple(_village(book, asked, each, agreements.get(each.code), listed.get(each.code, Counter())) for each in places)
    except (NoRate, BadStep) as error:
        raise Refused(f"Simulasi tidak dapat dihitung: {error}.") from error
    return Answer(asked, found, book.category_names)


def _village(book: Rulebook, asked: Question, village: Village, agreement: Agreement | None, listed: Counter[tuple[str, Decimal]]) -> Place:
    months = agreement.months if agreement else (date(asked.year, 1, 1), date(asked.year, 12, 1))
    version = agreement.roster_version if agreement else None
    counted = Counter({(each.category, each.wage_base, each.month_first, each.month_last): each.people for each in version.owed} if version else {})
    groups, without = groups_of(book, asked.year, counted, village.code)
    if without:
        raise Refused(f"Simulasi tidak dapat dihitung: {'; '.join(without)}.")
    then = after(Plan(tuple(groups), book.law), _steps(book, asked, listed), village.code)
    frozen = agreement.yearly_total if agreement else Decimal()
    return Place(village, months[1], owed(book.law, groups, *months), owed(then.law, _merged(then.groups), *months), frozen)


def _merged(groups: Iterable[Group]) -> list[Group]:
    """Groups without people owe nothing; the others as they are."""
    return [each for each in groups if each.people and each.terms.programmes]


def _steps(book: Rulebook, asked: Question, listed: Counter[tuple[str, Decimal]]) -> list[Step]:
    found: list[Step] = []
    for each in asked.steps:
        step = each.step(book, asked.year)
        terms = book.terms(asked.year, each.subject)
        if step is not None:
            found.append(step)
        elif terms is not None:
            found += [AddPeople(terms, people, wage, each.month or date(asked.year, 1, 1)) for (category, wage), people in sorted(listed.items()) if category == each.subject]
    return found


def _listed(session: Session, agreements: Mapping[str, Agreement], asked: Question) -> dict[str, Counter[tuple[str, Decimal]]]:
    """People of the asked categories on the working lists whom the pinned version does not hold, by village."""
    wanted = {each.subject for each in asked.steps if each.kind == "add" and each.value == LISTED}
    found: dict[str, Counter[tuple[str, Decimal]]] = {}
    for agreement in agreements.values() if wanted else ():
        version = agreement.roster_version
        known = {each.nik_index for each in version.people} if version else set()
        entries = session.scalars(select(RosterEntry).where(RosterEntry.agreement_id == agreement.id, RosterEntry.category.in_(wanted)))
        found[agreement.village_code] = Counter((each.category, each.wage_base) for each in entries if each.nik_index not in known)
    return found


def tried(session: Session, asked: Question) -> tuple[Answer | None, str]:
    """The answer, or the sentence that says why there is none."""
    try:
        return answer(session, asked), ""
    except Refused as refusal:
        return None, str(refusal)


def table(found: Answer) -> list[tuple[Any, ...]]:
    """Village by village, then the sums of kecamatan and categories, the whole last."""
    kecamatan = {each.village.code: each.village.kecamatan.name for each in found.places}
    villages = [_row(each, kecamatan[each.key], each.name) for each in found.villages]
    sums = [_row(each, f"Jumlah {each.name}", "") for each, _ in found.kecamatan]
    categories = [_row(each, f"Jumlah {each.name}", "") for each in found.categories]
    return [*villages, *sums, *categories, _row(found.whole, "Jumlah", "")]


def _row(each: Change, place: str, village: str) -> tuple[Any, ...]:
    return (each.key, place, village, each.people, each.people_after, each.now, each.then, each.difference)
