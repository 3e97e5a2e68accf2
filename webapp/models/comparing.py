"""Two lists of one agreement beside each other: who came, who left, what changed, and what that means in rupiah."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from workflows import Refused
from workflows.stages.budgeting import rupiah

from ..seal import Erased
from .freezing import reckon
from .reading import rulebook

if TYPE_CHECKING:
    from .agreements import Agreement

# What a list says about a person, in the order in which a change is told. The NIK itself is compared by its index.
FIELDS = {
    "nik": "NIK",
    "name": "Nama",
    "category": "Kelompok",
    "birth_on": "Tanggal lahir",
    "sex": "Jenis kelamin",
    "job": "Jabatan atau pekerjaan",
    "wage_base": "Dasar upah",
    "month_first": "Bulan iuran pertama",
    "month_last": "Bulan iuran terakhir",
}
WORKING = "kerja"


@dataclass(frozen=True)
class Side:
    """One of the two lists: its people, and what they owe as it was frozen; ``unreckoned`` says why there are no sums."""

    title: str
    people: tuple[Any, ...]
    owed: tuple[Any, ...]
    unreckoned: str = ""

    @cached_property
    def _per_person(self) -> Mapping[Any, Decimal]:
        found: dict[Any, Decimal] = {}
        for each in self.owed:
            found[_equal(each)] = found.get(_equal(each), Decimal()) + each.per_person * each.months
        return found

    @cached_property
    def _last(self) -> date:
        return max((each.last for each in self.owed), default=date.max)

    def due_of(self, person: Any) -> Decimal:
        """Rupiah of one person over his months, from the sums of those who owe the same."""
        return self._per_person.get(_equal(person), Decimal())

    def ended(self, person: Any) -> bool:
        """Is he covered for the first months only?"""
        return person.month_last is not None and person.month_last < self._last

    def staying(self, category: str | None = None) -> int:
        """How many are covered to the end."""
        return sum(not self.ended(each) for each in self.people if category in (None, each.category))

    def total(self, category: str | None = None) -> Decimal:
        """Rupiah of a category, or of all, as frozen."""
        return sum((each.total for each in self.owed if category in (None, each.category)), Decimal())


def _equal(each: Any) -> tuple[Any, ...]:
    return each.category, each.wage_base, each.month_first, each.month_last


@dataclass(frozen=True)
class Difference:
    """One thing that two lists say differently about a person."""

    field: str
    before: Any
    after: Any

    @property
    def label(self) -> str:
        """What differs, in words."""
        return FIELDS[self.field]


@dataclass(frozen=True)
class Change:
    """A person who came (no ``before``), left (no ``after``, or one with a last month) or is told differently."""

    before: Any
    after: Any
    differences: tuple[Difference, ...]
    due_before: Decimal
    due_after: Decimal

    @property
    def person(self) -> Any:
        """The person as the later list tells him, if it still does."""
        return self.after or self.before

    @property
    def effect(self) -> Decimal:
        """Rupiah more (or less) for this person."""
        return self.due_after - self.due_before


@dataclass(frozen=True)
class Effect:
    """People (those who stay to the end) and rupiah of one category on both lists."""

    category: str
    people_before: int
    people_after: int
    due_before: Decimal
    due_after: Decimal

    @property
    def effect(self) -> Decimal:
        """Rupiah more (or less)."""
        return self.due_after - self.due_before

    @property
    def same(self) -> bool:
        """Neither people nor rupiah differ."""
        return (self.people_before, self.due_before) == (self.people_after, self.due_after)


@dataclass(frozen=True)
class Comparison:
    """What lies between two lists."""

    before: Side
    after: Side
    came: tuple[Change, ...]
    left: tuple[Change, ...]
    changed: tuple[Change, ...]
    unchanged: int
    effects: tuple[Effect, ...]

    @property
    def same(self) -> bool:
        """Nobody came, left or changed."""
        return not (self.came or self.left or self.changed)

    @property
    def effect(self) -> Decimal:
        """Rupiah more (or less) in all, from the frozen sums."""
        return self.after.total() - self.before.total()

    @property
    def reckoned(self) -> bool:
        """Do both lists have sums?"""
        return not (self.before.unreckoned or self.after.unreckoned)


def compare(before: Side, after: Side, categories: Sequence[str] = ()) -> Comparison:
    """People are the same by NIK; where the NIK differs, by name and birth date if both lists know only one such person."""
    pairs = dict(_same_people(before.people, after.people))
    kept = {id(each) for each in pairs.values()}
    both = [_change(before, after, pairs[id(each)], each) for each in after.people if id(each) in pairs]
    ended = [each for each in both if after.ended(each.after) and not before.ended(each.before)]
    changed = tuple(each for each in both if each.differences and each not in ended)
    gone = [_change(before, after, each, None) for each in before.people if id(each) not in kept]
    return Comparison(
        before,
        after,
        tuple(_change(before, after, None, each) for each in after.people if id(each) not in pairs),
        (*gone, *ended),
        changed,
        len(both) - len(ended) - len(changed),
        tuple(_effects(before, after, categories)),
    )


def _same_people(before: Iterable[Any], after: Iterable[Any]) -> Iterator[tuple[int, Any]]:
    """The id of each person of the later list, with the same person of the earlier one."""
    earlier, later = {each.nik_index: each for each in before}, {each.nik_index: each for each in after}
    yield from ((id(each), earlier[index]) for index, each in later.items() if index in earlier)
    ours = _by_name(each for index, each in earlier.items() if index not in later)
    theirs = _by_name(each for index, each in later.items() if index not in earlier)
    for name, each in theirs.items():
        if len(each) == len(ours.get(name, ())) == 1:
            yield id(each[0]), ours[name][0]


def _by_name(people: Iterable[Any]) -> dict[tuple[str, date], list[Any]]:
    found: dict[tuple[str, date], list[Any]] = {}
    for each in people:
        found.setdefault((" ".join(each.name.casefold().split()), each.birth_on), []).append(each)
    return found


def _change(one: Side, other: Side, before: Any, after: Any) -> Change:
    differences = tuple(_differences(before, after)) if before and after else ()
    return Change(before, after, differences, one.due_of(before) if before else Decimal(), other.due_of(after) if after else Decimal())


def _differences(before: Any, after: Any) -> Iterator[Difference]:
    if before.nik_index != after.nik_index:
        yield Difference("nik", before.nik_masked, after.nik_masked)
    for field in [each for each in FIELDS if each != "nik"]:
        was, now = getattr(before, field), getattr(after, field)
        if was != now:
            yield Difference(field, was, now)


def _effects(before: Side, after: Side, categories: Sequence[str]) -> Iterator[Effect]:
    told = dict.fromkeys(each.category for side in (before, after) for each in side.people)
    for slug in sorted(told, key=lambda each: categories.index(each) if each in categories else len(categories)):
        yield Effect(slug, before.staying(slug), after.staying(slug), before.total(slug), after.total(slug))


# --- the lists of an agreement ---


def side_of(agreement: Agreement, name: str) -> Side | None:
    """The frozen version of that number, or the working list (``kerja``); None when there is no such list."""
    if name == WORKING:
        return working_side(agreement)
    version = next((each for each in agreement.versions if str(each.number) == name), None)
    if version and any(each.erased for each in version.people):
        raise Erased  # nobody can be told to be the same person any more
    return Side(f"Versi {version.number}, dibekukan {version.frozen_on:%d-%m-%Y}", tuple(version.people), tuple(version.owed)) if version else None


def working_side(agreement: Agreement) -> Side:
    """The working list with the sums that freezing it now would give."""
    title = "Daftar kerja sekarang"
    try:
        now = reckon(agreement)
    except Refused as refusal:
        return _unreckoned(agreement, title, str(refusal))
    return Side(title, now.entries, now.lines)


def _unreckoned(agreement: Agreement, title: str, why: str) -> Side:
    """A list that did not change since it was frozen owes what was frozen; any other refusal leaves it without sums."""
    ranks = list(rulebook(agreement._session).category_names)
    people = tuple(sorted(agreement.entries, key=lambda each: (ranks.index(each.category), each.name)))
    newest = agreement.versions[-1] if agreement.versions else None
    if newest and compare(Side("", tuple(newest.people), ()), Side("", people, ())).same:
        return Side(title, people, tuple(newest.owed))
    return Side(title, people, (), why)


def choices_of(agreement: Agreement) -> list[tuple[str, str]]:
    """The lists that can be compared, newest first."""
    versions = [(str(each.number), f"Versi {each.number}, dibekukan {each.frozen_on:%d-%m-%Y}") for each in reversed(agreement.versions)]
    return [(WORKING, "Daftar kerja sekarang"), *versions]


def usual_choice(agreement: Agreement) -> tuple[str, str]:
    """The two newest versions; with one version alone, that one and the working list."""
    numbers = [str(each.number) for each in agreement.versions[-2:]]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else (numbers[0] if numbers else "", WORKING)


def compared(agreement: Agreement, before: str, after: str) -> Comparison | None:
    """Two lists of the agreement by their names; None when one of them is not there."""
    one, other = side_of(agreement, before), side_of(agreement, after)
    return compare(one, other, list(rulebook(agreement._session).category_names)) if one and other else None


WORDS = {"came": "Masuk", "left": "Keluar", "changed": "Berubah"}
TABLE_HEAD = ("Perubahan", "Nama", "NIK (disamarkan)", "Kelompok", "Rincian", "Iuran semula (Rp)", "Iuran menjadi (Rp)", "Selisih (Rp)")


def as_rows(found: Comparison, names: Mapping[str, str]) -> list[tuple[Any, ...]]:
    """The comparison as rows of a table file, NIK masked; without sums the money stays empty."""
    return [
        (word, each.person.name, each.person.nik_masked, names.get(each.person.category, each.person.category), details(each, names))
        + ((each.due_before, each.due_after, each.effect) if found.reckoned else (None, None, None))
        for kind, word in WORDS.items()
        for each in getattr(found, kind)
    ]


def details(change: Change, names: Mapping[str, str]) -> str:
    """Every difference of a person in one line."""
    return "; ".join(f"{each.label}: {told(each, each.before, names)} menjadi {told(each, each.after, names)}" for each in change.differences)


def told(difference: Difference, value: Any, names: Mapping[str, str]) -> str:
    """A value as people write it; a NIK stays masked, and says so where the difference lies under the mask."""
    if difference.field == "nik" and difference.before == difference.after:
        return f"{value} (berbeda pada angka yang disamarkan)"
    if value is None:
        return "sepanjang perjanjian"
    if isinstance(value, date):
        return f"{value:%m-%Y}" if difference.field.startswith("month") else f"{value:%d-%m-%Y}"
    if isinstance(value, Decimal):
        return rupiah(value)
    return names.get(value, value) if difference.field == "category" else str(value)
