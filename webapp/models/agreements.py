"""A village's agreement for one fiscal year. It fits ``workflows.AgreementFacts``: its stage is read from its evidence, never set."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from workflows import Open, Refused, Stage, current_stage, open_conditions
from workflows.contributions import months_between
from workflows.deadlines import DueRule
from workflows.facts import (
    AccordSeen,
    ApprovalSeen,
    BasisSeen,
    BudgetLineSeen,
    BudgetSeen,
    CheckSeen,
    ParafSeen,
    RosterSeen,
    SignatureSeen,
    SourceRule,
    StepSeen,
    TakenOver,
)
from workflows.stages.budgeting import standing_lines
from workflows.stages.draft import is_signed

from ..db import Base, VillageOwned, unscoped
from ..seal import Erased
from . import audit
from .accords import Accord
from .agreement_records import AgreementHold, Amendment, DraftEdit, TypedNumber
from .approvals import Approval, Return
from .budgets import BudgetDocument, BudgetLine, CamatCheck
from .changes import RosterChange
from .enrollments import EnrollmentStep
from .imports import ImportPart
from .legal_holds import Erasure, LegalHold
from .letters import Letter
from .officials import Tenure
from .parafs import Paraf
from .reading import rulebook, whoswho
from .regions import Village
from .rosters import RosterEntry, RosterVersion
from .rules import LegalBasis
from .signatures import Signature
from .takeovers import Takeover
from .users import User

HOLDS = {"suspended": "Ditangguhkan", "terminated": "Diakhiri", "resumed": "Dilanjutkan"}


class Overtaken(Refused):
    """Somebody else acted on the same object first; ``object`` names it as the audit trail does."""

    def __init__(self, object_: str) -> None:
        self.object = object_
        super().__init__("Orang lain lebih dahulu bertindak. Yang Anda kirim tidak disimpan; lihat keadaan sekarang, lalu ulangi bila masih perlu.")


class Agreement(VillageOwned, Base):
    """One per village and fiscal year, under an accord. ``stage`` and ``turn`` are a cache for lists, written by ``moved`` alone."""

    __tablename__ = "agreements"
    __table_args__ = (
        UniqueConstraint("village_code", "fiscal_year"),
        UniqueConstraint("id", "village_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"), index=True)
    fiscal_year: Mapped[int] = mapped_column(index=True)
    accord_id: Mapped[int | None] = mapped_column(ForeignKey("accords.id"))
    dated_on: Mapped[date | None]
    place: Mapped[str] = mapped_column(String(80), default="")
    month_first: Mapped[date]
    month_last: Mapped[date]
    stage: Mapped[str] = mapped_column(String(12), index=True, default="draft")
    turn: Mapped[str] = mapped_column(String(12), default="legal")
    version: Mapped[int] = mapped_column(default=1)

    village: Mapped[Village] = relationship(lazy="joined")
    accord: Mapped[Accord | None] = relationship()
    bases: Mapped[list[LegalBasis]] = relationship(secondary="agreement_bases", order_by=LegalBasis.rank)
    entries: Mapped[list[RosterEntry]] = relationship(order_by="RosterEntry.name", cascade="all, delete-orphan")
    versions: Mapped[list[RosterVersion]] = relationship(order_by=RosterVersion.number, foreign_keys="[RosterVersion.agreement_id, RosterVersion.village_code]")
    edits: Mapped[list[DraftEdit]] = relationship(order_by=DraftEdit.id)
    approvals: Mapped[list[Approval]] = relationship(order_by=Approval.id)
    parafs: Mapped[list[Paraf]] = relationship(order_by=Paraf.id)
    returns: Mapped[list[Return]] = relationship(order_by=Return.id)
    typed_numbers: Mapped[list[TypedNumber]] = relationship(order_by=TypedNumber.id)
    letters: Mapped[list[Letter]] = relationship(order_by=Letter.id, foreign_keys="[Letter.agreement_id, Letter.village_code]")
    signatures: Mapped[list[Signature]] = relationship(order_by=Signature.id)
    documents: Mapped[list[BudgetDocument]] = relationship(order_by=BudgetDocument.id)
    budget_lines: Mapped[list[BudgetLine]] = relationship(order_by=BudgetLine.id, cascade="all, delete-orphan")
    checks: Mapped[list[CamatCheck]] = relationship(order_by=CamatCheck.id)
    steps: Mapped[list[EnrollmentStep]] = relationship(order_by=EnrollmentStep.id)
    holds: Mapped[list[AgreementHold]] = relationship(order_by=AgreementHold.id)
    amendments: Mapped[list[Amendment]] = relationship(order_by=Amendment.id)
    changes: Mapped[list[RosterChange]] = relationship(order_by=RosterChange.id)
    legal_holds: Mapped[list[LegalHold]] = relationship(order_by=LegalHold.id)
    erasures: Mapped[list[Erasure]] = relationship(order_by=Erasure.id)
    imports: Mapped[list[ImportPart]] = relationship(order_by=ImportPart.id)
    takeovers: Mapped[list[Takeover]] = relationship(order_by=Takeover.id)

    @property
    def code(self) -> str:
        """How links name it: village code and fiscal year."""
        return f"{self.village_code}-{self.fiscal_year}"

    @property
    def _session(self) -> Session:
        session = object_session(self)
        assert session is not None, "an agreement outside a session knows no facts"
        return session

    # --- what the rules may ask (workflows.AgreementFacts) ---

    @property
    def months(self) -> tuple[date, date]:
        """First and last contribution month."""
        return self.month_first, self.month_last

    @property
    def takeover(self) -> Takeover | None:
        """What the archive says of an agreement made before this register began; the newest word stands."""
        return self.takeovers[-1] if self.takeovers else None

    @property
    def taken_over(self) -> TakenOver | None:
        """The same as the rules see it."""
        return self.takeover.as_seen() if self.takeover else None

    @property
    def accord_seen(self) -> AccordSeen | None:
        """The accord as the rules see it."""
        return self.accord.as_seen() if self.accord else None

    @property
    def parties_seen(self) -> tuple[str, ...]:
        """The three signers as they stand on the agreement's date, or as the archive names them."""
        if self.takeover:
            return self.takeover.kesatu, self.takeover.kedua, self.takeover.head
        found = (self.signer(1), self.signer(2), self.village_head())
        return tuple(f"{each.official.name}, {each.position}, {each.authority}" if each else "" for each in found)

    @property
    def party_gaps(self) -> tuple[str, ...]:
        """What the parties and the village head lack on the agreement's date."""
        if self.takeover:
            return self.takeover.gaps
        if self.accord is None or self.dated_on is None:
            return ("perjanjian induk atau tanggal belum ditetapkan",)
        gaps = list(self.accord.gaps_on(self.dated_on))
        head = self.village_head()
        if head is None:
            gaps.append(f"tidak ada Kepala Desa yang menjabat pada {self.dated_on:%d-%m-%Y}")
        elif not head.authority:
            gaps.append(f"keputusan pengangkatan {head.official.name} belum dicatat")
        return tuple(gaps)

    @property
    def bases_seen(self) -> tuple[BasisSeen, ...]:
        """The chosen legal bases."""
        return tuple(BasisSeen(each.short, each.valid_from, each.valid_until) for each in self.bases)

    @property
    def roster_version(self) -> RosterVersion | None:
        """The pinned version: the newest that was frozen before signing; what came later belongs to an amendment."""
        amended = {each.version_id for each in self.amendments}
        return next((each for each in reversed(self.versions) if each.id not in amended), None)

    @property
    def roster_seen(self) -> RosterSeen | None:
        """The pinned version of the list."""
        return self.roster_version.as_seen() if self.roster_version else None

    @property
    def list_stands(self) -> bool:
        """Does a signed paper carry the list? From then on people join and leave by dated records, and a new version is an amendment."""
        settled = self.takeover is None or self.standing_signature("annex") is not None
        return is_signed(self) and self.roster_version is not None and settled

    @property
    def due_by_category(self) -> Mapping[str, Decimal]:
        """Rupiah per category for all months, as frozen with the pinned version."""
        due: dict[str, Decimal] = {}
        for each in self.roster_version.owed if self.roster_version else ():
            due[each.category] = due.get(each.category, Decimal()) + each.total
        return due

    @property
    def due_by_month(self) -> Mapping[str, Mapping[date, Decimal]]:
        """The same sums month by month."""
        due: dict[str, dict[date, Decimal]] = {}
        for each in self.roster_version.owed if self.roster_version else ():
            months = due.setdefault(each.category, {})
            for month in months_between(each.first, each.last):
                months[month] = months.get(month, Decimal()) + each.per_month
        return due

    @property
    def missing_rates(self) -> tuple[str, ...]:
        """What keeps the frozen calculation from holding, a phrase each."""
        if self.roster_version is None:
            return ()
        if is_signed(self):
            return ()
        book, asked = rulebook(self._session), (self.roster_version.id, self.fiscal_year, self.months)
        if asked not in book.remembered:
            book.remembered[asked] = self.roster_version.stale_because(book, self.fiscal_year, self.months)
        return book.remembered[asked]

    @property
    def drafters(self) -> frozenset[str]:
        """Logins of all who edited facts of this draft."""
        return frozenset(each.by_login for each in self.edits)

    @property
    def approval_seen(self) -> ApprovalSeen | None:
        """The newest approval that no later return has taken back."""
        newest = self.approvals[-1] if self.approvals else None
        if newest is None or any(each.at >= newest.at for each in self.returns):
            return None
        return ApprovalSeen(newest.by_login, newest.on, newest.digest)

    @property
    def paraf_from(self) -> date | None:
        """Since when the office asks Bagian Hukum for its initials."""
        return self.accord.office.paraf_from if self.accord else None

    @property
    def paraf_seen(self) -> ParafSeen | None:
        """The newest initials that no later return has taken back."""
        newest = self.parafs[-1] if self.parafs else None
        if newest is None or any(each.at >= newest.at for each in self.returns):
            return None
        return ParafSeen(newest.by_login, newest.on, newest.digest)

    @property
    def paper(self) -> Letter | None:
        """The newest numbered ``perjanjian_desa`` that is not void."""
        return self.letter_of("perjanjian_desa")

    @property
    def numbers(self) -> tuple[str | None, str | None]:
        """PIHAK KESATU's number comes from the register, PIHAK KEDUA's was typed in; both from the archive when it was taken over."""
        if self.takeover:
            return self.takeover.number_kesatu or None, self.typed_number("kedua") or self.takeover.number_kedua or None
        return (self.paper.number if self.paper else None), self.typed_number("kedua")

    @property
    def signatures_seen(self) -> tuple[SignatureSeen, ...]:
        """The signatures that stand."""
        found = (self.standing_signature(signer) for signer in ("kesatu", "kedua", "annex"))
        return tuple(each.as_seen() for each in found if each)

    @property
    def budgets_seen(self) -> tuple[BudgetSeen, ...]:
        """The budget documents."""
        return tuple(each.as_seen() for each in self.documents)

    @property
    def lines_seen(self) -> tuple[BudgetLineSeen, ...]:
        """The budget lines that pay now."""
        return tuple(each.as_seen() for each in self.standing_lines)

    @property
    def standing_lines(self) -> list[BudgetLine]:
        """Lines of APBDes and of its recorded Perubahan that no other line replaces."""
        return standing_lines(self.budget_lines, any(each.kind == "perubahan" for each in self.documents))

    @property
    def source_rules(self) -> tuple[SourceRule, ...] | None:
        """Forbidden fund sources of the fiscal year."""
        return rulebook(self._session).source_rules(self.fiscal_year)

    @property
    def category_names(self) -> Mapping[str, str]:
        """Category slugs and their names."""
        return rulebook(self._session).category_names

    @property
    def check_seen(self) -> CheckSeen | None:
        """The camat's newest answer."""
        return self.newest_check.as_seen() if self.newest_check else None

    @property
    def steps_seen(self) -> tuple[StepSeen, ...]:
        """The steps of enrollment in order."""
        return tuple(each.as_seen() for each in self.steps)

    @property
    def due_rules(self) -> Mapping[str, DueRule]:
        """The office's due dates."""
        return rulebook(self._session).due_rules

    # --- what papers and pages ask ---

    def signer(self, side: int) -> Tenure | None:
        """Who signs for PIHAK KESATU (1) or KEDUA (2) on the agreement's date."""
        return self.accord.signer_on(side, self.dated_on) if self.accord and self.dated_on else None

    def village_head(self) -> Tenure | None:
        """Who heads the village on the agreement's date."""
        return whoswho(self._session).on("head_village", self.village_code, self.dated_on) if self.dated_on else None

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is no obstacle but will become one: a signer's term that ends before the agreement does."""
        ends = self.month_last
        found = (self.signer(1), self.signer(2), self.village_head())
        return tuple(
            f"Masa jabatan {each.official.name} ({each.position}) berakhir {each.until_on:%d-%m-%Y}, sebelum perjanjian selesai"
            for each in found
            if each and each.until_on and each.until_on < ends
        )

    def standing_signature(self, signer: str) -> Signature | None:
        """The newest signature of ``signer`` whose evidence was not rejected and whose paper was not voided after it."""
        voided = [each.void_at for each in self.letters if each.kind == "perjanjian_desa" and each.void_at]
        mine = [each for each in self.signatures if each.signer == signer and (each.review is None or each.review.confirmed)]
        return mine[-1] if mine and not any(at >= mine[-1].at for at in voided) else None

    def typed_number(self, owner: str) -> str | None:
        """The newest number typed in for ``owner``."""
        mine = [each.number for each in self.typed_numbers if each.owner == owner]
        return mine[-1] if mine else None

    def letter_of(self, kind: str) -> Letter | None:
        """The newest letter of a kind that is not void."""
        mine = [each for each in self.letters if each.kind == kind and each.state != "void"]
        return mine[-1] if mine else None

    @property
    def newest_check(self) -> CamatCheck | None:
        """The camat's newest answer as a row."""
        return self.checks[-1] if self.checks else None

    @property
    def hold(self) -> AgreementHold | None:
        """Why the agreement rests; None while it runs."""
        newest = self.holds[-1] if self.holds else None
        return newest if newest and newest.kind != "resumed" else None

    @property
    def yearly_total(self) -> Decimal:
        """Rupiah of all contributions in the agreement's months."""
        return sum(self.due_by_category.values(), Decimal())

    @property
    def legal_hold(self) -> LegalHold | None:
        """Why nothing of it may be deleted; None while it may."""
        newest = self.legal_holds[-1] if self.legal_holds else None
        return newest if newest and newest.kind == "held" else None

    def current_stage(self) -> Stage | None:
        """The stage as read from the evidence."""
        return current_stage(self)

    def open_on(self, today: date) -> tuple[Open, ...]:
        """All open conditions."""
        return open_conditions(self, today)

    # --- what acts use ---

    def refuse_when_held(self) -> None:
        """Raise Refused while the agreement rests, and for ever once the people on its lists were erased."""
        if self.erasures:
            raise Erased
        if self.hold:
            raise Refused(f"Perjanjian ini {HOLDS[self.hold.kind].lower()} sejak {self.hold.on:%d-%m-%Y}: {self.hold.reason}")

    def add(self, row: Any) -> None:
        """Add a row of evidence to this agreement and to no other."""
        row.agreement_id, row.village_code = self.id, self.village_code
        self._session.add(row)

    def amend(self, version: RosterVersion, by: User, at: datetime) -> None:
        """A version frozen after signing opens an amendment instead of becoming the pinned one.

        The list of an agreement that was taken over is settled here first: until its annex is proven, a version becomes the pinned one.
        """
        if self.takeover and (version.number == 1 or self.standing_signature("annex") is None):
            return
        self.add(Amendment(version_id=version.id, by_id=by.id, at=at))

    def edited(self, what: str, by: User, at: datetime, today: date, **detail: Any) -> None:
        """Facts of the draft changed by ``by``, who is a drafter from now on."""
        if by.login not in self.drafters:
            self.add(DraftEdit(by_id=by.id, by_login=by.login, at=at, what=what))
        self.moved(what, by, at, today, **detail)

    def moved(self, action: str, by: User | None, at: datetime, today: date, **detail: Any) -> None:
        """After every act: write the event, read the evidence afresh, refresh the cache. Two at once: the second one's flush fails."""
        session, seen = self._session, self.version
        session.flush()
        # Of two acts at once one finds the version it read; the other waits for the row, finds it changed and is told.
        bump = update(Agreement).where(Agreement.id == self.id, Agreement.version == seen).values(version=seen + 1)
        if session.execute(bump, execution_options={"synchronize_session": False}).rowcount != 1:
            raise Overtaken(f"agreement:{self.code}")
        session.expire(self)
        self.refresh(today)
        audit.record(
            session,
            action,
            f"agreement:{self.code}",
            actor=by.login if by else "sistem",
            at=at,
            village_code=self.village_code,
            stage=self.stage,
            **detail,
        )

    def refresh(self, today: date) -> None:
        """Write the cache of stage and turn from the evidence."""
        stage = current_stage(self)
        opened = open_conditions(self, today, (stage,)) if stage else ()
        self.stage = stage.slug if stage else "active"
        self.turn = opened[0].turn if opened else ""
        self._session.flush()



