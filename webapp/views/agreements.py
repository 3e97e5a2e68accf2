"""Drawing up agreements, answering for them, sending them back, letting them rest."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from workflows import STAGES
from workflows.stages.draft import approval_digest

from .. import clock
from ..access import needs
from ..acting import acting, me
from ..db import db
from ..doors import done
from ..forms.agreements import DraftForm, HoldForm, ReturnForm
from ..models import Agreement, Village, approvals, drafts, parafs
from ..models.reading import rulebook

bp = Blueprint("agreements", __name__)


def _to(agreement: Agreement) -> str:
    return url_for("villages.agreement", agreement=agreement)


def _draft_form(year: int, draft: drafts.Draft) -> DraftForm:
    return DraftForm(year, draft, drafts.accords(db.session), drafts.legal_bases(db.session))


@bp.route("/desa/<village:village>/perjanjian-baru", methods=["GET", "POST"])
@needs("agreement.draft")
def new(village: Village):
    """Start an agreement, or renew last year's."""
    year = request.args.get("tahun", type=int) or drafts.usual_year(db.session, village, clock.today())
    gap = drafts.year_gap(db.session, village, year)
    form = _draft_form(year, drafts.suggest(db.session, village, year, clock.today()))
    if form.finished():
        agreement = drafts.start(db.session, village, year, form.draft(), **acting())
        return done(_to(agreement), f"Perjanjian {village.full_name} tahun {year} dimulai.")
    renewed = drafts.newest_before(db.session, village, year)
    return render_template("agreements/new.html", village=village, year=year, form=form, gap=gap, renewed=renewed)


@bp.route("/perjanjian/<agreement:agreement>/ubah", methods=["GET", "POST"])
@needs("agreement.draft")
def edit(agreement: Agreement):
    """Date, place, months, accord and legal bases."""
    drafts.refuse_when_signed(agreement)
    form = _draft_form(agreement.fiscal_year, drafts.Draft.of(agreement))
    if form.finished():
        changed = drafts.edit(agreement, form.draft(), form.seen.data or "", **acting())
        return done(_to(agreement), "Perubahan disimpan." if changed else "Tidak ada yang berubah.")
    return render_template("agreements/edit.html", agreement=agreement, form=form)


@bp.get("/perjanjian/<agreement:agreement>/periksa")
@needs("agreement.approve|agreement.draft|paraf.give")
def review(agreement: Agreement):
    """All that an approver answers for, on one page."""
    shown = {"digest": approval_digest(agreement), "opens": agreement.open_on(clock.today()), "deviations": drafts.deviations(agreement), "book": rulebook(db.session)}
    why_not = approvals.why_not(agreement, me(), clock.today())
    unread = parafs.why_not_paraf(agreement, me(), clock.today())
    return render_template("agreements/review.html", agreement=agreement, stage=STAGES[0], why_not=why_not, unread=unread, form=ReturnForm(), **shown)


@bp.post("/perjanjian/<agreement:agreement>/paraf")
@needs("paraf.give")
def initial(agreement: Agreement):
    """Bagian Hukum initials the draft as it was shown."""
    parafs.give_paraf(agreement, me(), request.form.get("seen", ""), clock.now(), clock.today())
    return done(_to(agreement), f"Konsep {agreement.village.full_name} diparaf.")


@bp.post("/perjanjian/<agreement:agreement>/setujui")
@needs("agreement.approve")
def approve(agreement: Agreement):
    """Answer for the draft as it was shown."""
    approvals.approve(agreement, me(), request.form.get("seen", ""), clock.now(), clock.today())
    return done(_to(agreement), f"Perjanjian {agreement.village.full_name} disetujui.")


@bp.post("/perjanjian/setujui")
@needs("agreement.approve")
def approve_many():
    """Several at once: first what each of them says, then, with what was seen, the approval of all that can be approved."""
    chosen = drafts.by_codes(db.session, request.form.getlist("agreement"))
    if chosen is None:
        abort(404)
    seen = {each: request.form[f"seen-{each.code}"] for each in chosen if f"seen-{each.code}" in request.form}
    if not seen:
        return _before_approving(chosen)
    given, left = approvals.approve_many(seen, me(), clock.now(), clock.today())
    _tell_of(left)
    return done(url_for("villages.index"), f"{len(given)} perjanjian disetujui." if given else "Tidak ada yang disetujui.")


def _before_approving(chosen: list[Agreement]):
    if not chosen:
        flash("Pilih dahulu perjanjian yang akan disetujui.", "warning")
        return redirect(url_for("villages.index"), 303)
    reasons = {each: approvals.why_not(each, me(), clock.today()) for each in chosen}
    ready = sorted((each for each in chosen if not reasons[each]), key=lambda each: -len(drafts.deviations(each)))
    return render_template(
        "agreements/approve_many.html",
        ready=[(each, approval_digest(each), drafts.deviations(each)) for each in ready],
        waiting=[(each, reason) for each, reason in reasons.items() if reason],
    )


def _tell_of(left: dict[Agreement, str]) -> None:
    # Flashes travel in the cookie, so a long rest is cut; the list of villages shows all of them.
    for each, reason in list(left.items())[:8]:
        flash(f"Belum disetujui: {each.village.full_name}. {reason[:160]}", "warning")
    if len(left) > 8:
        flash(f"Dan {len(left) - 8} lagi belum disetujui; lihat daftar desa.", "warning")


@bp.post("/perjanjian/<agreement:agreement>/kembalikan")
@needs("draft.return")
def return_draft(agreement: Agreement):
    """Send the draft back with a reason."""
    returned = approvals.return_draft(agreement, me(), request.form.get("reason", "")[:2000], clock.now(), clock.today())
    return done(_to(agreement), f"Konsep dikembalikan: {returned.reason[:200]}")


@bp.route("/perjanjian/<agreement:agreement>/jeda", methods=["GET", "POST"])
@needs("agreement.hold")
def hold(agreement: Agreement):
    """Suspend, resume or terminate, with a reason and a day."""
    kinds = drafts.NEXT_HOLDS[agreement.hold.kind if agreement.hold else None]
    form = HoldForm(kinds, clock.today())
    if form.finished():
        drafts.hold(agreement, form.kind.data, form.on.data, form.reason.data, **acting())
        return done(_to(agreement), "Catatan disimpan.")
    return render_template("agreements/hold.html", agreement=agreement, form=form, kinds=kinds)
