"""Complete by default: an installation, people, agreements at any point of the road. A test changes only what it is about."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache

from argon2 import PasswordHasher
from sqlalchemy import select

from webapp import clock
from webapp.db import db
from webapp.models import (
    Accord,
    AccordSignature,
    Agreement,
    BudgetDocument,
    BudgetLine,
    EnrollmentStep,
    Installation,
    LegalBasis,
    Letter,
    Office,
    Official,
    Post,
    RosterEntry,
    Scan,
    ScanPage,
    StoredFile,
    Tenure,
    TypedNumber,
    User,
    Village,
)
from webapp.models.approvals import approve
from webapp.models.budgets import check_budget, record_document, record_line
from webapp.models.changes import Change, leave
from webapp.models.enrollments import record_step
from webapp.models.freezing import freeze
from webapp.models.letters import new_token, reserve_number
from webapp.models.participants import Person, add_people, add_person, change_person
from webapp.models.seeds import seed
from webapp.models.signatures import review, sign
from webapp.uploads import storage
from workflows import nik
from workflows.stages.draft import approval_digest

PASSWORD = "kata sandi contoh"
NOW_ = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
BIALO, OTHER = "73.02.01.2004", "73.02.06.2003"
ROLES = ("legal", "bagian_hukum", "approver", "bpjs", "monitor", "admin")


# Cheap to check: tests sign in thousands of times. What the service itself hashes is tried in test_login.
_quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@cache
def password_hash() -> str:
    return _quick.hash(PASSWORD)


def login_of(who: str) -> str:
    """``village`` is Bialo's account, ``camat`` that of Gantarang."""
    return {"village": BIALO, "camat": "camat-73.02.01"}.get(who, who)


def a_user(login: str, role: str, scope: str = "73.02.", **more) -> User:
    user = User(
        login=login, name=f"Contoh {login}", role=role, scope=scope, password_hash=password_hash(), must_change=False, at=clock.now()
    )
    for name, value in more.items():
        setattr(user, name, value)
    db.session.add(user)
    return user


def an_installation() -> None:
    """Regions, rules, offices, officials, an accord in force, a user per role and second ones where four eyes are needed."""
    db.session.add(Installation(id=1, demo=False))
    seed(db.session)
    db.session.flush()
    for login in (*ROLES, "legal2", "approver2", "bpjs2"):
        a_user(login, login.rstrip("2"))
    a_user("camat-73.02.01", "camat", "73.02.01.")
    a_user("camat-73.02.06", "camat", "73.02.06.")
    for code in (BIALO, OTHER):
        a_user(code, "village", code)
    db.session.flush()
    _offices()
    _officials()
    an_accord()


def _offices() -> None:
    common = {"kabupaten_code": "73.02", "seat": "Bulukumba", "address": "Jalan Contoh Nomor 1, Bulukumba", "phone": "(0413) 000000"}
    db.session.add(
        Office(
            id=1, side=1, name="Dinas Pemberdayaan Masyarakat dan Desa", above="Pemerintah Kabupaten Bulukumba", short_name="DPMD",
            unit="DPMD", authority="", contact="Contoh Staf, 0800-0000-0000", email="dpmd@contoh.invalid", website="contoh.invalid",
            copies_to=("Bupati Bulukumba",), **common,
        )
    )  # fmt: skip
    db.session.add(
        Office(
            id=2, side=2, name="BPJS Ketenagakerjaan Cabang Bulukumba", short_name="BPJS Ketenagakerjaan",
            authority="Keputusan Direksi Nomor KEP/000/012026", **common,
        )
    )  # fmt: skip


def _officials() -> None:
    a_tenure("head_office", "Kepala Dinas Pemberdayaan Masyarakat dan Desa", "Contoh Kepala Dinas, S.Sos.", office_id=1, number_kind="NIP", number="190001012000011901")
    a_tenure("head_bpjs", "Kepala Kantor Cabang", "Contoh Kepala Cabang", office_id=2, number_kind="NPK", number="900000901")
    for village in db.session.scalars(select(Village)):
        if village.is_desa:
            a_tenure("head_village", f"Kepala Desa {village.name}", f"Contoh Kades {village.code[-7:]}", village_code=village.code)


def a_tenure(kind: str, title: str, name: str, number_kind: str = "", number: str = "", capacity: str = "definitif", from_on: date = date(2022, 1, 1), until_on: date | None = date(2029, 12, 31), **where) -> Tenure:
    post = db.session.scalar(select(Post).filter_by(kind=kind, **where)) or Post(kind=kind, title=title, **where)
    tenure = Tenure(
        official=Official(name=name, number_kind=number_kind, number=number), post=post, capacity=capacity, decree_by="Keputusan Bupati Bulukumba",
        decree_number="901 Tahun 2021", decree_on=date(2021, 12, 20), from_on=from_on, until_on=until_on,
    )  # fmt: skip
    db.session.add(tenure)
    return tenure