def agreement_coded(session: Session, code: str) -> Agreement | None:
    """The agreement that links name so (``73.02.01.2004-2026``), if the session may see it."""
    village_code, _, year = code.rpartition("-")
    if not year.isdigit():
        return None
    return session.scalar(select(Agreement).where(Agreement.village_code == village_code, Agreement.fiscal_year == int(year)))


def type_number(agreement: Agreement, owner: str, number: str, on: date, by: User, at: datetime, today: date) -> TypedNumber:
    """Note a number that another institution gave. Raises Refused when it is another agreement's, or the paper is signed."""
    agreement.refuse_when_held()
    if on > today:
        raise Refused("Tanggal naskah belum tiba.")
    of_kedua = owner == "kedua" or owner.startswith("adendum")
    if owner == "kedua" and agreement.standing_signature("kedua") is not None:
        raise Refused("PIHAK KEDUA sudah menandatangani; nomornya tidak diganti lagi.")
    if agreement.typed_number(owner) == number:
        raise Refused("Nomor ini sudah dicatat.")
    session = agreement._session
    with unscoped("nomor PIHAK KEDUA tidak boleh ganda", session):
        same = (TypedNumber.number == number, or_(TypedNumber.owner == "kedua", TypedNumber.owner.startswith("adendum")))
        taken = session.scalar(select(TypedNumber.agreement_id).where(*same).order_by(TypedNumber.agreement_id != agreement.id).limit(1))
    if taken is not None and of_kedua:
        raise Refused("Nomor ini sudah dipakai perjanjian desa lain." if taken != agreement.id else "Nomor ini sudah dipakai naskah lain dari perjanjian ini.")
    typed = TypedNumber(owner=owner, number=number, on=on, by_id=by.id, at=at)
    agreement.add(typed)
    agreement.moved("numbers.typed", by, at, today, owner=owner)
    return typed
