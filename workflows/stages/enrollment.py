"""Enrollment: from files handed in to members who are paid for. "Registered" is not yet "active"."""

from __future__ import annotations

from collections.abc import Callable

from ..facts import AgreementFacts, StepSeen
from ..stage import Condition, Stage

STEPS = ("handed_in", "validated", "billing_code", "payment", "active")


def step_of(facts: AgreementFacts, kind: str) -> StepSeen | None:
    """The step as it stands: a return by BPJS takes back everything handed in before it."""
    standing: dict[str, StepSeen] = {}
    for step in facts.steps_seen:
        if step.kind == "returned":
            standing = {"returned": step}
        else:
            standing[step.kind] = step
    return standing.get(kind)


def _reached(kind: str) -> Callable[[AgreementFacts], bool]:
    return lambda facts: step_of(facts, kind) is not None


def _why_not_handed_in(facts: AgreementFacts) -> str:
    returned = step_of(facts, "returned")
    return f"dikembalikan BPJS: {returned.reason}" if returned else ""


ENROLLMENT = Stage(
    "enrollment",
    "Kepesertaan",
    (
        Condition("files_handed_in", "Berkas pendaftaran diserahkan kepada BPJS Ketenagakerjaan", _reached("handed_in"), "village", _why_not_handed_in),
        Condition("validated", "Berkas divalidasi BPJS Ketenagakerjaan", _reached("validated"), "bpjs"),
        Condition("billing_code", "Kode iuran terbit", _reached("billing_code"), "bpjs"),
        Condition("first_payment", "Iuran pertama dibayar dan buktinya ada", _reached("payment"), "village"),
        Condition("active", "Kepesertaan aktif", _reached("active"), "bpjs", article="Permenaker 5/2021 jo. Permenaker 1/2025"),
    ),
    ("permohonan_pendaftaran", "adendum", "surat_teguran"),
)
