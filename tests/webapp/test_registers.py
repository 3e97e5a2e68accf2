"""The register: several series, numbers set aside, and a count that finds no gap and no duplicate unless somebody broke it."""

from datetime import date

import pytest
from sqlalchemy import text

from tests.builders import BIALO, NOW_, OTHER, a_letter, an_agreement, user
from webapp import clock
from webapp.cli import run
from webapp.db import db
from webapp.issuing import order_of, reserve, void
from webapp.models import AuditEvent, BlockUse, Letter, NumberBlock, Office, Series, SeriesRule, blocks, series, takeovers
from webapp.models.agenda import all_rows, check_register, gaps
from webapp.models.letters import draw_number, reserve_number
from webapp.papers import draw_up
from workflows import Refused

from .test_takeovers import a_row

LETTERS = ("surat_pengantar", "surat_teguran")


def acting(login: str = "legal") -> dict:
    return {"by": user(login), "at": clock.now(), "today": clock.today()}


def office() -> Office:
    return db.session.get(Office, 1)


def a_series(**more) -> SeriesRule:
    usual = {"name": "Surat keluar", "unit": "DPMD-S", "pattern": "{klas}/{urut}/{unit}/{tahun}", "start": 1, "kinds": LETTERS, "valid_from": clock.today()}
    return series.add_series(db.session, office(), SeriesRule(**usual | more), **acting("admin"))


def drawn(kind: str = "surat_pengantar", on: date | None = None) -> dict:
    return reserve_number(db.session, office(), "400", on or clock.today(), BIALO, kind)


def a_block(count: int = 3, unit: str = "DPMD", **more) -> NumberBlock:
    return blocks.reserve_block(db.session, unit, 2026, 1, count, more.pop("reason", "jaringan padam"), **acting() | more)


def used(block: NumberBlock, seq: int, **more) -> BlockUse:
    usual = {"outcome": "used", "number": f"400.10/{seq}/DPMD/XI/2026", "dated_on": clock.today(), "title": "Surat Undangan", "addressee": "Camat Gantarang", "reason": ""}
    return blocks.account_for(block, BlockUse(**usual | more | {"seq": seq}), **acting())


# --- several series ---


def test_each_kind_draws_from_its_series_and_the_rest_from_the_offices(app):
    a_series()
    assert [drawn()["number"] for _ in range(2)] == ["400/1/DPMD-S/2026", "400/2/DPMD-S/2026"]
    assert drawn("perjanjian_desa")["number"] == "400/1/DPMD/XI/2026"


def test_a_series_holds_from_its_day_and_until_it_ends(app):
    rule = a_series(valid_from=date(2026, 12, 1))
    assert drawn()["unit"] == "DPMD"
    assert drawn(on=date(2026, 12, 1))["unit"] == "DPMD-S"
    series.end_series(db.session, rule, date(2026, 12, 5), **acting("admin"))
    assert [drawn(on=date(2026, 12, day))["unit"] for day in (5, 6)] == ["DPMD-S", "DPMD"]


def test_a_series_begins_every_year_at_its_first_number(app):
    a_series(start=501)
    assert [drawn(on=on)["seq"] for on in (date(2026, 11, 22), date(2026, 11, 23), date(2027, 1, 4))] == [501, 502, 501]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"valid_from": date(2026, 11, 1)}, "paling cepat hari ini"),
        ({"pattern": "{klas}/{urut}/{unit}"}, "memuat {tahun}"),
        ({"kinds": ("surat_pengantar",), "unit": "LAIN"}, "sudah dipakai untuk surat pengantar"),
        ({"kinds": ("undangan",), "unit": "LAIN", "pattern": "{klas}/{urut}/DPMD/{romawi}/{tahun}"}, "terbaca sama"),
    ],
)
def test_a_series_that_would_confuse_is_refused(app, more, sentence):
    a_series()
    with pytest.raises(Refused, match=sentence):
        a_series(**more)