def an_accord(signed: bool = True) -> Accord:
    accord = Accord(
        office_id=1, insurer_id=2, about="Perlindungan jaminan sosial ketenagakerjaan bagi perangkat, lembaga, dan pekerja rentan desa",
        dated_on=date(2026, 1, 5), place="Bulukumba", valid_from=date(2026, 1, 5), valid_until=date(2029, 1, 4),
        number_kesatu="100.3.7.1/901/DPMD/I/2026" if signed else "", number_kedua="PER/901/012026" if signed else "",
        mandate_by="Bupati Bulukumba", mandate_number="100.3.7/902/2026", mandate_on=date(2026, 1, 2),
        bases=list(db.session.scalars(select(LegalBasis).where(LegalBasis.usual))),
    )  # fmt: skip
    db.session.add(accord)
    db.session.flush()
    if signed:
        sha256 = storage().put(b"%PDF-1.4 contoh")
        admin = user("legal")
        for side in (1, 2):
            db.session.add(AccordSignature(accord_id=accord.id, side=side, on=date(2026, 1, 5), place="Bulukumba", sha256=sha256, by_id=admin.id, at=clock.now()))
    return accord


def user(login: str) -> User:
    return db.session.scalars(select(User).where(User.login == login_of(login))).one()


def a_nik(serial: int = 9001, born_on: date = date(1980, 5, 17), sex: str = "L") -> str:
    day = born_on.day + (40 if sex == "P" else 0)
    return f"730201{day:02}{born_on:%m%y}{serial:04}"


def a_person(serial: int = 9001, category: str = "perangkat", **more) -> Person:
    born_on, sex = more.pop("birth_on", date(1980, 5, 17)), more.pop("sex", "L")
    return Person(
        **{
            "category": category, "name": f"Contoh Peserta {serial}", "nik": nik.parse(a_nik(serial, born_on, sex)), "birth_on": born_on,
            "sex": sex, "job": "Kaur Keuangan", "wage_base": Decimal(2022200),
        }
        | more
    )  # fmt: skip


ROAD = ("empty", "frozen", "approved", "numbered", "signed", "budgeted", "checked", "handed_in", "validated", "billed", "paid", "active")


def an_agreement(until: str = "empty", village_code: str = BIALO, people: int = 3, serial: int = 9001, **more) -> Agreement:
    """An agreement that has come as far as ``until`` (see ROAD), by the real acts of the real roles."""
    accord = db.session.scalars(select(Accord).order_by(Accord.id)).first()
    agreement = Agreement(
        **{
            "village_code": village_code, "fiscal_year": 2026, "accord": accord, "dated_on": date(2026, 3, 2), "place": "Bulukumba",
            "month_first": date(2026, 1, 1), "month_last": date(2026, 12, 1), "bases": list(accord.bases),
        }
        | more
    )  # fmt: skip
    db.session.add(agreement)
    db.session.flush()
    agreement.edited("agreement.started", user("legal"), clock.now(), clock.today())
    for step, act in (
        ("frozen", lambda: _freeze(agreement, people, serial)),
        ("approved", lambda: approve(agreement, user("approver"), approval_digest(agreement), clock.now(), clock.today())),
        ("numbered", lambda: _number(agreement)),
        ("signed", lambda: _sign(agreement)),
        ("budgeted", lambda: _budget(agreement)),
        ("checked", lambda: check_budget(agreement, True, "", user("camat"), clock.now(), clock.today())),
        ("handed_in", lambda: a_step(agreement, "handed_in", "village")),
        ("validated", lambda: a_step(agreement, "validated", "bpjs")),
        ("billed", lambda: a_step(agreement, "billing_code", "bpjs", number="9000000001")),
        ("paid", lambda: _pay(agreement)),
        ("active", lambda: a_step(agreement, "active", "bpjs")),
    ):
        if ROAD.index(step) > ROAD.index(until):
            break
        act()
    db.session.commit()
    return agreement


def _freeze(agreement: Agreement, people: int, serial: int) -> None:
    add_people(agreement, [a_person(serial + each) for each in range(people)], user("legal"), clock.now(), clock.today())
    freeze(agreement, user("legal"), clock.now(), clock.today())


def a_letter(agreement: Agreement, kind: str = "perjanjian_desa", **more) -> Letter:
    office = db.session.get(Office, 1)
    letter = Letter(
        **{
            "kind": kind, "village_code": agreement.village_code, "agreement_id": agreement.id, "state": "reserved", "token": new_token(),
            "dated_on": clock.today(), "title": "Perjanjian", "facts": "{}", "facts_digest": "0" * 64, "template": "uji/1",
            "public_url": "http://localhost", "reserved_at": clock.now(), "reserved_by_id": user("legal").id,
        }
        | reserve_number(db.session, office, "100.3.7.1", clock.today(), agreement.village_code)
        | more
    )  # fmt: skip
    agreement.add(letter)
    return letter


