"""Sends each village along the road to where its situation ends, by the real acts, each at its own moment of the past."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from workflows.stages.budgeting import shortfalls
from workflows.stages.draft import approval_digest

from .. import clock
from ..db import db
from ..issuing import reserve
from ..models import Accord, Agreement, AgreementHold, BudgetDocument, BudgetLine, EnrollmentStep, StoredFile, TypedNumber, User
from ..models.approvals import approve, return_draft
from ..models.budget_rules import SUGGESTIONS
from ..models.budgets import check_budget, record_document, record_line
from ..models.enrollments import record_step
from ..models.freezing import freeze, why_not_freeze
from ..models.participants import add_people, clear_flags
from ..models.signatures import review, sign
from ..uploads import storage
from .files import scan
from .people import People

# Situation → how many villages of 109 end there. In the order of the road; the rest is active.
SITUATIONS = (
    ("no_roster", 5), ("flagged", 4), ("unapproved", 5), ("returned", 2),
    ("unnumbered", 2), ("no_kedua_number", 3), ("unsigned", 4), ("no_kedua", 4), ("no_annex", 7), ("annex_unconfirmed", 2),
    ("no_rkpdes", 4), ("no_apbdes", 3), ("short", 7), ("forbidden", 4), ("no_evidence", 2), ("unchecked", 4), ("camat_returned", 2),
    ("not_handed_in", 4), ("unvalidated", 5), ("bpjs_returned", 2), ("unbilled", 3), ("unpaid", 4), ("inactive", 3), ("suspended", 1),
)  # fmt: skip
ORDER = [name for name, _ in SITUATIONS] + ["active"]

# The first suggestion of each category: what the village of the demo writes.
CODES = {category: (activity, account, name) for category, activity, account, name, *_ in reversed(SUGGESTIONS)}


def situations(villages: int, chance: random.Random) -> list[str]:
    """One situation per village, every one of them used, in random order."""
    found = [name for name, many in SITUATIONS for _ in range(many)]
    found = found[:villages] + ["active"] * (villages - len(found))
    chance.shuffle(found)
    return found


def _weekday(day: date, step: int = 1) -> date:
    """The day itself, or the next one (the one before) on which offices work."""
    while day.weekday() >= 5:
        day += timedelta(days=step)
    return day


class Traveller:
    """One village on its way."""

    def __init__(self, code: str, situation: str, as_of: date, chance: random.Random, people: People) -> None:
        self.code, self.situation, self.as_of, self.chance, self.people = code, situation, as_of, chance, people
        self.day = date(as_of.year, 1, 19) + timedelta(days=chance.randint(0, 20))

    def plan(self) -> Iterator[tuple[datetime, Callable[[], None]]]:
        """The acts that lead to the situation, each with its moment."""
        steps: tuple[tuple[str, Callable[[], None]], ...] = (
            ("", self.start),
            ("no_roster", self.list_people),
            ("flagged", self.clear),
            ("unapproved", self.approve),
            ("returned", lambda: None),
            ("unnumbered", self.number),
            ("no_kedua_number", self.type_number),
            ("unsigned", lambda: self.sign("kesatu", "legal", "approver2")),
            ("no_kedua", lambda: self.sign("kedua", "bpjs", "legal2")),
            ("no_annex", lambda: self.sign("annex", self.code, "legal2" if self.situation != "annex_unconfirmed" else None)),
            ("annex_unconfirmed", lambda: None),
            ("no_rkpdes", lambda: self.document("rkpdes")),
            ("no_apbdes", lambda: self.document("apbdes")),
            ("", self.lines),
            ("unchecked", self.check),
            ("not_handed_in", lambda: self.step("handed_in", self.code)),
            ("unvalidated", self.validate),
            ("unbilled", lambda: self.step("billing_code", "bpjs", number=f"90{self.code.replace('.', '')[2:]}1")),
            ("unpaid", self.pay),
            ("inactive", lambda: self.step("active", "bpjs")),
        )
        for stops_at, act in steps:
            if stops_at == self.situation or (stops_at and ORDER.index(stops_at) > ORDER.index(self.situation)):
                break
            yield self._next_moment(), act
        after = {"flagged": self.leave_flagged, "returned": self.give_back, "suspended": self.suspend, "bpjs_returned": self.bpjs_returns}
        if self.situation in after:
            yield self._next_moment(), after[self.situation]

    def _next_moment(self) -> datetime:
        """Some days later, in office hours, before the day of the demo."""
        self.day = min(_weekday(self.day + timedelta(days=self.chance.randint(3, 13))), _weekday(self.as_of - timedelta(days=1), -1))
        return datetime(self.day.year, self.day.month, self.day.day, self.chance.randint(0, 7), self.chance.randint(0, 59), tzinfo=UTC)

    def act(self, moment: datetime, act: Callable[[], None]) -> None:
        """Do it at that moment."""
        self.day = moment.date()
        with clock.at(moment):
            act()
            db.session.flush()

    @property
    def agreement(self) -> Agreement:
        """This village's agreement."""
        return db.session.scalars(select(Agreement).where(Agreement.village_code == self.code)).one()

    def by(self, login: str) -> User:
        """A user by login."""
        return db.session.scalars(select(User).where(User.login == login)).one()

    def when(self, login: str) -> tuple[User, datetime, date]:
        """Who acts, and when."""
        return self.by(login), clock.now(), clock.today()

    def file(self, title: str, by: str) -> StoredFile:
        """An invented scan as a file of this village."""
        content = scan(title)
        row = StoredFile(village_code=self.code, sha256=storage().put(content), size=len(content), media_type="application/pdf", name=f"contoh-{title.lower().replace(' ', '-')}.pdf", by_id=self.by(by).id, at=clock.now())
        db.session.add(row)
        db.session.flush()
        return row

    def start(self) -> None:
        """The office opens the village's agreement."""
        accord = db.session.scalars(select(Accord)).one()
        agreement = Agreement(village_code=self.code, fiscal_year=self.as_of.year, accord=accord, dated_on=_weekday(self.day + timedelta(days=7)), place="Bulukumba", month_first=date(self.as_of.year, 1, 1), month_last=date(self.as_of.year, 12, 1), bases=list(accord.bases))
        db.session.add(agreement)
        db.session.flush()
        agreement.edited("agreement.started", *self.when("legal"))

    def list_people(self) -> None:
        """The village's list, frozen; some lists have somebody who is on another list too."""
        found = self.people.of_village(self.code, self.day)
        twin = self.people.twin() if self.situation == "flagged" or self.chance.random() < 0.15 else None
        if twin and twin.nik.digits not in {each.nik.digits for each in found}:
            found.append(twin)
        if self.situation == "flagged":
            found[-2] = replace(found[-2], birth_on=found[-2].birth_on - timedelta(days=400))
        add_people(self.agreement, found, *self.when(self.code))
        freeze(self.agreement, *self.when(self.code))

    def leave_flagged(self) -> None:
        """Nothing: the doubts stay open."""

    def clear(self) -> None:
        """The office clears the doubts and the list is frozen once more."""
        doubtful = [each for each in self.agreement.entries if each.flagged]
        for entry in doubtful:
            clear_flags(self.agreement, entry, "Sudah dicocokkan dengan KTP (contoh)", *self.when("legal2"))
        if doubtful and not why_not_freeze(self.agreement):
            freeze(self.agreement, *self.when("legal2"))

    def approve(self) -> None:
        """The second person approves."""
        by, at, today = self.when("approver")
        approve(self.agreement, by, approval_digest(self.agreement), at, today)

    def give_back(self) -> None:
        """The approver sends the draft back."""
        by, at, today = self.when("approver")
        return_draft(self.agreement, by, "Jabatan beberapa kader belum ditulis lengkap (contoh).", at, today)

    def number(self) -> None:
        """Number and print agreement and annexes."""
        for kind in ("perjanjian_desa", "lampiran_peserta", "lampiran_iuran"):
            reserve(kind, self.agreement, self.by("legal"))

    def type_number(self) -> None:
        """BPJS's own number."""
        by, at, today = self.when("bpjs")
        seq = int(self.code[-3:]) + 900
        self.agreement.add(TypedNumber(owner="kedua", number=f"PER/{seq}/{today:%m%Y}", on=today, by_id=by.id, at=at))
        self.agreement.moved("numbers.typed", by, at, today, owner="kedua")

    def sign(self, signer: str, by: str, second: str | None) -> None:
        """A signature with its scan, confirmed by somebody else."""
        title = {"kesatu": "Perjanjian bertanda tangan", "kedua": "Perjanjian bertanda tangan", "annex": "Lampiran bertanda tangan"}[signer]
        signature = sign(self.agreement, signer, max(self.day, self.agreement.dated_on or self.day), "Bulukumba", self.file(title, by), *self.when(by))
        if second:
            review(signature, self.agreement, True, "", *self.when(second))

    def document(self, kind: str) -> None:
        """RKPDes or APBDes of the village."""
        on = date(self.as_of.year - 1, 9, 18) if kind == "rkpdes" else date(self.as_of.year - 1, 12, 22)
        number = f"{self.chance.randint(2, 9)} Tahun {on.year}"
        file = None if self.situation == "no_evidence" else self.file("Perdes RKPDes" if kind == "rkpdes" else "Perdes APBDes", self.code)
        record_document(self.agreement, BudgetDocument(kind=kind, number=number, on=on, file=file), *self.when(self.code))

    def lines(self) -> None:
        """Budget lines per category; some villages budget too little or from Dana Desa."""
        due = dict(self.agreement.due_by_category)
        sources = {"pekerja_rentan": "PADes", "lkd": "PBH", "imam": "PADes"}
        if self.situation == "forbidden":
            sources |= {"perangkat": "DD", "bpd": "DD"}
        for category, amount in due.items():
            paid = amount.quantize(Decimal(1)) + 1
            if self.situation == "short" and category in ("lkd", "pekerja_rentan"):
                paid = (amount * self.chance.choice((3, 5, 6)) / 12).quantize(Decimal(1))
            activity, account, name = CODES.get(category, ("1.1.03", "5.1.3.04", "Iuran jaminan ketenagakerjaan"))
            line = BudgetLine(activity_code=activity, account_code=account, name=name, fund_source=sources.get(category, "ADD"), amount=paid, categories=(category,))
            record_line(self.agreement, line, *self.when(self.code))
        assert bool(shortfalls(self.agreement)) == (self.situation == "short")

    def check(self) -> None:
        """The camat checks, or returns."""
        if self.situation in ("forbidden", "no_evidence"):
            return
        by, at, today = self.when(f"camat-{self.code[:8]}")
        passed = self.situation != "camat_returned"
        check_budget(self.agreement, passed, "" if passed else "Halaman penjabaran belum dilampirkan (contoh).", by, at, today)

    def step(self, kind: str, login: str, **more: object) -> None:
        """A step of enrollment."""
        record_step(self.agreement, EnrollmentStep(**{"kind": kind, "on": self.day, "number": "", "reason": ""} | more), *self.when(login))

    def validate(self) -> None:
        """BPJS finds the files in order; for one that is returned, the return comes instead."""
        if self.situation != "bpjs_returned":
            self.step("validated", "bpjs")

    def bpjs_returns(self) -> None:
        """BPJS returns the files."""
        self.step("returned", "bpjs", reason="Formulir pendaftaran belum ditandatangani (contoh).")

    def pay(self) -> None:
        """The village pays the whole year at once."""
        first, last = self.agreement.months
        self.step("payment", self.code, blth_first=first, blth_last=last, amount=self.agreement.yearly_total, file=self.file("Bukti bayar iuran", self.code))

    def suspend(self) -> None:
        """The office suspends the agreement."""
        by, at, today = self.when("legal")
        self.agreement.add(AgreementHold(kind="suspended", on=today, reason="Sengketa batas wilayah kerja (contoh).", by_id=by.id, at=at))
        self.agreement.moved("agreement.suspended", by, at, today)