def test_a_correction_keeps_its_number_when_the_series_changed_since(app):
    agreement = an_agreement("approved")
    first = reserve("perjanjian_desa", agreement, user("legal"))
    a_series(kinds=("perjanjian_desa",))
    agreement.place = "Gantarang"
    second = reserve("perjanjian_desa", agreement, user("legal"))
    assert (second.number, second.version) == (first.number, 2)


def test_the_administrator_adds_and_ends_a_series_and_others_only_look(app, as_):
    admin = as_("admin")
    body = {"name": "Surat keluar", "kinds": list(LETTERS), "unit": "DPMD-S", "pattern": "{klas}/{urut}/{unit}/{tahun}", "start": "1", "valid_from": "2026-12-01"}
    assert admin.post("/agenda/seri/baru", body).status_code == 303
    page = as_("legal").get("/agenda/seri").text
    assert "DPMD-S" in page and "belum mulai" in page and "/akhiri" not in page
    rule = db.session.query(SeriesRule).one()
    admin.post(f"/agenda/seri/{rule.id}/akhiri", {"last": "2026-11-30"})
    db.session.rollback()
    assert db.session.query(SeriesRule).one().valid_until == date(2026, 11, 30)
    assert as_("legal").get("/agenda/seri/baru").status_code == 403


def test_what_was_typed_stays_when_the_pattern_is_wrong(app, as_):
    page = as_("admin").post("/agenda/seri/baru", {"name": "Contoh", "kinds": "undangan", "unit": "X", "pattern": "{urut}/{hari}", "start": "1", "valid_from": "2026-12-01"}).text
    assert "token yang dikenal" in page and 'value="Contoh"' in page


# --- numbers set aside ---


def test_a_number_of_a_block_is_never_drawn(app):
    drawn("undangan")
    block = a_block(3)
    assert (block.first, block.last, drawn("undangan")["seq"]) == (2, 4, 5)


def test_each_number_of_a_block_is_accounted_for(app):
    block = a_block(3)
    used(block, 1)
    used(block, 2, outcome="void", reason="salah tulis")
    assert block.open == [3]
    assert [(each.seq, each.state) for each in all_rows(db.session, 2026)] == [(1, "by_hand"), (2, "void"), (3, "set_aside")]
    assert check_register(db.session).ok


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"number": "400.10/7/DPMD/XI/2026"}, "tidak memuat nomor urut 1"),
        ({"dated_on": date(2026, 12, 1)}, "sudah tiba"),
        ({"dated_on": date(2025, 12, 1)}, "tahun 2026"),
        ({"title": ""}, "apa naskahnya"),
        ({"outcome": "void"}, "alasannya"),
    ],
)
def test_an_account_lacks_nothing(app, more, sentence):
    with pytest.raises(Refused, match=sentence):
        used(a_block(3), 1, **more)


def test_a_correction_of_an_account_says_why_and_keeps_the_earlier_one(app):
    block = a_block(2)
    used(block, 1)
    with pytest.raises(Refused, match="alasannya"):
        used(block, 1, title="Surat Tugas")
    again = used(block, 1, title="Surat Tugas", reason="keliru membaca buku")
    assert (again.version, block.standing(1).title, db.session.query(BlockUse).count()) == (2, "Surat Tugas", 2)
    assert [(each.seq, each.version) for each in all_rows(db.session, 2026)] == [(1, 2), (2, 1)]


def test_two_papers_never_carry_the_same_number(app):
    block = a_block(2)
    used(block, 1, number="400.10/1/2/2026")
    with pytest.raises(Refused, match="ditulis tangan"):
        used(block, 2, number="400.10/1/2/2026")


@pytest.mark.parametrize(("count", "more", "sentence"), [(0, {}, "1 sampai 200"), (201, {}, "1 sampai 200"), (3, {"reason": " "}, "untuk apa"), (3, {"today": date(2024, 1, 1)}, "tahun ini atau tahun depan")])
def test_a_block_is_asked_for_properly(app, count, more, sentence):
    with pytest.raises(Refused, match=sentence):
        a_block(count, **more)
    assert db.session.get(Series, ("DPMD", 2026)) is None