def _number(agreement: Agreement) -> None:
    a_letter(agreement)
    agreement.add(TypedNumber(owner="kedua", number="PER/902/032026", by_id=user("bpjs").id, at=clock.now(), on=date(2026, 3, 2)))
    agreement.moved("numbers.known", user("legal"), clock.now(), clock.today())


def a_file(village_code: str, by: str = "legal") -> StoredFile:
    content = b"%PDF-1.4 contoh " + village_code.encode()
    file = StoredFile(village_code=village_code, sha256=storage().put(content), size=len(content), media_type="application/pdf", name="bukti.pdf", by_id=user(by).id, at=clock.now())
    db.session.add(file)
    db.session.flush()
    return file


def a_scan(agreement: Agreement) -> tuple[Scan, ScanPage]:
    """Photographed pages: one has come, and its code could not be read."""
    scan, file = Scan(paper="lampiran", rangkap=1, number=1, by_id=user("legal").id, at=clock.now()), a_file(agreement.village_code)
    agreement.add(scan)
    db.session.flush()
    page = ScanPage(scan_id=scan.id, village_code=agreement.village_code, original_id=file.id, picture_id=file.id, sha256=file.sha256, nth=1, flattened="none", width_mm=210, height_mm=297, by_id=user("legal").id, at=clock.now())
    db.session.add(page)
    db.session.flush()
    return scan, page


def _sign(agreement: Agreement) -> None:
    for signer, by, second in (("kesatu", "legal", "approver"), ("kedua", "bpjs", "legal"), ("annex", _village_of(agreement), "legal")):
        signature = sign(agreement, signer, date(2026, 3, 9), "Bulukumba", a_file(agreement.village_code, by), user(by), clock.now(), clock.today())
        review(signature, agreement, True, "", user(second), clock.now(), clock.today())


def _village_of(agreement: Agreement) -> str:
    known = db.session.scalar(select(User.login).where(User.login == agreement.village_code))
    return known or "legal2"


def a_line(agreement: Agreement, source: str = "ADD", amount: Decimal | None = None, categories: tuple[str, ...] | None = None) -> BudgetLine:
    return BudgetLine(
        activity_code="1.1.03", account_code="5.1.3.04", name="Jaminan ketenagakerjaan perangkat", fund_source=source,
        amount=agreement.yearly_total if amount is None else amount, categories=tuple(agreement.due_by_category) if categories is None else categories,
    )  # fmt: skip


def _budget(agreement: Agreement) -> None:
    by, at, today = user(_village_of(agreement)), clock.now(), clock.today()
    for kind, number, on in (("rkpdes", "5 Tahun 2025", date(2025, 9, 20)), ("apbdes", "8 Tahun 2025", date(2025, 12, 20))):
        record_document(agreement, BudgetDocument(kind=kind, number=number, on=on, file=a_file(agreement.village_code, by.login)), by, at, today)
    record_line(agreement, a_line(agreement), by, at, today)


def a_step(agreement: Agreement, kind: str, by: str, **more) -> EnrollmentStep:
    who = _village_of(agreement) if by == "village" else by
    return record_step(agreement, EnrollmentStep(**{"kind": kind, "on": date(2026, 10, 5), "number": "", "reason": ""} | more), user(who), clock.now(), clock.today())


def _pay(agreement: Agreement) -> None:
    a_step(agreement, "payment", "village", blth_first=date(2026, 1, 1), blth_last=date(2026, 12, 1), amount=agreement.yearly_total, file=a_file(agreement.village_code))


def amended(until: str = "signed", frozen: bool = True, village_code: str = BIALO) -> Agreement:
    """A signed agreement whose list went on: of three people one died, one was corrected, a fourth joined; frozen again as an amendment."""
    agreement = an_agreement(until, village_code)
    by = {"by": user("legal"), "at": clock.now(), "today": clock.today()}
    one, two, _ = sorted(agreement.entries, key=lambda each: each.name)
    leave(agreement, one, Change("died", date(2026, 6, 11), reason="Surat keterangan kematian 474.3/9"), **by)
    change_person(agreement, two, a_person(9002, job="Kasi Pemerintahan"), **by)
    add_person(agreement, a_person(9301, name="Contoh Baru"), **by, joined=Change("joined", date(2026, 10, 1)))
    if frozen:
        freeze(agreement, **by)
    db.session.commit()
    return agreement


def entries_of(agreement: Agreement) -> list[RosterEntry]:
    return list(db.session.scalars(select(RosterEntry).where(RosterEntry.agreement_id == agreement.id)))


