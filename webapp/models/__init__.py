"""The nouns of the office as rows. Models obey ``workflows``; they know no letters, no views and no request, and they never commit."""

from .accords import Accord, AccordBasis, AccordSignature
from .agreement_records import AgreementBasis, AgreementHold, Amendment, DraftEdit, TypedNumber
from .agreements import Agreement
from .approvals import Approval, Return
from .audit import AuditEvent, AuditHead
from .budgets import BudgetDocument, BudgetLine, CamatCheck
from .deeds import Deed
from .enrollments import EnrollmentStep
from .files import StoredFile
from .letters import Letter, Rendition, Series
from .offices import Installation, Office
from .officials import Official, Post, Tenure
from .regions import Kabupaten, Kecamatan, Village
from .rosters import RosterEntry, RosterVersion, RosterVersionEntry, RosterVersionOwed
from .rules import Category, CategoryTerms, DueDate, ForbiddenSource, FundSource, Holiday, LegalBasis, RateRow
from .signatures import Signature, SignatureReview
from .takeovers import Takeover
from .users import Invitation, LoginAttempt, User, UserSession

__all__ = [
    "Accord",
    "AccordBasis",
    "AccordSignature",
    "Agreement",
    "AgreementBasis",
    "AgreementHold",
    "Amendment",
    "Approval",
    "AuditEvent",
    "AuditHead",
    "BudgetDocument",
    "BudgetLine",
    "CamatCheck",
    "Category",
    "CategoryTerms",
    "Deed",
    "DraftEdit",
    "DueDate",
    "EnrollmentStep",
    "ForbiddenSource",
    "FundSource",
    "Holiday",
    "Installation",
    "Invitation",
    "Kabupaten",
    "Kecamatan",
    "LegalBasis",
    "Letter",
    "LoginAttempt",
    "Office",
    "Official",
    "Post",
    "RateRow",
    "Rendition",
    "Return",
    "RosterEntry",
    "RosterVersion",
    "RosterVersionEntry",
    "RosterVersionOwed",
    "Series",
    "Signature",
    "SignatureReview",
    "StoredFile",
    "Takeover",
    "Tenure",
    "TypedNumber",
    "User",
    "UserSession",
    "Village",
]
