"""Two lists of an agreement beside each other: who came, who left, what changed, and what it means in rupiah; NIK stay masked."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from ..access import needs
from ..db import db
from ..exports import table_file
from ..handing_out import noted
from ..models import Agreement, comparing
from ..models.reading import rulebook

bp = Blueprint("comparing", __name__)


def _asked(agreement: Agreement) -> tuple[str, str]:
    before, after = comparing.usual_choice(agreement)
    return request.args.get("dari", before), request.args.get("ke", after)


@bp.get("/perjanjian/<agreement:agreement>/peserta/banding")
@needs("roster.see")
def show(agreement: Agreement):
    """What lies between two lists."""
    (before, after), book = _asked(agreement), rulebook(db.session)
    found = comparing.compared(agreement, before, after) if before else None
    if found is None and agreement.versions:
        abort(404)
    shown = {"before": before, "after": after, "choices": comparing.choices_of(agreement), "names": book.category_names}
    return render_template("comparing/show.html", agreement=agreement, found=found, told=comparing.told, **shown)


@bp.get("/perjanjian/<agreement:agreement>/peserta/banding.<any(xlsx, csv):form>")
@needs("roster.see")
def export(agreement: Agreement, form: str):
    """The same as a file, NIK masked."""
    noted(agreement, "roster.exported", title="Perbandingan dua daftar")
    (before, after), names = _asked(agreement), rulebook(db.session).category_names
    found = comparing.compared(agreement, before, after) or abort(404)
    said = [f"{found.before.title} dibandingkan dengan {found.after.title}", f"{agreement.village.full_name}, tahun {agreement.fiscal_year}; NIK disamarkan"]
    sums = [f"{names.get(each.category, each.category)}: {each.people_before} menjadi {each.people_after} orang, Rp{each.due_before} menjadi Rp{each.due_after}" for each in found.effects]
    return table_file(form, f"banding-{agreement.code}-{before}-{after}", comparing.TABLE_HEAD, comparing.as_rows(found, names), [*said, *sums])