def test_legal_sets_numbers_aside_and_writes_down_their_use(app, as_):
    legal = as_("legal")
    answer = legal.post("/agenda/blok", {"unit": "DPMD", "year": "2026", "count": "2", "reason": "listrik padam"})
    assert "belum dicatat" in legal.get(answer.location).text
    url = f"{answer.location}/1"
    assert 'value="000/1/DPMD/XI/2026"' in legal.get(url).text
    legal.post(url, {"outcome": "used", "number": "400.10/1/DPMD/XI/2026", "dated_on": "2026-11-22", "title": "Surat Tugas", "addressee": "Contoh", "reason": ""}, seen=url)
    legal.post(f"{answer.location}/2", {"outcome": "void", "reason": "tidak terpakai"}, seen=f"{answer.location}/2")
    page = legal.get("/agenda").text
    assert "terbit, ditulis tangan" in page and "tidak terpakai" in page
    assert "400.10/1/DPMD/XI/2026" in legal.get("/agenda/unduh.csv").get_data().decode("utf-8-sig")
    assert legal.get(f"{answer.location}/9").status_code == 404
    db.session.rollback()
    assert [each.action for each in db.session.query(AuditEvent).filter(AuditEvent.action.like("register.%")).order_by(AuditEvent.seq)] == [
        "register.block_reserved", "register.block_used", "register.block_void",
    ]


@pytest.mark.parametrize("role", ["village", "camat", "bpjs", "monitor", "admin", "approver"])
def test_others_set_nothing_aside(app, as_, role):
    assert as_(role).get("/agenda/blok").status_code == 403


def test_the_printed_agenda_tells_series_apart_and_counts_what_is_set_aside(app):
    a_series()
    drawn("undangan")
    a_letter(an_agreement("empty"), "surat_pengantar", **drawn())
    block = a_block(2)
    used(block, block.first)
    facts = draw_up("buku_agenda", office(), order_of("buku_agenda", None, clock.today(), {"year": 2026}))
    # the two numbers that were drawn here for no letter are told as missing, in their own series
    assert [(each.unit, each.seq, each.state) for each in facts.entries] == [
        ("DPMD", 1, "hilang"), ("DPMD", 2, "hilang"), ("DPMD", 3, "terbit"), ("DPMD", 4, "disisihkan"), ("DPMD-S", 1, "dicadangkan"),
    ]
    assert facts.counts["disisihkan"] == 1
    only = draw_up("buku_agenda", office(), order_of("buku_agenda", None, clock.today(), {"year": 2026, "unit": "DPMD-S"}))
    assert [(each.unit, each.seq) for each in only.entries] == [(None, 1)]


# --- the count ---


def test_a_register_in_use_has_neither_gaps_nor_duplicates(app):
    agreement = an_agreement("approved")
    letter = reserve("perjanjian_desa", agreement, user("legal"))
    agreement.place = "Gantarang"
    reserve("perjanjian_desa", agreement, user("legal"))
    a_block(2)
    void(letter, "salah", user("legal"))
    reserve("perjanjian_desa", agreement, user("legal"))
    found = check_register(db.session)
    assert found.ok and [(each.unit, each.start, each.next, each.drawn, each.set_aside) for each in found.series] == [("DPMD", 1, 5, 2, 2)]
    assert [each.seq for each in found.waiting] == [2, 3]


def test_a_register_that_was_taken_over_counts_from_where_the_old_book_ended(app):
    takeovers.start_series(db.session, "DPMD", 2026, 120, "buku agenda", user("legal"), clock.now())
    assert reserve("perjanjian_desa", an_agreement("approved"), user("legal")).seq == 121
    found = check_register(db.session)
    assert found.ok and (found.series[0].start, found.series[0].next) == (121, 122)


