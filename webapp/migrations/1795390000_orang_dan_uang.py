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


def _dated(*columns):
    return (
        sa.Column('id', sa.Integer(), nullable=False),
        *columns,
        sa.Column('valid_from', sa.Date(), nullable=False),
        sa.Column('valid_until', sa.Date(), nullable=True),
        sa.Column('regulation', sa.String(length=120), nullable=False),
        sa.Column('confidence', sa.String(length=1), nullable=False),
        sa.Column('source', sa.Text(), nullable=False),
    )


def rules():
    """Ceilings, discount windows, rounding, eligibility limits."""
    op.create_table('ceilings', *_dated(
        sa.Column('programme', sa.String(length=4), nullable=False),
        sa.Column('amount', webapp.db.Rupiah(), nullable=False),
    ), sa.PrimaryKeyConstraint('id', name=op.f('pk_ceilings')))
    op.create_table('brackets', *_dated(
        sa.Column('at_least', webapp.db.Rupiah(), nullable=False),
        sa.Column('below', webapp.db.Rupiah(), nullable=True),
        sa.Column('base', webapp.db.Rupiah(), nullable=False),
    ), sa.PrimaryKeyConstraint('id', name=op.f('pk_brackets')))
    op.create_table('adjustments', *_dated(
        sa.Column('slug', sa.String(length=40), nullable=False),
        sa.Column('name', sa.String(length=120), nullable=False),
        sa.Column('programmes', webapp.db.Listed(), nullable=False),
        sa.Column('segment', sa.String(length=3), nullable=False),
        sa.Column('sector', sa.String(length=20), nullable=False),
        sa.Column('percent', webapp.db.Exact(length=40), nullable=False),
        sa.Column('not_for', webapp.db.Listed(), nullable=False),
    ), sa.PrimaryKeyConstraint('id', name=op.f('pk_adjustments')), sa.UniqueConstraint('slug', name=op.f('uq_adjustments_slug')))
    op.create_table('roundings', *_dated(
        sa.Column('level', sa.String(length=12), nullable=False),
        sa.Column('unit', webapp.db.Rupiah(), nullable=False),
        sa.Column('mode', sa.String(length=8), nullable=False),
    ), sa.PrimaryKeyConstraint('id', name=op.f('pk_roundings')))
    op.create_table('age_limits', *_dated(
        sa.Column('kind', sa.String(length=12), nullable=False),
        sa.Column('years', sa.Integer(), nullable=False),
    ), sa.PrimaryKeyConstraint('id', name=op.f('pk_age_limits')))
    op.create_table('discount_switches',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('adjustment_slug', sa.String(length=40), nullable=False),
        sa.Column('payer', sa.String(length=12), nullable=False),
        sa.Column('village', sa.String(length=13), nullable=False),
        sa.Column('on', sa.Boolean(), nullable=False),
        sa.Column('evidence', sa.Text(), nullable=False),
        sa.Column('at', webapp.db.Moment(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['adjustment_slug'], ['adjustments.slug'], name=op.f('fk_discount_switches_adjustment_slug')),
        sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_discount_switches_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_discount_switches')),
    )
    op.create_table('post_wages',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('category_slug', sa.String(length=20), nullable=False),
        sa.Column('posts', sa.String(length=160), nullable=False),
        sa.Column('wage_base', webapp.db.Rupiah(), nullable=False),
        sa.Column('confidence', sa.String(length=1), nullable=False),
        sa.Column('source', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(['category_slug'], ['categories.slug'], name=op.f('fk_post_wages_category_slug')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_post_wages')),
        sa.UniqueConstraint('year', 'category_slug', 'posts', name=op.f('uq_post_wages_year_category_slug_posts')),
    )
    op.create_table('source_years',
        sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('article', sa.String(length=120), nullable=False),
        sa.Column('confidence', sa.String(length=1), nullable=False),
        sa.Column('source', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('year', name=op.f('pk_source_years')),
    )
    op.create_table('simulations',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=120), nullable=False),
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('inputs', sa.Text(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('difference', webapp.db.Rupiah(), nullable=False),
        sa.Column('at', webapp.db.Moment(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_simulations_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_simulations')),
    )
    with op.batch_alter_table('rates', schema=None) as batch_op:
        batch_op.add_column(sa.Column('risk', sa.String(length=3), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('worker', webapp.db.Exact(length=40), nullable=False, server_default='0'))
    with op.batch_alter_table('category_terms', schema=None) as batch_op:
        batch_op.add_column(sa.Column('risk', sa.String(length=3), nullable=False, server_default='I'))
        batch_op.add_column(sa.Column('sector', sa.String(length=20), nullable=False, server_default='lain'))
        batch_op.add_column(sa.Column('payer', sa.String(length=12), nullable=False, server_default='APBDes'))
    with op.batch_alter_table('holidays', schema=None) as batch_op:
        batch_op.add_column(sa.Column('source', sa.Text(), nullable=False, server_default=''))
    _fill_rules()


def _fill_rules():
    """In an installation that is in use: the rows that a new one begins with. What the office wrote itself stays as it is."""
    from webapp.models.seeds import rows, typed  # readers of a file, without a table

    connection, meta = op.get_bind(), sa.MetaData()
    if not connection.execute(sa.text('SELECT count(*) FROM rates')).scalar():
        return  # a new installation: seeding fills it
    connection.execute(sa.text("UPDATE rates SET risk = 'I' WHERE programme = 'JKK' AND segment = 'PU'"))
    connection.execute(sa.text("UPDATE rates SET worker = '2' WHERE programme = 'JHT' AND segment = 'PU' AND percent = '5.7'"))
    kinds = {'programmes': webapp.db.Listed(), 'not_for': webapp.db.Listed(), 'percent': webapp.db.Exact(), 'worker': webapp.db.Exact()}
    kinds |= {each: webapp.db.Rupiah() for each in ('flat', 'amount', 'at_least', 'below', 'base', 'unit', 'wage_base')}
    kinds |= {'valid_from': sa.Date(), 'valid_until': sa.Date(), 'years': sa.Integer(), 'year': sa.Integer()}
    said = {tuple(each) for each in connection.execute(sa.text('SELECT programme, segment, risk FROM rates'))}
    categories = set(connection.execute(sa.text('SELECT slug FROM categories')).scalars())
    for name, file in (('rates', 'more_rates.csv'), ('ceilings', 'ceilings.csv'), ('brackets', 'brackets.csv'), ('adjustments', 'adjustments.csv'), ('roundings', 'roundings.csv'), ('age_limits', 'age_limits.csv'), ('post_wages', 'post_wages.csv')):
        found = [typed(each) for each in rows(file)]
        if name == 'rates':
            found = [each for each in found if (each['programme'], each['segment'], each['risk']) not in said]
        if name == 'post_wages':
            found = [each for each in found if each['category_slug'] in categories]
        if found:
            table = sa.Table(name, meta, *(sa.Column(each, kinds.get(each, sa.Text())) for each in found[0]))
            op.bulk_insert(table, found)


def rules_back():
    """As before. Rows that version 0.1 did not know go with their columns, so that each JKK rate is told once again."""
    op.get_bind().execute(sa.text("DELETE FROM rates WHERE risk NOT IN ('', 'I')"))
    with op.batch_alter_table('holidays', schema=None) as batch_op:
        batch_op.drop_column('source')
    with op.batch_alter_table('category_terms', schema=None) as batch_op:
        for each in ('payer', 'sector', 'risk'):
            batch_op.drop_column(each)
    with op.batch_alter_table('rates', schema=None) as batch_op:
        for each in ('worker', 'risk'):
            batch_op.drop_column(each)
    for each in ('simulations', 'source_years', 'post_wages', 'discount_switches', 'age_limits', 'roundings', 'adjustments', 'brackets', 'ceilings'):
        op.drop_table(each)


def people():
    """Imports, sealed particulars, monthly changes, people covered elsewhere."""
    _see_every_village()
    _of_village = [sa.Column('village_code', sa.String(length=13), nullable=False)]
    op.create_table('roster_imports',
    sa.Column('id', sa.Integer(), nullable=False),
    *_of_village,
    sa.Column('agreement_id', sa.Integer(), nullable=True),
    sa.Column('fiscal_year', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('pasted', sa.Boolean(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('sealed_sha256', sa.String(length=64), nullable=False),
    sa.Column('delete_on', sa.Date(), nullable=False),
    sa.Column('at', webapp.db.Moment(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id', 'village_code'], ['agreements.id', 'agreements.village_code'], name=op.f('fk_roster_imports_agreement_id_village_code')),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_roster_imports_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_imports')),
    sa.UniqueConstraint('id', 'village_code', name=op.f('uq_roster_imports_id_village_code'))
    )
    op.create_index(op.f('ix_roster_imports_agreement_id'), 'roster_imports', ['agreement_id'])
    op.create_index(op.f('ix_roster_imports_village_code'), 'roster_imports', ['village_code'])
    op.create_table('roster_import_steps',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('import_id', sa.Integer(), nullable=False),
    sa.Column('village_code', sa.String(length=13), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('at', webapp.db.Moment(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.Column('reading_sha256', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['import_id', 'village_code'], ['roster_imports.id', 'roster_imports.village_code'], name=op.f('fk_roster_import_steps_import_id_village_code')),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_roster_import_steps_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_import_steps')),
    sa.UniqueConstraint('import_id', 'kind', 'turn', name=op.f('uq_roster_import_steps_import_id_kind_turn'))
    )
    op.create_index(op.f('ix_roster_import_steps_import_id'), 'roster_import_steps', ['import_id'])
    op.create_index(op.f('ix_roster_import_steps_village_code'), 'roster_import_steps', ['village_code'])
    op.create_table('roster_import_parts',
    sa.Column('import_id', sa.Integer(), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('flagged', sa.Integer(), nullable=False),
    sa.Column('at', webapp.db.Moment(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('village_code', sa.String(length=13), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id', 'village_code'], ['agreements.id', 'agreements.village_code'], name=op.f('fk_roster_import_parts_agreement_id_village_code')),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_roster_import_parts_by_id')),
    sa.ForeignKeyConstraint(['import_id'], ['roster_imports.id'], name=op.f('fk_roster_import_parts_import_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_import_parts')),
    sa.UniqueConstraint('id', 'village_code', name=op.f('uq_roster_import_parts_id_village_code')),
    sa.UniqueConstraint('import_id', 'agreement_id', name=op.f('uq_roster_import_parts_import_id_agreement_id'))
    )
    for column in ('agreement_id', 'village_code', 'import_id'):
        op.create_index(op.f(f'ix_roster_import_parts_{column}'), 'roster_import_parts', [column])
    op.create_table('roster_import_progress',
    sa.Column('import_id', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('at', webapp.db.Moment(), nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['roster_imports.id'], name=op.f('fk_roster_import_progress_import_id')),
    sa.PrimaryKeyConstraint('import_id', name=op.f('pk_roster_import_progress'))
    )
    op.create_table('roster_changes',
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('nik_index', sa.String(length=64), nullable=False),
    sa.Column('nik_masked', sa.String(length=24), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('at', webapp.db.Moment(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('village_code', sa.String(length=13), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id', 'village_code'], ['agreements.id', 'agreements.village_code'], name=op.f('fk_roster_changes_agreement_id_village_code')),
    sa.ForeignKeyConstraint(['file_id', 'village_code'], ['files.id', 'files.village_code'], name=op.f('fk_roster_changes_file_id_village_code')),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_roster_changes_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_changes'))
    )
    for column in ('agreement_id', 'village_code', 'entry_id', 'month', 'nik_index'):
        op.create_index(op.f(f'ix_roster_changes_{column}'), 'roster_changes', [column])
    op.create_table('other_covers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('payer', sa.String(length=8), nullable=False),
    sa.Column('nik_index', sa.String(length=64), nullable=False),
    sa.Column('nik_masked', sa.String(length=24), nullable=False),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('source', sa.String(length=160), nullable=False),
    sa.Column('at', webapp.db.Moment(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_other_covers_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_other_covers')),
    sa.UniqueConstraint('year', 'payer', 'nik_index', name=op.f('uq_other_covers_year_payer_nik_index'))
    )
    for column in ('year', 'nik_index'):
        op.create_index(op.f(f'ix_other_covers_{column}'), 'other_covers', [column])
    with op.batch_alter_table('installation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('keep_imports_days', sa.Integer(), nullable=False, server_default='30'))
    with op.batch_alter_table('installation', schema=None) as batch_op:
        batch_op.alter_column('keep_imports_days', existing_type=sa.Integer(), existing_nullable=False, server_default=None)
    for table in PEOPLE:
        _drop_guards(table)
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('month_first', sa.Date(), nullable=True))
            batch_op.add_column(sa.Column('month_last', sa.Date(), nullable=True))
            batch_op.add_column(sa.Column('particulars', sa.LargeBinary(), nullable=True))
            batch_op.add_column(sa.Column('wage_sealed', sa.LargeBinary(), nullable=True))
        _copy_wages(table, ('wage_base', webapp.db.Rupiah()), ('wage_sealed', webapp.seal.SealedRupiah()))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column('wage_base')
            batch_op.alter_column('wage_sealed', new_column_name='wage_base', existing_type=sa.LargeBinary(), nullable=False)
    with op.batch_alter_table('roster_entries', schema=None) as batch_op:
        batch_op.add_column(sa.Column('cleared_flags', webapp.db.Listed(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('part_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('changed_at', webapp.db.Moment(), nullable=True))
        batch_op.create_index(batch_op.f('ix_roster_entries_part_id'), ['part_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_roster_entries_part_id_village_code'), 'roster_import_parts', ['part_id', 'village_code'], ['id', 'village_code'])
    with op.batch_alter_table('roster_entries', schema=None) as batch_op:
        batch_op.alter_column('cleared_flags', existing_type=webapp.db.Listed(), existing_nullable=False, server_default=None)
    # A reason that stood answered all the doubts that stood beside it.
    op.execute("UPDATE roster_entries SET cleared_flags = flags WHERE cleared_reason <> ''")
    with op.batch_alter_table('roster_version_owed', schema=None) as batch_op:
        batch_op.add_column(sa.Column('month_first', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('month_last', sa.Date(), nullable=True))


def people_back():
    """As before: wages open again; what only these tables and columns knew (particulars, imports, changes, other payers) is gone."""
    _see_every_village()
    with op.batch_alter_table('roster_version_owed', schema=None) as batch_op:
        batch_op.drop_column('month_last')
        batch_op.drop_column('month_first')
    with op.batch_alter_table('roster_entries', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_roster_entries_part_id_village_code'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_roster_entries_part_id'))
        batch_op.drop_column('changed_at')
        batch_op.drop_column('part_id')
        batch_op.drop_column('cleared_flags')
    for table in PEOPLE:
        _drop_guards(table)
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('wage_open', sa.BigInteger(), nullable=True))
        _copy_wages(table, ('wage_base', webapp.seal.SealedRupiah()), ('wage_open', webapp.db.Rupiah()))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column('wage_base')
            batch_op.alter_column('wage_open', new_column_name='wage_base', existing_type=sa.BigInteger(), nullable=False)
            batch_op.drop_column('particulars')
            batch_op.drop_column('month_last')
            batch_op.drop_column('month_first')
    with op.batch_alter_table('installation', schema=None) as batch_op:
        batch_op.drop_column('keep_imports_days')
    for table in ('other_covers', 'roster_changes', 'roster_import_progress', 'roster_import_parts', 'roster_import_steps', 'roster_imports'):
        op.drop_table(table)


PEOPLE = ('roster_entries', 'roster_version_entries')


def _see_every_village():
    """On PostgreSQL row-level security hides all rows from a session that says nothing; a migration must reach them all."""
    if op.get_context().dialect.name == 'postgresql':
        op.execute("SELECT set_config('sinergi.scope', '%', true)")


def _drop_guards(table):
    """What never changes is written anew this once; every upgrade ends by putting the guards back."""
    where = f' ON {table}' if op.get_context().dialect.name == 'postgresql' else ''
    for event in ('update', 'delete'):
        op.execute(f'DROP TRIGGER IF EXISTS keep_{table}_{event}{where}')


def _copy_wages(table, source, target):
    """From one column to the other, in batches: their types open and seal."""
    connection, last = op.get_bind(), 0
    rows = sa.table(table, sa.column('id', sa.Integer()), sa.column(*source), sa.column(*target))
    write = sa.update(rows).where(rows.c.id == sa.bindparam('row')).values({target[0]: sa.bindparam('money')})
    while found := connection.execute(sa.select(rows.c.id, rows.c[source[0]]).where(rows.c.id > last).order_by(rows.c.id).limit(500)).all():
        connection.execute(write, [{'row': id_, 'money': money} for id_, money in found])
        last = found[-1][0]


def budget():
    """Budget lines by document, the budget calendar."""
    op.create_table('budget_windows',
    sa.Column('document', sa.String(length=10), nullable=False),
    sa.Column('years', sa.Integer(), nullable=False),
    sa.Column('month_first', sa.Integer(), nullable=False),
    sa.Column('month_last', sa.Integer(), nullable=False),
    sa.Column('article', sa.String(length=120), nullable=False),
    sa.Column('confidence', sa.String(length=1), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('document', name=op.f('pk_budget_windows'))
    )
    op.create_table('account_suggestions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('category_slug', sa.String(length=20), nullable=False),
    sa.Column('activity_code', sa.String(length=40), nullable=False),
    sa.Column('account_code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('confidence', sa.String(length=1), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['category_slug'], ['categories.slug'], name=op.f('fk_account_suggestions_category_slug')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_suggestions')),
    sa.UniqueConstraint('year', 'category_slug', 'account_code', name=op.f('uq_account_suggestions_year_category_slug_account_code'))
    )
    with op.batch_alter_table('budget_lines', schema=None) as batch_op:
        batch_op.add_column(sa.Column('document', sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column('replaces_id', sa.Integer(), nullable=True))
    if op.get_bind().dialect.name == 'postgresql':
        op.execute("SELECT set_config('sinergi.scope', '%', true)")  # all villages, for this transaction
    # What was recorded after a Perubahan belongs to it; without an APBDes everything does. The sums stay as they were.
    op.execute("UPDATE budget_lines SET document = 'apbdes'")
    op.execute("""UPDATE budget_lines SET document = 'perubahan' WHERE EXISTS (SELECT 1 FROM budget_documents AS amended
        WHERE amended.agreement_id = budget_lines.agreement_id AND amended.kind = 'perubahan' AND (amended.at <= budget_lines.at
        OR NOT EXISTS (SELECT 1 FROM budget_documents AS first WHERE first.agreement_id = budget_lines.agreement_id AND first.kind = 'apbdes')))""")
    with op.batch_alter_table('budget_lines', schema=None) as batch_op:
        batch_op.alter_column('document', existing_type=sa.String(length=10), nullable=False)
        batch_op.create_unique_constraint(batch_op.f('uq_budget_lines_id_village_code'), ['id', 'village_code'])
    with op.batch_alter_table('budget_lines', schema=None) as batch_op:
        batch_op.create_foreign_key(batch_op.f('fk_budget_lines_replaces_id_village_code'), 'budget_lines', ['replaces_id', 'village_code'], ['id', 'village_code'])
    if op.get_bind().execute(sa.text('SELECT count(*) FROM categories')).scalar():
        _budget_rules()


def _budget_rules():
    """What a new installation is given, for one that stands already."""
    windows = sa.table('budget_windows', *(sa.column(each) for each in ('document', 'years', 'month_first', 'month_last', 'article', 'confidence', 'source')))
    op.bulk_insert(windows, [dict(zip(('document', 'years', 'month_first', 'month_last', 'article', 'confidence', 'source'), each, strict=True)) for each in (
        ('rkpdes', -1, 7, 9, 'Permendagri 114/2014 Pasal 29', 'S', 'RKPDes disusun mulai Juli dan ditetapkan paling lambat akhir September tahun sebelumnya'),
        ('apbdes', -1, 10, 12, 'Permendagri 20/2018 Pasal 38 ayat (2)', 'S', 'Rancangan disepakati bersama BPD dalam bulan Oktober; APBDes ditetapkan paling lambat 31 Desember'),
        ('perubahan', 0, 7, 9, 'Permendagri 20/2018 Pasal 40', 'L', 'Perubahan satu kali setahun; peraturannya tidak menyebut bulan, Juli sampai September adalah kebiasaan'),
    )])
    national, local = 'Permendagri 20/2018, daftar kode kegiatan dan rekening desa', 'Kode lokal yang dijumpai pada APBDes di daerah lain; belum dipastikan untuk kabupaten ini'
    rt_rw = 'Permendagri 20/2018: 1.1.07 dan 5.2.5.08 untuk insentif/operasional RT/RW; pemakaiannya untuk iuran belum dipastikan'
    known = set(op.get_bind().execute(sa.text('SELECT slug FROM categories')).scalars())
    names = ('category_slug', 'activity_code', 'account_code', 'name', 'confidence', 'source')
    suggested = sa.table('account_suggestions', *(sa.column(each) for each in ('year', *names)))
    op.bulk_insert(suggested, [{'year': 2026} | dict(zip(names, each, strict=True)) for each in (
        ('kepala_desa', '1.1.03', '5.1.3.03', 'Jaminan Sosial Ketenagakerjaan Kepala Desa', 'S', national),
        ('perangkat', '1.1.03', '5.1.3.04', 'Jaminan Sosial Ketenagakerjaan Perangkat Desa', 'S', national),
        ('staf', '1.1.03', '5.1.3.90', 'Jaminan Sosial Ketenagakerjaan Staf Desa', 'U', local),
        ('bpd', '1.1.05', '5.1.5.02', 'Jaminan Sosial Ketenagakerjaan Anggota BPD', 'U', local),
        ('bpd', '1.1.05', '5.1.4.91', 'Jaminan Ketenagakerjaan BPD', 'U', local),
        ('lkd', '1.1.07', '5.2.5.08', 'Jaminan Sosial Ketenagakerjaan RT/RW dan Lembaga Kemasyarakatan Desa', 'U', rt_rw),
        ('imam', '3.2.90', '5.2.5.90', "Jaminan Sosial Ketenagakerjaan Imam dan Pegawai Syara'", 'U', local),
        ('pekerja_rentan', '4.4.90', '5.2.7.99', 'Jaminan Sosial Ketenagakerjaan Pekerja Rentan', 'U', local),
    ) if each[0] in known])


def budget_back():
    """As before: lines of the plan and replaced ones go, so that the sums stay as they are."""
    if op.get_bind().dialect.name == 'postgresql':
        op.execute("SELECT set_config('sinergi.scope', '%', true)")
    with op.batch_alter_table('budget_lines', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_budget_lines_replaces_id_village_code'), type_='foreignkey')
    with op.batch_alter_table('budget_lines', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_budget_lines_id_village_code'), type_='unique')
    op.execute("""DELETE FROM budget_lines WHERE document = 'rkpdes' OR id IN (SELECT replaces_id FROM budget_lines WHERE replaces_id IS NOT NULL
        AND EXISTS (SELECT 1 FROM budget_documents WHERE budget_documents.agreement_id = budget_lines.agreement_id AND kind = 'perubahan'))
        OR (document = 'perubahan' AND NOT EXISTS (SELECT 1 FROM budget_documents WHERE budget_documents.agreement_id = budget_lines.agreement_id AND kind = 'perubahan'))""")
    with op.batch_alter_table('budget_lines', schema=None) as batch_op:
        batch_op.drop_column('replaces_id')
        batch_op.drop_column('document')
    op.drop_table('account_suggestions')
    op.drop_table('budget_windows')


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
