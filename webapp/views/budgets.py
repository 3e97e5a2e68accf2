"""The village's budget: documents, lines, what is short, and the camat's check."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request, url_for

from workflows.stages import budgeting

from .. import clock, uploads
from ..access import needs
from ..acting import acting
from ..db import db
from ..doors import done
from ..forms.budgets import CheckForm, DocumentForm, LineForm
from ..models import Agreement, BudgetDocument, BudgetLine, budgets
from ..models.budget_rules import next_opening, suggestions
from ..models.reading import rulebook
from ..models.rules import CONFIDENCE
from ..models.shortfalls import told_of

bp = Blueprint("budgets", __name__)


def _to(agreement: Agreement) -> str:
    return url_for("budgets.show", agreement=agreement)


def _agreement_of(line: BudgetLine) -> Agreement:
    return db.session.get(Agreement, line.agreement_id) or abort(404)


@bp.get("/perjanjian/<agreement:agreement>/anggaran")
@needs("budget.see")
def show(agreement: Agreement):
    """What is needed, what is there, what is short or forbidden, and who has checked it."""
    return _page(agreement, CheckForm(data={"seen": budgeting.lines_digest(agreement)}))


def _page(agreement: Agreement, form: CheckForm):
    short, broken = budgeting.shortages(agreement, agreement.due_by_month), budgeting.forbidden(agreement)
    opens = [each for each in agreement.open_on(clock.today()) if each.slug in {condition.slug for condition in budgeting.BUDGETING.conditions}]
    return render_template(
        "budgets/show.html", agreement=agreement, form=form, short=short, broken=broken, opens=opens, book=rulebook(db.session),
        names=agreement.category_names, kinds=budgets.KINDS, why_not_pass=budgets.why_not_pass(agreement, clock.today()),
        digest=budgeting.lines_digest(agreement), opening=next_opening(db.session, clock.today(), agreement.fiscal_year),
        told=told_of(agreement), standing=agreement.standing_lines, replacing=budgets.followers(agreement),
    )  # fmt: skip


@bp.route("/perjanjian/<agreement:agreement>/anggaran/dokumen", methods=["GET", "POST"])
@needs("budget.record")
def document(agreement: Agreement):
    """Record a budget document with the page that proves it."""
    form = DocumentForm(request.args.get("jenis", ""), clock.today())
    if form.finished():
        file = uploads.keep("scan", agreement.village_code)
        row = BudgetDocument(kind=form.kind.data, number=form.number.data, on=form.on.data, file=file)
        budgets.record_document(agreement, row, **acting())
        return done(_to(agreement), f"{budgets.KINDS[row.kind]} dicatat.")
    return render_template("budgets/document.html", agreement=agreement, form=form)


def _line_form(agreement: Agreement, **more) -> LineForm:
    return LineForm(agreement, rulebook(db.session), suggestions(db.session, agreement.fiscal_year), **more)


@bp.route("/perjanjian/<agreement:agreement>/anggaran/baris", methods=["GET", "POST"])
@needs("budget.record")
def line(agreement: Agreement):
    """Add a budget line."""
    form = _line_form(agreement, document=request.args.get("dokumen", ""), category=request.args.get("kelompok", ""))
    if form.finished():
        budgets.record_line(agreement, BudgetLine(**form.values()), **acting())
        return done(_to(agreement), "Baris anggaran ditambahkan.")
    return render_template("budgets/line.html", agreement=agreement, form=form, line=None, sure=CONFIDENCE)


@bp.route("/anggaran/baris/<line:line>", methods=["GET", "POST"])
@needs("budget.record")
def change(line: BudgetLine):
    """Correct a budget line."""
    agreement = _agreement_of(line)
    form = _line_form(agreement, line=line)
    if form.finished():
        budgets.change_line(agreement, line, form.values(), **acting())
        return done(_to(agreement), "Baris anggaran diperbarui.")
    return render_template("budgets/line.html", agreement=agreement, form=form, line=line, sure=CONFIDENCE)


@bp.post("/anggaran/baris/<line:line>/hapus")
@needs("budget.record")
def remove(line: BudgetLine):
    """Take a budget line out."""
    agreement = _agreement_of(line)
    budgets.remove_line(agreement, line, **acting())
    return done(_to(agreement), "Baris anggaran dihapus.")


@bp.post("/perjanjian/<agreement:agreement>/anggaran/periksa")
@needs("budget.check")
def check(agreement: Agreement):
    """The camat finds it right, or returns it with a reason."""
    form = CheckForm()
    if not form.finished():
        return _page(agreement, form), 422
    answer = budgets.check_budget(agreement, form.verdict.data == "passed", form.reason.data or "", **acting(), seen=form.seen.data or "missing")
    return done(_to(agreement), "Anggaran dinyatakan sesuai." if answer.passed else "Anggaran dikembalikan kepada desa.")
