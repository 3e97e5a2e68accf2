"""Bukti: pindaian per halaman, ekspedisi dan tanda terima, data pribadi"""

import sqlalchemy as sa
from alembic import op

import webapp.db
import webapp.seal

revision = '1795400000'
down_revision = '1795390000'
branch_labels = None
depends_on = None


def upgrade():
    scans()
    registers()
    privacy()


def downgrade():
    privacy_back()
    registers_back()
    scans_back()


def scans():
    """Pages of signed papers as they were photographed, and where each was placed."""


def scans_back():
    """As before."""


def registers():
    """Reserved blocks, expedition book, receipts, the coordinating initials."""


def registers_back():
    """As before."""


def privacy():
    """Access to personal data, retention, legal hold."""


def privacy_back():
    """As before."""
