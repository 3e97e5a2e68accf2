"""A sitting: many agreements approved, or their signing recorded, in one go. Each village is an item of its own, so that what failed can go on."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from workflows import STAGES, NotYours, Refused
from workflows.agreement import CONDITIONS, slugs_before
from workflows.stages.draft import approval_digest

from ..db import Base, Listed, Moment, VillageOwned
from . import audit, drafts
from .agreements import Agreement
from .approvals import approve
from .columns import Recorded
from .files import StoredFile
from .lists import agreements_with_facts, with_facts
from .parafs import give_paraf
from .signatures import Signature, review, sign, why_not_sign
from .users import User

ACTS = {"paraf": "Paraf koordinasi", "approve": "Persetujuan", "sign": "Penandatanganan PIHAK KESATU", "confirm": "Konfirmasi bukti"}
DONE = {"paraf": "diparaf", "approve": "disetujui", "sign": "dicatat", "confirm": "dikonfirmasi"}
FEWEST = 3  # with fewer drafts there is no "as the others"


class SittingItem(VillageOwned, Base):
    """One agreement of a sitting, as it was ``seen``; ``state`` is empty until it was its turn, then done, refused or failed. A job, no evidence."""

    __tablename__ = "sitting_items"
    __table_args__ = (
        ForeignKeyConstraint(["agreement_id", "village_code"], ["agreements.id", "agreements.village_code"]),
        UniqueConstraint("sitting_id", "agreement_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"))
    agreement_id: Mapped[int] = mapped_column(index=True)
    village_code: Mapped[str] = mapped_column(String(13), index=True)
    seen: Mapped[str] = mapped_column(String(64), default="")
    state: Mapped[str] = mapped_column(String(8), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime | None] = mapped_column(Moment)

    agreement: Mapped[Agreement] = relationship()


class Sitting(Recorded, VillageOwned, Base):
    """What was decided once: to approve, or that these parties signed on that day in that place, with the minutes as one scan or none."""

    __tablename__ = "sittings"

    id: Mapped[int] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(String(13), index=True)
    fiscal_year: Mapped[int]
    act: Mapped[str] = mapped_column(String(8))
    signers: Mapped[tuple[str, ...]] = mapped_column(Listed, default=())
    on: Mapped[date]
    place: Mapped[str] = mapped_column(String(80), default="")
    sha256: Mapped[str | None] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(120), default="")
    size: Mapped[int] = mapped_column(default=0)

    by: Mapped[User] = relationship(lazy="joined")
    items: Mapped[list[SittingItem]] = relationship(order_by=[SittingItem.village_code, SittingItem.id])

    def of(self, state: str) -> list[SittingItem]:
        """The items in that state; "" are those whose turn has not come."""
        return [each for each in self.items if each.state == state]


# --- what lies on the table ---


@dataclass(frozen=True)
class Draft:
    """A draft that waits to be decided on, as it is shown: ``odd`` is what makes it differ in more than its data."""

    agreement: Agreement
    seen: str
    odd: tuple[str, ...]

    @property
    def a_month(self) -> Decimal:
        """Rupiah of contributions in the first month."""
        first, version = self.agreement.month_first, self.agreement.roster_version
        rows = [each for each in version.owed if each.first <= first <= each.last] if version else []
        return sum((each.per_person * each.people for each in rows), Decimal())


@dataclass(frozen=True)
class OnTheTable:
    """The drafts of a year that wait for somebody. ``common`` is what deviates in most of them alike; ``barred`` are those that this person drew up."""

    plain: tuple[Draft, ...]
    odd: tuple[Draft, ...]
    common: tuple[str, ...]
    barred: tuple[Agreement, ...]

    @property
    def waiting(self) -> int:
        """How many he can decide on."""
        return len(self.plain) + len(self.odd)


def of_year(session: Session, year: int, kecamatan: str = "") -> list[Agreement]:
    """The agreements of a year, or those of one kecamatan, with what the rules ask."""
    return [each for each in agreements_with_facts(session, year) if not kecamatan or each.village.kecamatan_code == kecamatan]


def on_the_table(agreements: Iterable[Agreement], by: User) -> OnTheTable:
    """What waits for ``by`` (an approver, or Bagian Hukum), those that differ in data only and those to look at first."""
    found = [each for each in agreements if waits_for(each, "paraf_given" if by.role == "bagian_hukum" else "approved")]
    barred = tuple(each for each in found if by.login in each.drafters)
    own = [each for each in found if each not in barred]
    usual = usual_terms(own)
    said = {each: (*drafts.deviations(each), *_unlike(each, usual)) for each in own}
    warned = Counter(one for each in own for one in each.warnings)  # a term that ends too early is the same word in every village
    common = tuple(sentence for sentence, count in warned.items() if _most(count, len(own)))
    shown = [Draft(each, approval_digest(each), tuple(one for one in said[each] if one not in common)) for each in own]
    return OnTheTable(tuple(each for each in shown if not each.odd), tuple(each for each in shown if each.odd), common, barred)


def waits_for(agreement: Agreement, slug: str) -> bool:
    """Everything before that condition is there, and it alone is not."""
    if agreement.hold or agreement.erasures or agreement.takeover or agreement.stage != STAGES[0].slug:
        return False
    return CONDITIONS[slug].is_open(agreement) and not any(CONDITIONS[each].is_open(agreement) for each in slugs_before(slug))


def _most(count: int, of: int) -> bool:
    return of >= FEWEST and count * 2 > of


def _terms(agreement: Agreement) -> dict[str, str]:
    """What is usually the same in all agreements of a year, as sentences name it."""
    first, last = agreement.months
    return {
        "Perjanjian induk": agreement.accord.number_kesatu if agreement.accord else "",
        "Tanggal perjanjian": f"{agreement.dated_on:%d-%m-%Y}" if agreement.dated_on else "",
        "Tempat": agreement.place,
        "Bulan iuran": f"{first:%m-%Y} s.d. {last:%m-%Y}",
    }


def usual_terms(agreements: Sequence[Agreement]) -> dict[str, str]:
    """The terms that most of them share."""
    counted: dict[str, Counter[str]] = {}
    for each in agreements:
        for name, value in _terms(each).items():
            counted.setdefault(name, Counter())[value] += 1
    newest = {name: counts.most_common(1)[0] for name, counts in counted.items()}
    return {name: value for name, (value, count) in newest.items() if _most(count, len(agreements))}


def _unlike(agreement: Agreement, usual: Mapping[str, str]) -> tuple[str, ...]:
    own = _terms(agreement)
    return tuple(f"{name} {own[name] or 'kosong'}, kebanyakan {value}" for name, value in usual.items() if own[name] != value)


@dataclass(frozen=True)
class ToSign:
    """An agreement whose signing by PIHAK KESATU can be recorded, as it is shown."""

    agreement: Agreement
    seen: str


def to_sign(agreements: Iterable[Agreement], today: date) -> tuple[list[ToSign], list[tuple[Agreement, str]]]:
    """The agreements that PIHAK KESATU may have signed, and the approved ones that cannot be recorded yet, each with the reason."""
    ready, left = [], []
    for each in agreements:
        if each.standing_signature("kesatu") or each.takeover or not each.approval_seen:
            continue
        reason = why_not_sign(each, "kesatu", today)
        if reason:
            left.append((each, reason))
        else:
            ready.append(ToSign(each, paper_digest(each)))
    return ready, left


def paper_digest(agreement: Agreement) -> str:
    """Names the paper that is signed: its number, its bytes, and the facts that were approved."""
    paper = agreement.paper
    said = [agreement.numbers[0] or "", (paper.sha256 if paper else "") or "", approval_digest(agreement)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


# --- deciding ---


@dataclass(frozen=True)
class Minutes:
    """One scan that proves many signatures: the signed minutes with their list of agreements."""

    sha256: str
    name: str
    size: int


def begin(
    session: Session, act: str, seen: Mapping[Agreement, str], scope: str, by: User, at: datetime, on: date, place: str = "", minutes: Minutes | None = None
) -> Sitting:
    """Decide once on all that were ``seen``; each is done in its turn, beside the web. Raises Refused when none was chosen."""
    if not seen:
        raise Refused("Pilih dahulu desanya.")
    proof = asdict(minutes) if minutes else {}
    year = max(each.fiscal_year for each in seen)
    signers = ("kesatu",) if act in ("sign", "confirm") else ()
    sitting = Sitting(village_code=scope, fiscal_year=year, act=act, signers=signers, on=on, place=place, by=by, by_id=by.id, at=at, **proof)
    sitting.items = [SittingItem(agreement_id=each.id, village_code=each.village_code, seen=digest) for each, digest in seen.items()]
    session.add(sitting)
    session.flush()
    audit.record(session, "sitting.begun", f"sitting:{sitting.id}", actor=by.login, at=at, act=act, year=year, villages=len(seen), **proof)
    return sitting


def confirm_all(session: Session, sitting: Sitting, by: User, at: datetime, today: date) -> Sitting:
    """Somebody else has looked at the minutes and confirms every signature they prove. Raises NotYours for who recorded them, Refused when none waits."""
    if by.id == sitting.by_id:
        raise NotYours("Bukti yang Anda unggah sendiri harus dikonfirmasi orang lain.")
    seen = {item.agreement: str(signature.id) for item, signature in unconfirmed(sitting)}
    if not seen:
        raise Refused("Tidak ada lagi yang menunggu dikonfirmasi.")
    minutes = Minutes(sitting.sha256 or "", sitting.name, sitting.size)
    return begin(session, "confirm", seen, sitting.village_code, by, at, today, sitting.place, minutes)


def unconfirmed(sitting: Sitting) -> list[tuple[SittingItem, Signature]]:
    """Signatures recorded by this sitting that nobody has confirmed or rejected."""
    if sitting.act != "sign":
        return []
    found = [(each, each.agreement.standing_signature("kesatu")) for each in sitting.of("done")]
    return [(item, signature) for item, signature in found if signature and signature.file.sha256 == sitting.sha256 and signature.review is None]


def evidence_of(sitting: Sitting) -> StoredFile | None:
    """The minutes as one of its villages keeps them; None before the first signature is recorded."""
    return next((signature.file for _, signature in unconfirmed(sitting)), None)


def again(sitting: Sitting, by: User) -> None:
    """Let what failed have its turn once more. Raises NotYours for anybody else than who decided, Refused when nothing failed."""
    if by.id != sitting.by_id:
        raise NotYours("Hanya yang memutuskan sidang ini yang dapat mengulanginya.")
    failed = sitting.of("failed")
    if not failed:
        raise Refused("Tidak ada yang gagal di sidang ini.")
    for each in failed:
        each.state, each.reason, each.at = "", "", None


# --- one item's turn ---


def next_item(session: Session) -> int | None:
    """The id of the oldest item whose turn has not come."""
    return session.scalar(select(SittingItem.id).where(SittingItem.state == "").order_by(SittingItem.id).limit(1))


def claim(session: Session, item_id: int, at: datetime) -> SittingItem | None:
    """Mark it done, in the transaction that does it; None when somebody else did."""
    turn = update(SittingItem).where(SittingItem.id == item_id, SittingItem.state == "").values(state="done", at=at)
    if session.execute(turn, execution_options={"synchronize_session": False}).rowcount != 1:
        return None
    return session.get(SittingItem, item_id, populate_existing=True)


def act_on(session: Session, item: SittingItem, at: datetime, today: date) -> None:
    """What the sitting decided, done to one agreement as it was seen. Raises what the act itself does, and Refused when it changed meanwhile."""
    sitting = session.get_one(Sitting, item.sitting_id)
    if not sitting.by.is_active:
        raise Refused("Akun yang memutuskan sidang ini sudah ditutup.")
    _DO[sitting.act](session, sitting, item, at, today)


def _refuse_returned(sitting: Sitting, item: SittingItem) -> None:
    if any(each.at >= sitting.at for each in item.agreement.returns):
        raise Refused("Konsep dikembalikan untuk diperbaiki sesudah sidang ini dimulai.")


def _initial(session: Session, sitting: Sitting, item: SittingItem, at: datetime, today: date) -> None:
    _refuse_returned(sitting, item)
    give_paraf(item.agreement, sitting.by, item.seen, at, sitting.on)


def _approve(session: Session, sitting: Sitting, item: SittingItem, at: datetime, today: date) -> None:
    _refuse_returned(sitting, item)
    approve(item.agreement, sitting.by, item.seen, at, sitting.on)


def _sign(session: Session, sitting: Sitting, item: SittingItem, at: datetime, today: date) -> None:
    if item.seen != paper_digest(item.agreement):
        raise Refused("Naskah atau isinya berubah sejak Anda membukanya. Periksa sekali lagi sebelum mencatat.")
    file = StoredFile(
        village_code=item.village_code, sha256=sitting.sha256, size=sitting.size, media_type="application/pdf", name=sitting.name, by_id=sitting.by_id, at=at
    )
    session.add(file)
    session.flush()
    sign(item.agreement, "kesatu", sitting.on, sitting.place, file, sitting.by, at, today)


def _confirm(session: Session, sitting: Sitting, item: SittingItem, at: datetime, today: date) -> None:
    signature = session.get_one(Signature, int(item.seen))
    if signature is not item.agreement.standing_signature("kesatu"):
        raise Refused("Tanda tangan ini tidak berlaku lagi.")
    review(signature, item.agreement, True, "", sitting.by, at, today)


_DO: dict[str, Callable[[Session, Sitting, SittingItem, datetime, date], None]] = {"paraf": _initial, "approve": _approve, "sign": _sign, "confirm": _confirm}


def newest(session: Session, most: int = 12) -> list[Sitting]:
    """The latest sittings."""
    return list(session.scalars(select(Sitting).options(selectinload(Sitting.items)).order_by(Sitting.id.desc()).limit(most)))


def items_of(session: Session, sitting: Sitting) -> list[SittingItem]:
    """What became of every village, what was not done first; their agreements are read with it."""
    session.scalars(with_facts(select(Agreement).where(Agreement.id.in_([each.agreement_id for each in sitting.items])))).all()
    return sorted(sitting.items, key=lambda each: each.state not in ("refused", "failed"))


def chosen(session: Session, marked: Iterable[str]) -> dict[Agreement, str] | None:
    """Agreements as "code digest" names them; None when one of them is not there for these eyes."""
    wanted: dict[str, str] = dict(each.partition(" ")[::2] for each in marked)
    found = drafts.by_codes(session, list(wanted))
    return None if found is None else {each: wanted[each.code] for each in found}


def told(item: SittingItem, act: str) -> str:
    """What became of an item, in words."""
    return {"": "menunggu giliran", "done": DONE[act], "refused": "tidak dilakukan", "failed": "gagal"}[item.state]
