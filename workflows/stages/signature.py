"""Signature: both numbers are known and three people have signed, each with evidence that a second person has confirmed."""

from __future__ import annotations

from collections.abc import Callable

from ..facts import AgreementFacts, SignatureSeen
from ..stage import Condition, Stage

SIGNERS = {"kesatu": "PIHAK KESATU", "kedua": "PIHAK KEDUA", "annex": "Kepala Desa pada lampiran"}
RECORDED_BY = {"kesatu": "approver", "kedua": "bpjs", "annex": "village"}


def signature_of(facts: AgreementFacts, signer: str) -> SignatureSeen | None:
    """The signature that stands for ``signer``; None while it is missing."""
    return next((each for each in facts.signatures_seen if each.signer == signer), None)


def _signed(signer: str) -> Callable[[AgreementFacts], bool]:
    def met(facts: AgreementFacts) -> bool:
        signature = signature_of(facts, signer)
        if signature is None or not signature.evidence or not signature.place:
            return False
        # Four eyes: who uploaded the scan cannot be the one who confirms it.
        return signature.confirmed_by is not None and signature.confirmed_by != signature.uploaded_by

    return met


def _turn(signer: str) -> Callable[[AgreementFacts], str]:
    # The scan of an agreement that was taken over lies in the office's archive.
    return lambda facts: "legal" if signature_of(facts, signer) or facts.taken_over else RECORDED_BY[signer]


def _because(signer: str) -> Callable[[AgreementFacts], str]:
    def why(facts: AgreementFacts) -> str:
        if signature_of(facts, signer):
            return "bukti sudah diunggah, menunggu dikonfirmasi orang lain"
        return "diambil alih dari arsip; pindaian naskahnya belum diunggah" if facts.taken_over else ""

    return why


def _missing_numbers(facts: AgreementFacts) -> str:
    sides = zip(facts.numbers, ("PIHAK KESATU", "PIHAK KEDUA"), strict=True)
    return "belum ada nomor " + " dan ".join(side for number, side in sides if not number)


SIGNATURE = Stage(
    "signature",
    "Penandatanganan",
    (
        Condition(
            "numbers_known",
            "Nomor kedua pihak diketahui",
            lambda facts: all(facts.numbers),
            lambda facts: "bpjs" if facts.numbers[0] else "legal",
            _missing_numbers,
        ),
        Condition("signed_kesatu", "Ditandatangani PIHAK KESATU dan buktinya dikonfirmasi", _signed("kesatu"), _turn("kesatu"), _because("kesatu")),
        Condition("signed_kedua", "Ditandatangani PIHAK KEDUA dan buktinya dikonfirmasi", _signed("kedua"), _turn("kedua"), _because("kedua")),
        Condition("annex_signed", "Lampiran ditandatangani Kepala Desa dan buktinya dikonfirmasi", _signed("annex"), _turn("annex"), _because("annex")),
    ),
    ("paket_desa", "surat_pengantar", "keputusan_kepala_desa", "surat_teguran"),
)
