"""The sitting of the approver, and of Bagian Hukum: look at what deviates, decide on the rest once, and see what became of every village."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request, url_for

from .. import clock
from ..access import needs
from ..acting import acting, me
from ..db import db
from ..doors import done
from ..exports import table_file
from ..forms.sittings import SignedTogetherForm
from ..menu import cutoff
from ..models import Agreement, Sitting, sittings
from ..models.agenda import office_in_hand
from ..models.overview import shown_year, villages, years

bp = Blueprint("sittings", __name__, url_prefix="/sidang")
HEAD = ("Kode", "Desa", "Kecamatan", "Menyimpang", "Tanggal", "Peserta", "Iuran bulan pertama (Rp)", "Iuran setahun (Rp)")
RESULT = ("Kode", "Desa", "Kecamatan", "Nomor perjanjian", "Keadaan", "Alasan", "Pada")


def _asked() -> tuple[int, str]:
    """Year and kecamatan as the address says."""
    return request.args.get("year", type=int) or shown_year(db.session, clock.today()), request.args.get("kecamatan", "")[:8]


def _choices() -> dict:
    places = {each.kecamatan_code: each.kecamatan.name for each in villages(db.session)}
    year, kecamatan = _asked()
    return {"year": year, "kecamatan": kecamatan, "years": years(db.session), "places": places}


def _scope() -> str:
    """Those who see the whole office see its sittings."""
    office = office_in_hand(db.session)
    return me().scope or (f"{office.kabupaten_code}." if office else "")


def _chosen() -> dict[Agreement, str]:
    found = sittings.chosen(db.session, request.form.getlist("item"))
    if found is None:
        abort(404)
    return found


@bp.get("")
@needs("agreement.approve|paraf.give|signature.kesatu")
def index():
    """What waits: how many differ in data only, which deviate and in what."""
    agreements = sittings.of_year(db.session, *_asked())
    table, (ready, _) = sittings.on_the_table(agreements, me()), sittings.to_sign(agreements, clock.today())
    return render_template("sittings/index.html", table=table, to_sign=len(ready), newest=sittings.newest(db.session), acts=sittings.ACTS, **_choices())


@bp.post("/setujui")
@needs("agreement.approve")
def approve():
    """Approve once what was chosen, each as it was shown."""
    sitting = sittings.begin(db.session, "approve", _chosen(), _scope(), me(), clock.now(), clock.today())
    return done(url_for("sittings.show", sitting=sitting), f"{len(sitting.items)} perjanjian sedang disetujui satu per satu.")


@bp.post("/paraf")
@needs("paraf.give")
def initial():
    """Initial once what was chosen, each as it was shown."""
    sitting = sittings.begin(db.session, "paraf", _chosen(), _scope(), me(), clock.now(), clock.today())
    return done(url_for("sittings.show", sitting=sitting), f"{len(sitting.items)} konsep sedang diparaf satu per satu.")


@bp.get("/unduh.<any(xlsx, csv):form>")
@needs("agreement.approve|paraf.give|signature.kesatu")
def export(form: str):
    """The drafts that wait, as a file."""
    year, kecamatan = _asked()
    table = sittings.on_the_table(sittings.of_year(db.session, year, kecamatan), me())
    said = f"{table.waiting} konsep menunggu {me().name}, {len(table.odd)} menyimpang; tahun {year}, {cutoff()}"
    return table_file(form, f"sidang-{year}", HEAD, [_row(each) for each in (*table.odd, *table.plain)], [said, *table.common])


def _row(each: sittings.Draft) -> tuple:
    agreement, version = each.agreement, each.agreement.roster_version
    place = (agreement.village_code, agreement.village.name, agreement.village.kecamatan.name)
    return (*place, "; ".join(each.odd), agreement.dated_on, version.participants if version else 0, each.a_month, agreement.yearly_total)


@bp.route("/tanda-tangan", methods=["GET", "POST"])
@needs("signature.kesatu")
def sign():
    """Record once that PIHAK KESATU signed many: same day, same place, same minutes."""
    office = office_in_hand(db.session)
    form = SignedTogetherForm(office.seat if office else "", clock.today())
    if form.finished():
        sitting = sittings.begin(db.session, "sign", _chosen(), _scope(), me(), clock.now(), form.on.data, form.place.data.strip(), form.proof())
        return done(url_for("sittings.show", sitting=sitting), f"{len(sitting.items)} tanda tangan sedang dicatat satu per satu.")
    ready, left = sittings.to_sign(sittings.of_year(db.session, *_asked()), clock.today())
    return render_template("sittings/sign.html", form=form, ready=ready, left=left, marked=request.form.getlist("item"), **_choices())


@bp.get("/<sitting:sitting>")
@needs("agreement.approve|paraf.give|signature.kesatu|signature.review")
def show(sitting: Sitting):
    """What became of every village."""
    items, counts = sittings.items_of(db.session, sitting), {state: len(sitting.of(state)) for state in ("", "done", "refused", "failed")}
    shown = {"items": items, "counts": counts, "waits": sittings.unconfirmed(sitting), "told": sittings.told, "acts": sittings.ACTS, "words": sittings.DONE}
    return render_template("sittings/show.html", row=sitting, **shown)


@bp.get("/<sitting:sitting>/hasil.<any(xlsx, csv):form>")
@needs("agreement.approve|paraf.give|signature.kesatu|signature.review")
def result(sitting: Sitting, form: str):
    """The same as a file."""
    rows = [_fate(each, sitting.act) for each in sittings.items_of(db.session, sitting)]
    return table_file(form, f"sidang-{sitting.fiscal_year}-{sitting.id}", RESULT, rows, [f"{sittings.ACTS[sitting.act]}, {sitting.by.name}, {cutoff()}"])


def _fate(each: sittings.SittingItem, act: str) -> tuple:
    village = each.agreement.village
    return each.village_code, village.name, village.kecamatan.name, each.agreement.numbers[0] or "", sittings.told(each, act), each.reason, each.at


@bp.post("/<sitting:sitting>/ulangi")
@needs("agreement.approve|paraf.give|signature.kesatu|signature.review")
def again(sitting: Sitting):
    """Let what failed have its turn once more; what was done stays done."""
    sittings.again(sitting, me())
    return done(url_for("sittings.show", sitting=sitting), "Yang gagal dikerjakan sekali lagi.")


@bp.post("/<sitting:sitting>/konfirmasi")
@needs("signature.review")
def confirm(sitting: Sitting):
    """Somebody else has looked at the minutes: every signature that they prove is confirmed."""
    confirmed = sittings.confirm_all(db.session, sitting, **acting())
    return done(url_for("sittings.show", sitting=confirmed), f"{len(confirmed.items)} bukti sedang dikonfirmasi satu per satu.")
