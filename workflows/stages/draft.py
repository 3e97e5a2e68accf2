"""Draft: the paper is complete, its people are known, its sums are right, and a second person has approved it."""

from __future__ import annotations

import hashlib
import json

from ..facts import AgreementFacts
from ..stage import Condition, Stage


def approval_digest(facts: AgreementFacts) -> str:
    """SHA-256 over everything an approver answers for; an approval lapses when this changes."""
    accord, roster = facts.accord_seen, facts.roster_seen
    seen = {
        "fiscal_year": facts.fiscal_year,
        "dated_on": facts.dated_on,
        "months": facts.months,
        "accord": (accord.number, accord.valid_from, accord.valid_until) if accord else None,
        "parties": facts.parties_seen,
        "bases": [each.citation for each in facts.bases_seen],
        "roster": (roster.version, roster.digest) if roster else None,
        # Written alike however the amount was reckoned: 655192.80 and 655192.8 are one sum.
        "contributions": sorted((category, format(amount.normalize(), "f")) for category, amount in facts.due_by_category.items()),
    }
    return hashlib.sha256(json.dumps(seen, sort_keys=True, default=str).encode()).hexdigest()


def is_signed(facts: AgreementFacts) -> bool:
    """Has a party signed, here or before this register began? From then on the paper stands; changes become an amendment."""
    return facts.taken_over is not None or any(each.signer in ("kesatu", "kedua") for each in facts.signatures_seen)


def accord_in_force(facts: AgreementFacts) -> bool:
    """Is the accord signed and running on the agreement's date?"""
    accord, on = facts.accord_seen, facts.dated_on
    if not accord or not on or not accord.signed or not accord.valid_from <= on <= accord.valid_until:
        return False
    return accord.terminated_on is None or on < accord.terminated_on


def _why_no_accord(facts: AgreementFacts) -> str:
    accord = facts.accord_seen
    if not accord:
        return "perjanjian ini belum dikaitkan dengan induknya"
    if not accord.signed:
        return f"{accord.number or 'induk'} belum ditandatangani kedua pihak"
    if not facts.dated_on:
        return "tanggal perjanjian belum ditetapkan"
    if accord.terminated_on and facts.dated_on >= accord.terminated_on:
        return f"induk diakhiri pada {accord.terminated_on:%d-%m-%Y}"
    return f"masa berlaku {accord.valid_from:%d-%m-%Y} s.d. {accord.valid_until:%d-%m-%Y}"


def legal_bases_chosen(facts: AgreementFacts) -> bool:
    """At least one basis, and each of them law on the agreement's date. What was taken over cites its own on paper."""
    if facts.taken_over is not None:
        return True
    return bool(facts.bases_seen) and facts.dated_on is not None and not _expired(facts)


def _expired(facts: AgreementFacts) -> list[str]:
    on = facts.dated_on
    if on is None:
        return []
    return [
        each.citation
        for each in facts.bases_seen
        if on < each.valid_from or (each.valid_until is not None and on > each.valid_until)
    ]


def approved(facts: AgreementFacts) -> bool:
    """Approved on exactly these facts by somebody who drew up none of them, or signed on an approval (what is signed stands)."""
    if facts.taken_over is not None:
        return True
    approval = facts.approval_seen
    if approval is None:
        return False
    return is_signed(facts) or (approval.by not in facts.drafters and approval.digest == approval_digest(facts))


def _why_not_approved(facts: AgreementFacts) -> str:
    approval = facts.approval_seen
    if approval is None:
        return ""
    return "isinya berubah sesudah disetujui" if approval.digest != approval_digest(facts) else f"{approval.by} ikut menyusun"


def paraf_asked(facts: AgreementFacts) -> bool:
    """Does the office want Bagian Hukum's initials on an agreement of this date? What was signed without them stands."""
    if facts.paraf_from is None or facts.taken_over is not None or (is_signed(facts) and facts.paraf_seen is None):
        return False
    return facts.dated_on is None or facts.dated_on >= facts.paraf_from


def paraf_given(facts: AgreementFacts) -> bool:
    """Given on exactly these facts by somebody who drew up none of them; what is signed stands."""
    paraf = facts.paraf_seen
    if paraf is None:
        return False
    return is_signed(facts) or (paraf.by not in facts.drafters and paraf.digest == approval_digest(facts))


def _why_no_paraf(facts: AgreementFacts) -> str:
    paraf = facts.paraf_seen
    if paraf is None:
        return ""
    return "isinya berubah sesudah diparaf" if paraf.digest != approval_digest(facts) else f"{paraf.by} ikut menyusun"


DRAFT = Stage(
    "draft",
    "Penyusunan",
    (
        Condition("accord_in_force", "Perjanjian induk berlaku pada tanggal perjanjian", accord_in_force, "legal", _why_no_accord),
        Condition(
            "parties_complete",
            "Para pihak dan kewenangannya lengkap pada tanggal perjanjian",
            lambda facts: facts.dated_on is not None and not facts.party_gaps,
            "legal",
            lambda facts: "; ".join(facts.party_gaps) or "tanggal perjanjian belum ditetapkan",
            "PP 28/2018; Permendagri 22/2020",
        ),
        Condition(
            "legal_bases_chosen",
            "Dasar hukum dipilih dan berlaku pada tanggal perjanjian",
            legal_bases_chosen,
            "legal",
            lambda facts: "tidak berlaku pada tanggal itu: " + "; ".join(_expired(facts)) if _expired(facts) else "",
        ),
        Condition(
            "roster_frozen",
            "Daftar peserta dibekukan dan tidak kosong",
            lambda facts: facts.roster_seen is not None and facts.roster_seen.participants > 0,
            "village",
        ),
        Condition(
            "contributions_calculated",
            "Iuran dihitung dari tarif yang berlaku pada setiap bulan",
            lambda facts: bool(facts.due_by_category) and not facts.missing_rates,
            "legal",
            lambda facts: "; ".join(facts.missing_rates),
            "PP 44/2015 jo. PP 82/2019 jo. PP 49/2023",
        ),
        Condition(
            "nothing_flagged",
            "Tidak ada peserta bertanda yang belum diselesaikan",
            lambda facts: facts.roster_seen is not None and facts.roster_seen.flagged_open == 0,
            "legal",
            lambda facts: f"{facts.roster_seen.flagged_open} peserta bertanda" if facts.roster_seen else "",
        ),
        Condition("paraf_given", "Diparaf Bagian Hukum", paraf_given, "bagian_hukum", _why_no_paraf, asked=paraf_asked),
        Condition("approved", "Disetujui oleh orang kedua", approved, "approver", _why_not_approved),
    ),
    ("perjanjian_desa", "lampiran_peserta", "lampiran_iuran"),
)
