"""Papers: preview, number, print, download, void; the agenda and the queue of the press."""

from flask import Blueprint, abort, make_response, render_template, request, url_for

from letters import PressStopped, UnknownKind, kind
from workflows import NotYet, Refused

from .. import clock
from ..access import may, needs
from ..acting import me
from ..db import db
from ..doors import commit_once, done, own_transactions
from ..exports import table_file
from ..forms.asking import answers_of, asking_form
from ..forms.letters import NumberForm, VoidForm
from ..handing_out import WITH_NIK, noted_letter, noted_preview
from ..issuing import preview as print_preview
from ..issuing import reserve, standing_letter
from ..issuing import retry as try_again
from ..issuing import void as void_letter
from ..jobs import press, stuck_letters, waiting
from ..models import Agreement, Letter
from ..models.agenda import STATES, AgendaRow, agenda_rows, agenda_years, gaps, office_in_hand, units_of_year
from ..models.agreements import agreement_coded, type_number
from ..models.amending import adenda
from ..models.expedition import handed_of
from ..papers import open_needs
from ..uploads import storage

bp = Blueprint("letters", __name__)
PER_PAGE = 100
AGENDA_HEAD = ("Seri", "Nomor urut", "Nomor naskah", "Versi", "Tanggal", "Naskah", "Kepada", "Keadaan", "Alasan", "Dicadangkan", "Oleh", "Terbit", "SHA-256")


def known_kind(slug: str, *about: str) -> str:
    """The kind's name, if there is one about such a thing; otherwise the page does not exist."""
    try:
        found = kind(slug)
    except UnknownKind:
        abort(404)
    return found.slug if found.about in about else abort(404)


def may_read(letter: Letter) -> bool:
    """Papers that list people with their NIK are for those who may see it (T10)."""
    return letter.kind not in WITH_NIK or may(me(), "nik.see")


def pdf_answer(content: bytes, name: str, disposition: str = "inline"):
    """The paper as an answer."""
    response = make_response(content)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'{disposition}; filename="{name}"'
    # Browsers do not show a sandboxed PDF in their own viewer; a download needs no viewer.
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'" + ("; sandbox" if disposition == "attachment" else "")
    return response


@bp.route("/perjanjian/<agreement:agreement>/pratinjau/<slug>", methods=["GET", "POST"])
@own_transactions
@needs("letters.preview")
def preview(agreement: Agreement, slug: str):
    """The paper as it would print now, marked KONSEP; nothing changes. Answers to its questions come by POST, so that no address holds them."""
    known = kind(known_kind(slug, "agreement"))
    if slug in WITH_NIK and not may(me(), "nik.see"):
        abort(403)
    answers = answers_of(known, agreement) if request.method == "POST" else None
    noted_preview(agreement, slug, known.title)
    return pdf_answer(print_preview(slug, agreement, press(), answers), f"konsep-{slug}-{agreement.code}.pdf")


@bp.route("/perjanjian/<agreement:agreement>/terbitkan/<slug>", methods=["GET", "POST"])
@needs("letters.issue")
def issue(agreement: Agreement, slug: str):
    """What is still missing, and the button that numbers and prints."""
    form = asking_form(kind(known_kind(slug, "agreement")), agreement)
    if form.finished():
        letter = reserve(slug, agreement, me(), form.answers())
        return done(url_for("letters.show", letter=letter), f"{letter.title}: nomor {letter.number or 'tanpa nomor'} dicadangkan, sedang dicetak.")
    missing, standing = open_needs(slug, agreement, clock.today()), standing_letter(agreement, slug)
    return render_template("letters/issue.html", agreement=agreement, kind=kind(slug), missing=missing, standing=standing, form=form)


@bp.post("/surat/terbitkan")
@needs("letters.issue")
def issue_many():
    """A paper for each village that was ticked: what can be issued is, the rest is told with its reason."""
    slug, outcome = known_kind(request.form.get("slug", ""), "agreement"), []
    for agreement in filter(None, (agreement_coded(db.session, code) for code in request.form.getlist("agreement"))):
        try:
            with db.session.begin_nested():  # a refusal gives its number back and touches nobody else's
                outcome.append((agreement, reserve(slug, agreement, me()), None))
        except (NotYet, Refused, PressStopped) as error:
            outcome.append((agreement, None, error))
    commit_once(url_for("letters.queue"))
    return render_template("letters/issued_many.html", kind=kind(slug), outcome=outcome)


@bp.get("/surat/<letter:letter>")
@needs("letters.see")
def show(letter: Letter):
    """A letter of the register: state, originals, hash, what replaced it."""
    newer = db.session.get(Letter, letter.replaced_by_id) if letter.replaced_by_id else None
    agreement = db.session.get(Agreement, letter.agreement_id) if letter.agreement_id else None
    return render_template("letters/show.html", letter=letter, newer=newer, agreement=agreement, form=VoidForm(formdata=None), readable=may_read(letter), handed=handed_of(db.session, letter))


