"""The nouns of the office as rows. Models obey ``workflows``; they know no letters, no views and no request, and they never commit."""

from .accords import Accord, AccordBasis, AccordSignature
from .agreement_records import AgreementBasis, AgreementHold, Amendment, DraftEdit, TypedNumber
from .agreements import Agreement
from .approvals import Approval, Return
from .audit import AuditEvent, AuditHead
from .blocks import BlockUse, NumberBlock
from .budget_rules import AccountSuggestion, BudgetWindow
from .budgets import BudgetDocument, BudgetLine, CamatCheck
from .changes import RosterChange
from .corrections import CorrectionAnswer, CorrectionRequest
from .deeds import Deed
from .delegations import Delegation
from .elsewhere import OtherCover
from .enrollments import EnrollmentStep
from .expedition import ExpeditionEntry, ExpeditionReceipt
from .files import StoredFile
from .heartbeats import Heartbeat
from .imports import ImportPart, ImportProgress, ImportStep, RosterImport
from .legal_holds import Erasure, LegalHold
from .letters import Letter, Rendition, Series
from .offices import Installation, Office
from .officials import Official, Post, Tenure
from .parafs import Paraf
from .print_sets import PrintSet
from .regions import Kabupaten, Kecamatan, Village
from .retention import RetentionClass
from .rosters import RosterEntry, RosterVersion, RosterVersionEntry, RosterVersionOwed
from .rules import Category, CategoryTerms, DueDate, ForbiddenSource, FundSource, Holiday, LegalBasis, SourceYear
from .scans import Scan, ScanPage, ScanPlacement, ScanProof, ScanProofPage
from .series import SeriesRule
from .signatures import Signature, SignatureReview
from .simulations import Simulation
from .sittings import Sitting, SittingItem
from .takeovers import Takeover
from .tariffs import AdjustmentRow, AgeLimit, BracketRow, CeilingRow, DiscountSwitch, PostWage, RateRow, RoundingRow
from .users import Invitation, LoginAttempt, User, UserSession

__all__ = [
    "Accord",
    "AccordBasis",
    "AccordSignature",
    "AccountSuggestion",
    "AdjustmentRow",
    "AgeLimit",
    "Agreement",
    "AgreementBasis",
    "AgreementHold",
    "Amendment",
    "Approval",
    "AuditEvent",
    "AuditHead",
    "BlockUse",
    "BracketRow",
    "BudgetDocument",
    "BudgetLine",
    "BudgetWindow",
    "CamatCheck",
    "Category",
    "CategoryTerms",
    "CeilingRow",
    "CorrectionAnswer",
    "CorrectionRequest",
    "Deed",
    "Delegation",
    "DiscountSwitch",
    "DraftEdit",
    "DueDate",
    "EnrollmentStep",
    "Erasure",
    "ExpeditionEntry",
    "ExpeditionReceipt",
    "ForbiddenSource",
    "FundSource",
    "Heartbeat",
    "Holiday",
    "ImportPart",
    "ImportProgress",
    "ImportStep",
    "Installation",
    "Invitation",
    "Kabupaten",
    "Kecamatan",
    "LegalBasis",
    "LegalHold",
    "Letter",
    "LoginAttempt",
    "NumberBlock",
    "Office",
    "Official",
    "OtherCover",
    "Paraf",
    "Post",
    "PostWage",
    "PrintSet",
    "RateRow",
    "Rendition",
    "RetentionClass",
    "Return",
    "RosterChange",
    "RosterEntry",
    "RosterImport",
    "RosterVersion",
    "RosterVersionEntry",
    "RosterVersionOwed",
    "RoundingRow",
    "Scan",
    "ScanPage",
    "ScanPlacement",
    "ScanProof",
    "ScanProofPage",
    "Series",
    "SeriesRule",
    "Signature",
    "SignatureReview",
    "Simulation",
    "Sitting",
    "SittingItem",
    "SourceYear",
    "StoredFile",
    "Takeover",
    "Tenure",
    "TypedNumber",
    "User",
    "UserSession",
    "Village",
]