def test_a_number_that_the_archive_used_is_not_given_twice(app):
    from webapp.models import Accord

    takeovers.take_over(db.session, db.session.query(Accord).one(), [a_row(village_code=OTHER, number_kesatu="100.3.7.1/1/DPMD/XI/2026")], "f" * 64, **acting())
    agreement = an_agreement("approved")
    db.session.commit()
    with pytest.raises(Refused, match="Cadangkan nomor urut 1 sebagai blok"):
        reserve("perjanjian_desa", agreement, user("legal"))
    db.session.rollback()
    used(a_block(1), 1, outcome="void", reason="dipakai arsip 100.3.7.1/1/DPMD/XI/2026")
    assert reserve("perjanjian_desa", agreement, user("legal")).seq == 2


def broken(app, sql: str) -> None:
    """As only somebody with the database in his hands can do it."""
    for name in ("keep_letters_update", "keep_letters_delete", "keep_number_blocks_update"):
        db.session.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
    db.session.execute(text(sql))
    db.session.commit()


@pytest.mark.parametrize(
    ("sql", "kind", "seqs"),
    [
        ("DELETE FROM letters WHERE seq = 2", "gaps", [2]),
        ("UPDATE series SET next = next + 1", "gaps", [4]),
        ("UPDATE letters SET seq = 1, version = 2, number = 'lain' WHERE seq = 3", "duplicates", [1]),
        ("UPDATE letters SET seq = 9 WHERE seq = 3", "misplaced", [9]),
    ],
)
def test_what_somebody_broke_is_found_and_named(app, as_, sql, kind, seqs):
    agreement = an_agreement("empty")
    for slug in ("surat_pengantar", "surat_teguran", "undangan"):
        a_letter(agreement, slug)
    db.session.commit()
    assert check_register(db.session).ok
    broken(app, sql)
    found = check_register(db.session, 2026)
    assert not found.ok and [each.seq for each in getattr(found, kind)] == seqs
    assert "Register tidak utuh" in as_("legal").get("/agenda/periksa").text


def test_the_schema_itself_refuses_two_papers_with_one_number(app):
    from sqlalchemy.exc import IntegrityError

    letter = a_letter(an_agreement("empty"), "surat_pengantar")
    db.session.commit()
    with pytest.raises(IntegrityError):
        a_letter(an_agreement("empty", OTHER), "surat_pengantar", number=letter.number, year=2027)
        db.session.flush()


def test_the_command_says_it_in_json_and_by_its_status(app, monkeypatch, capsys):
    from contextlib import contextmanager

    import webapp.cli.register as command

    @contextmanager
    def here(*_):
        yield app

    monkeypatch.setattr(command, "installation", here)
    a_letter(an_agreement("empty"), "surat_pengantar")
    draw_number(db.session, "DPMD", 2026)
    db.session.commit()
    assert run(["register", "--check", "--json"]) == 1
    assert '"ok": false' in (told := capsys.readouterr().out) and '"seq": 2' in told
    assert gaps(db.session, 2026) == [2]
    assert run(["register", "--year", "2026"]) == 0
    assert "nomor hilang: 2" in capsys.readouterr().out


def test_the_year_turns_by_the_offices_clock(app):
    """31 December, 15:59:59Z is the last second of the year at the office (WITA)."""
    for moment, expected in ((NOW_.replace(month=12, day=31, hour=15, minute=59, second=59), 2026), (NOW_.replace(month=12, day=31, hour=16), 2027)):
        with clock.at(moment):
            assert drawn("undangan")["year"] == expected


def test_a_letter_that_was_reserved_shows_its_series(app, as_):
    a_series()
    reserve("surat_pengantar", an_agreement("numbered"), user("legal"))
    db.session.commit()
    page = as_("legal").get("/agenda?unit=DPMD-S").text
    assert "/1/DPMD-S/2026" in page and "/DPMD/XI/2026" not in page
    assert db.session.query(Letter).count() == 2