@bp.get("/surat/<letter:letter>/rangkap-<int:rangkap>.pdf")
@needs("letters.see")
def download(letter: Letter, rangkap: int):
    """The bytes as they were printed."""
    if not may_read(letter):
        abort(403)
    found = next((each for each in letter.renditions if each.rangkap == rangkap), None) or abort(404)
    name, sha256 = f"{letter.kind}-{letter.village_code or 'kantor'}-v{letter.version}-rangkap{rangkap}.pdf", found.sha256
    noted_letter(letter)
    return pdf_answer(storage().get(sha256), name, "attachment")


@bp.post("/surat/<letter:letter>/coba-lagi")
@needs("letters.issue")
def retry(letter: Letter):
    """Print a stuck letter once more; its number stays."""
    try_again(letter, me())
    return done(url_for("letters.show", letter=letter), "Dicetak sekali lagi dengan nomor yang sama.")


@bp.post("/surat/<letter:letter>/batalkan")
@needs("letters.void")
def void(letter: Letter):
    """Void a number with a reason."""
    void_letter(letter, request.form.get("reason", ""), me())
    return done(url_for("letters.show", letter=letter), f"Nomor {letter.number} dibatalkan dan tidak dipakai lagi.")


@bp.get("/agenda")
@needs("letters.register")
def register():
    """The agenda of a year: reserved, issued, void and gaps."""
    year, page = request.args.get("year", clock.today().year, int), max(1, request.args.get("hal", 1, int))
    rows = _agenda(year)
    shown = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
    counts = {"page": page, "pages": max(1, -(-len(rows) // PER_PAGE)), "found": len(rows), "waiting": waiting(), "stuck": stuck_letters()}
    choices = {"years": agenda_years(db.session, year), "states": STATES, "units": [(each, each) for each in units_of_year(db.session, year)]}
    return render_template("letters/register.html", rows=shown, year=year, gaps=gaps(db.session, year), **choices, **counts)


def _agenda(year: int) -> list[AgendaRow]:
    """The rows that the address asks for."""
    return agenda_rows(db.session, year, request.args.get("state", ""), request.args.get("q", ""), request.args.get("unit", ""))


@bp.get("/agenda/unduh.<any(xlsx, csv):form>")
@needs("letters.register")
def export(form: str):
    """The agenda as a file, with the same filters."""
    year = request.args.get("year", clock.today().year, int)
    return table_file(form, f"agenda-{year}", AGENDA_HEAD, [_row(each) for each in _agenda(year)], [f"Nomor hilang: {gaps(db.session, year) or 'tidak ada'}"])


def _row(each: AgendaRow) -> tuple:
    return (
        each.unit, each.seq, each.number, each.version, each.dated_on, each.title, each.addressee, each.state_name, each.reason, each.at, each.by,
        each.issued_at, each.sha256,
    )  # fmt: skip


@bp.get("/agenda/cetak.pdf")
@needs("letters.register")
def register_pdf():
    """The agenda on paper."""
    office = office_in_hand(db.session) or abort(404)
    year = request.args.get("year", clock.today().year, int)
    return pdf_answer(print_preview("buku_agenda", office, press(), {"year": year, "unit": request.args.get("unit", "")}), f"agenda-{year}.pdf", "attachment")


@bp.get("/surat/antrean")
@needs("letters.register")
def queue():
    """What waits to be printed and what is stuck, with its reason and a button."""
    return render_template("letters/queue.html", waiting=waiting(), stuck=stuck_letters())


@bp.route("/perjanjian/<agreement:agreement>/nomor", methods=["GET", "POST"])
@needs("numbers.type|numbers.village|letters.issue")
def numbers(agreement: Agreement):
    """All numbers: ours from the register, theirs typed in; the village types those of its own papers."""
    owners = _owners(agreement)
    form = NumberForm(owners=[(owner, label) for owner, label, verb in owners if may(me(), verb)])
    if form.finished():
        type_number(agreement, form.owner.data, form.number.data, form.on.data, me(), clock.now(), clock.today())
        return done(url_for("letters.numbers", agreement=agreement), "Nomor dicatat.")
    missing = open_needs("perjanjian_desa", agreement, clock.today())
    return render_template("letters/numbers.html", agreement=agreement, form=form, missing=missing, owners=owners)


def _owners(agreement: Agreement) -> list[tuple[str, str, str]]:
    """Whose numbers are typed in, what they stand on, and the verb that types them."""
    amended = [(each.owner, f"Nomor adendum ke-{each.ordinal} dari PIHAK KEDUA (BPJS Ketenagakerjaan)", "numbers.type") for each in adenda(agreement)]
    return [
        ("kedua", "Nomor perjanjian dari PIHAK KEDUA (BPJS Ketenagakerjaan)", "numbers.type"),
        *amended,
        ("village", "Nomor surat pernyataan Kepala Desa", "numbers.village"),
        ("keputusan", "Nomor keputusan Kepala Desa tentang penetapan peserta", "numbers.village"),
        ("permohonan", "Nomor surat permohonan pendaftaran kepada BPJS", "numbers.village"),
    ]
