"""The village asks BPJS to register its participants together; what goes with it is listed as far as it exists."""

from __future__ import annotations

from collections.abc import Iterator

from letters import parts as letter_parts
from letters.indonesian import jumlah
from letters.permohonan_pendaftaran.letter import NUMBER_OWNER, Applied, Letter

from ..models import Agreement, Office
from . import Order, keputusan_kepala_desa, parts

SEGMENTS = {"PU": "Penerima Upah", "BPU": "Bukan Penerima Upah"}


def facts(agreement: Agreement, order: Order) -> Letter:
    """Its facts."""
    accord, version = parts.accord_of(agreement), parts.version_of(agreement)
    return Letter(
        contoh=order.contoh,
        paper=parts.paper(accord.office),
        kop=parts.village_kop(agreement, accord.office),
        number=agreement.typed_number(NUMBER_OWNER),
        place=agreement.village.name,
        dated_on=order.on,
        recipient=letter_parts.Recipient(title=insurer_head(accord.insurer), place=accord.insurer.seat),
        village=parts.village(agreement.village),
        agreement=parts.cited(agreement),
        applied=tuple(_applied(agreement)),
        people=version.participants,
        monthly=parts.monthly(version),
        yearly=agreement.yearly_total,
        blth_from=agreement.month_first,
        blth_until=agreement.month_last,
        months=parts.count_months(agreement),
        enclosures=tuple(_enclosures(agreement)),
        head=parts.village_head(agreement, order.on),
        copies_to=(f"Kepala {accord.office.name} {parts.region(accord.office)}", f"Camat {agreement.village.kecamatan.name}"),
    )


def insurer_head(insurer: Office) -> str:
    """Whom one writes to at BPJS."""
    return f"Kepala {insurer.name}"


def _applied(agreement: Agreement) -> Iterator[Applied]:
    law = parts.book(agreement)
    for slug, share in parts.shares_by_category(agreement).items():
        terms = law.terms(agreement.fiscal_year, slug)
        yield Applied(
            category=share.category, segment=terms.segment if terms else "-", programmes=terms.programmes if terms else (),
            people=share.people, monthly=share.monthly, yearly=share.yearly,
        )  # fmt: skip


def _enclosures(agreement: Agreement) -> Iterator[letter_parts.Enclosure]:
    one, village = "1 (satu) rangkap", agreement.village.name
    segments = sorted({each.segment for each in _applied(agreement)}, reverse=True)
    named = " dan ".join(SEGMENTS.get(each, each) for each in segments)
    yield letter_parts.Enclosure(title=f"Berkas unggah data Peserta {named}".strip(), quantity=jumlah(1, "berkas"), note="salinan digital")
    if decree := agreement.letter_of("keputusan_kepala_desa"):
        number = f"{keputusan_kepala_desa.number(decree.number)} Tahun {decree.dated_on.year}"
        yield letter_parts.Enclosure(title=f"Keputusan Kepala Desa {village} tentang Penetapan Peserta", number=number, quantity=one)
    if statement := agreement.letter_of("surat_pernyataan"):
        yield letter_parts.Enclosure(title="Surat Pernyataan Kepala Desa", number=statement.number, quantity=one)
    yield letter_parts.Enclosure(title="Perjanjian Pelaksanaan beserta Lampiran I dan Lampiran II", number=agreement.numbers[0], quantity=one, note="salinan")
