"""What happened, in words: audit events as the pages tell them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from letters import all_kinds
from workflows.stages.signature import SIGNERS

from .models import Agreement, AuditEvent, User
from .models.budgets import KINDS

WORDS = {
    "accord.changed": "Induk diubah",
    "accord.drafted": "Induk disusun",
    "accord.numbered": "Nomor induk dicatat",
    "accord.signed": "Tanda tangan induk dicatat",
    "accord.terminated": "Induk diakhiri",
    "agreement.edited": "Isi perjanjian diubah",
    "agreement.resumed": "Perjanjian dilanjutkan",
    "agreement.started": "Perjanjian mulai disusun",
    "agreement.suspended": "Perjanjian ditangguhkan",
    "agreement.taken_over": "Perjanjian diambil alih dari arsip kantor",
    "agreement.terminated": "Perjanjian diakhiri",
    "approval.given": "Konsep disetujui",
    "audit.explained": "Selisih dengan kepala rantai di luar dijelaskan",
    "backup.made": "Cadangan dibuat",
    "budget.checked": "Anggaran diperiksa camat",
    "budget.document": "Dokumen anggaran dicatat",
    "budget.line_added": "Baris anggaran ditambah",
    "budget.line_changed": "Baris anggaran dibetulkan",
    "budget.line_removed": "Baris anggaran dihapus",
    "budget.returned": "Anggaran dikembalikan camat",
    "correction.answered": "Permintaan pembetulan data pribadi dijawab",
    "correction.asked": "Permintaan pembetulan data pribadi dicatat",
    "discount.switched": "Pemberlakuan potongan iuran dicatat",
    "draft.returned": "Konsep dikembalikan",
    "elsewhere.added": "Peserta tanggungan lain dicatat",
    "elsewhere.exported": "Daftar tanggungan lain diunduh",
    "elsewhere.removed": "Peserta tanggungan lain dihapus",
    "enrollment.active": "Kepesertaan dinyatakan aktif",
    "enrollment.billing_code": "Kode iuran dicatat",
    "enrollment.file": "Berkas pendaftaran dengan NIK lengkap diunduh",
    "enrollment.handed_in": "Berkas diserahkan kepada BPJS",
    "enrollment.payment": "Pembayaran iuran dicatat",
    "enrollment.returned": "Berkas dikembalikan BPJS",
    "enrollment.validated": "Berkas divalidasi BPJS",
    "expedition.handed": "Naskah diserahkan",
    "expedition.received": "Naskah diterima",
    "expedition.returned": "Naskah kembali",
    "file.downloaded": "Pindaian berisi daftar peserta diunduh",
    "hold.placed": "Ditahan dari penghapusan",
    "hold.released": "Penahanan dari penghapusan dilepas",
    "import.deleted": "Berkas impor dihapus sesudah masa simpannya",
    "import.dropped": "Impor dibuang",
    "import.exported": "Hasil pemeriksaan impor diunduh",
    "import.faulty": "Baris yang salah dari impor diunduh",
    "import.kept": "Masa simpan berkas impor diubah",
    "import.received": "Berkas daftar diterima",
    "import.stored": "Impor disimpan",
    "import.undone": "Impor diurungkan",
    "invitation.made": "Tautan kata sandi dibuat",
    "invitation.used": "Kata sandi dibuat lewat tautan",
    "letter.downloaded": "Naskah berisi daftar peserta diunduh",
    "letter.issued": "Naskah terbit",
    "letter.previewed": "Konsep berisi daftar peserta dilihat",
    "letter.reserved": "Nomor naskah dicadangkan",
    "letter.retried": "Naskah dicetak sekali lagi",
    "letter.voided": "Naskah dibatalkan",
    "nik.seen": "NIK lengkap dilihat",
    "numbers.typed": "Nomor dicatat",
    "office.changed": "Data kantor diubah",
    "official.delegated": "Penandatanganan atas nama diatur",
    "official.delegation_ended": "Penandatanganan atas nama diakhiri",
    "official.term_added": "Masa jabatan dicatat",
    "official.term_changed": "Masa jabatan dibetulkan",
    "paraf.given": "Konsep diparaf Bagian Hukum",
    "password.changed": "Kata sandi diganti",
    "person.exported": "Salinan data pribadi diserahkan",
    "person.searched": "Orang dicari dengan NIK",
    "print_set.downloaded": "Rangkap untuk ditandatangani diunduh",
    "print_set.made": "Rangkap untuk ditandatangani disusun",
    "print_set.ordered": "Rangkap untuk ditandatangani diminta",
    "register.block_reserved": "Nomor disisihkan untuk ditulis tangan",
    "register.block_used": "Pemakaian nomor yang disisihkan dicatat",
    "register.block_void": "Nomor yang disisihkan dibatalkan",
    "register.series_added": "Seri nomor ditambah",
    "register.series_ended": "Seri nomor diakhiri",
    "register.started": "Awal nomor register ditetapkan",
    "retention.changed": "Masa simpan diubah",
    "roster.added": "Peserta ditambah",
    "roster.changed": "Data peserta dibetulkan",
    "roster.cleared": "Tanda pada peserta diselesaikan",
    "roster.died": "Peserta dicatat meninggal",
    "roster.erased": "Data pribadi pada daftar dihapus sesudah masa simpannya",
    "roster.exported": "Daftar peserta diunduh",
    "roster.frozen": "Daftar peserta dibekukan",
    "roster.import_undone": "Peserta dari impor dikeluarkan lagi",
    "roster.imported": "Peserta ditambah dari impor",
    "roster.left": "Peserta dicatat berhenti",
    "roster.moved": "Peserta dicatat pindah",
    "roster.removed": "Peserta dikeluarkan dari daftar",
    "rule.added": "Aturan ditambah",
    "rule.changed": "Aturan diubah",
    "rule.ended": "Masa berlaku aturan diakhiri",
    "rule.removed": "Aturan dihapus",
    "scan.begun": "Pengumpulan halaman bertanda tangan dimulai",
    "scan.placed": "Halaman pindaian ditempatkan dengan tangan",
    "scan.put_aside": "Halaman pindaian tidak dipakai",
    "scan.received": "Halaman bertanda tangan diterima",
    "scan.replaced": "Halaman pindaian diganti yang baru",
    "session.ended": "Sesi sendiri diakhiri",
    "session.opened": "Masuk",
    "signature.confirmed": "Bukti tanda tangan dikonfirmasi",
    "signature.recorded": "Tanda tangan dicatat",
    "signature.rejected": "Bukti tanda tangan ditolak",
    "simulation.kept": "Simulasi disimpan",
    "simulation.removed": "Simulasi dihapus",
    "sitting.begun": "Sidang dimulai",
    "user.added": "Akun dibuat",
    "user.dismissed": "Akun diberhentikan",
    "user.reinstated": "Akun diaktifkan lagi",
}


def event_words(action: str) -> str:
    """The action as a phrase; one without words shows its own name rather than nothing."""
    return WORDS.get(action, action)


def event_detail(each: AuditEvent) -> str:
    """What the event says beside its action: who signed, which document, how many people; no digest and no person's data."""
    facts = each.facts
    said = (
        SIGNERS.get(facts.get("signer", ""), ""),
        KINDS.get(facts.get("kind", ""), "") or _title(facts.get("kind", "")),
        f"{facts['people']} orang" if "people" in facts else "",
        f"versi {facts['version']}, {facts['participants']} orang" if "participants" in facts else "",
        str(facts.get("number") or ""),
    )
    return " · ".join(part for part in said if part)


def _title(slug: str) -> str:
    found = all_kinds().get(slug)
    return found.title if found else ""


def history_of(session: Session, agreement: Agreement, most: int = 100) -> list[tuple[AuditEvent, str]]:
    """The newest events of an agreement and its papers, newest first, each with the name of who acted."""
    names = {each.login: each.name for each in session.execute(select(User.login, User.name))}
    objects = [f"agreement:{agreement.code}", *(f"letter:{each.id}" for each in agreement.letters)]
    query = select(AuditEvent).where(AuditEvent.object.in_(objects)).order_by(AuditEvent.seq.desc()).limit(most)
    return [(each, names.get(each.actor, each.actor)) for each in session.scalars(query)]


def newest_event(session: Session, agreement: Agreement) -> AuditEvent | None:
    """What moved the agreement last."""
    query = select(AuditEvent).where(AuditEvent.object == f"agreement:{agreement.code}").order_by(AuditEvent.seq.desc()).limit(1)
    return session.scalar(query)
