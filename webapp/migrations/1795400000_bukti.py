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
    op.create_index('uq_signatures_id_village_code', 'signatures', ['id', 'village_code'], unique=True)
    _scan_table('scans',
        [sa.Column('paper', sa.String(length=12), nullable=False), sa.Column('rangkap', sa.Integer(), nullable=False), sa.Column('number', sa.Integer(), nullable=False)],
        {'agreement_id': 'agreements'}, [['agreement_id', 'paper', 'rangkap', 'number'], ['id', 'village_code']], ['agreement_id'])
    _scan_table('scan_pages',
        [sa.Column('sha256', sa.String(length=64), nullable=False), sa.Column('nth', sa.Integer(), nullable=False), sa.Column('page', sa.Integer(), nullable=True),
         sa.Column('flattened', sa.String(length=8), nullable=False), sa.Column('width_mm', sa.Integer(), nullable=False), sa.Column('height_mm', sa.Integer(), nullable=False)],
        {'scan_id': 'scans', 'original_id': 'files', 'picture_id': 'files', 'letter_id': 'letters'}, [['scan_id', 'sha256', 'nth'], ['id', 'village_code']], ['scan_id'])
    _scan_table('scan_placements',
        [sa.Column('page', sa.Integer(), nullable=True), sa.Column('by_hand', sa.Boolean(), nullable=False), sa.Column('reason', sa.Text(), nullable=False)],
        {'scan_id': 'scans', 'scan_page_id': 'scan_pages', 'letter_id': 'letters'}, [['id', 'village_code']], ['scan_id'])
    _scan_table('scan_proofs', [], {'agreement_id': 'agreements', 'scan_id': 'scans', 'signature_id': 'signatures'},
        [['signature_id'], ['id', 'village_code']], ['agreement_id', 'scan_id'])
    op.create_table('scan_proof_pages',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('proof_id', sa.Integer(), nullable=False),
        sa.Column('village_code', sa.String(length=13), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('placement_id', sa.Integer(), nullable=False),
        *_scan_links('scan_proof_pages', {'proof_id': 'scan_proofs', 'placement_id': 'scan_placements'}),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_scan_proof_pages')),
        sa.UniqueConstraint('proof_id', 'position', name=op.f('uq_scan_proof_pages_proof_id_position')),
    )
    _of_village('scan_proof_pages', 'village_code')


def _scan_links(table, links):
    """Links that cannot cross villages."""
    return [sa.ForeignKeyConstraint([column, 'village_code'], [f'{to}.id', f'{to}.village_code'], name=op.f(f'fk_{table}_{column}_village_code')) for column, to in links.items()]


def _scan_table(table, columns, links, unique, indexed):
    keys = [sa.Column(each, sa.Integer(), nullable=each == 'letter_id') for each in links]
    op.create_table(table,
        *_recorded(sa.Column('village_code', sa.String(length=13), nullable=False), *keys, *columns), *_recorded_keys(table), *_scan_links(table, links),
        *(sa.UniqueConstraint(*each, name=op.f(f'uq_{table}_{"_".join(each)}')) for each in unique),
    )
    _of_village(table, 'village_code', *indexed)


def scans_back():
    """As before."""
    for each in ('scan_proof_pages', 'scan_proofs', 'scan_placements', 'scan_pages', 'scans'):
        op.drop_table(each)
    op.drop_index('uq_signatures_id_village_code', table_name='signatures')


def _recorded(*columns):
    return (sa.Column('id', sa.Integer(), nullable=False), *columns, sa.Column('at', webapp.db.Moment(), nullable=False), sa.Column('by_id', sa.Integer(), nullable=False))


def _recorded_keys(table):
    return (sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f(f'fk_{table}_by_id')), sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{table}')))


def _of_village(table, *columns):
    """Indexes of the columns by which rows of a village are found."""
    with op.batch_alter_table(table, schema=None) as batch_op:
        for each in columns:
            batch_op.create_index(batch_op.f(f'ix_{table}_{each}'), [each], unique=False)


def registers():
    """Several series, reserved blocks, expedition book and receipts, print sets, the coordinating initials, signing on behalf, sittings."""
    op.create_table('series_rules',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=80), nullable=False),
        sa.Column('unit', sa.String(length=40), nullable=False),
        sa.Column('pattern', sa.String(length=120), nullable=False),
        sa.Column('start', sa.Integer(), nullable=False),
        sa.Column('kinds', webapp.db.Listed(), nullable=False),
        sa.Column('valid_from', sa.Date(), nullable=False),
        sa.Column('valid_until', sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_series_rules')),
    )
    op.create_table('number_blocks', *_recorded(
        sa.Column('unit', sa.String(length=40), nullable=False),
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('first', sa.Integer(), nullable=False),
        sa.Column('last', sa.Integer(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
    ), *_recorded_keys('number_blocks'), sa.UniqueConstraint('unit', 'year', 'first', name=op.f('uq_number_blocks_unit_year_first')))
    op.create_table('number_block_uses', *_recorded(
        sa.Column('block_id', sa.Integer(), nullable=False),
        sa.Column('unit', sa.String(length=40), nullable=False),
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('seq', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('outcome', sa.String(length=4), nullable=False),
        sa.Column('number', sa.String(length=160), nullable=False),
        sa.Column('dated_on', sa.Date(), nullable=True),
        sa.Column('title', sa.String(length=160), nullable=False),
        sa.Column('addressee', sa.String(length=200), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
    ), *_recorded_keys('number_block_uses'),
        sa.ForeignKeyConstraint(['block_id'], ['number_blocks.id'], name=op.f('fk_number_block_uses_block_id')),
        sa.UniqueConstraint('unit', 'year', 'seq', 'version', name=op.f('uq_number_block_uses_unit_year_seq_version')),
    )
    _of_village('number_block_uses', 'block_id')
    op.create_table('expedition_entries', *_recorded(
        sa.Column('village_code', sa.String(length=13), nullable=False),
        sa.Column('letter_id', sa.Integer(), nullable=True),
        sa.Column('file_id', sa.Integer(), nullable=True),
        sa.Column('rangkap', sa.Integer(), nullable=True),
        sa.Column('title', sa.String(length=160), nullable=False),
        sa.Column('number', sa.String(length=160), nullable=False),
        sa.Column('recipient', sa.String(length=200), nullable=False),
        sa.Column('on', sa.Date(), nullable=False),
        sa.Column('how', sa.String(length=8), nullable=False),
        sa.Column('carrier', sa.String(length=160), nullable=False),
    ), *_recorded_keys('expedition_entries'),
        sa.ForeignKeyConstraint(['letter_id', 'village_code'], ['letters.id', 'letters.village_code'], name=op.f('fk_expedition_entries_letter_id_village_code')),
        sa.ForeignKeyConstraint(['file_id', 'village_code'], ['files.id', 'files.village_code'], name=op.f('fk_expedition_entries_file_id_village_code')),
        sa.UniqueConstraint('id', 'village_code', name=op.f('uq_expedition_entries_id_village_code')),
    )
    _of_village('expedition_entries', 'village_code', 'letter_id', 'file_id')
    op.create_table('expedition_receipts', *_recorded(
        sa.Column('village_code', sa.String(length=13), nullable=False),
        sa.Column('entry_id', sa.Integer(), nullable=False),
        sa.Column('outcome', sa.String(length=8), nullable=False),
        sa.Column('on', sa.Date(), nullable=False),
        sa.Column('received_by', sa.String(length=160), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
    ), *_recorded_keys('expedition_receipts'),
        sa.ForeignKeyConstraint(['entry_id', 'village_code'], ['expedition_entries.id', 'expedition_entries.village_code'], name=op.f('fk_expedition_receipts_entry_id_village_code')),
        sa.UniqueConstraint('entry_id', name=op.f('uq_expedition_receipts_entry_id')),
    )
    _of_village('expedition_receipts', 'village_code')
    op.create_table('print_sets', *_recorded(
        sa.Column('village_code', sa.String(length=13), nullable=False),
        sa.Column('fiscal_year', sa.Integer(), nullable=False),
        sa.Column('content', sa.String(length=8), nullable=False),
        sa.Column('duplex', sa.Boolean(), nullable=False),
        sa.Column('sheet', sa.String(length=6), nullable=False),
        sa.Column('chosen', sa.Text(), nullable=False),
        sa.Column('left_out', sa.Text(), nullable=False),
        sa.Column('state', sa.String(length=8), nullable=False),
        sa.Column('tries', sa.Integer(), nullable=False),
        sa.Column('try_after', webapp.db.Moment(), nullable=True),
        sa.Column('problem', sa.Text(), nullable=False),
        sa.Column('pages', sa.Integer(), nullable=False),
        sa.Column('size', sa.Integer(), nullable=False),
        sa.Column('sha256', sa.String(length=64), nullable=True),
        sa.Column('made_at', webapp.db.Moment(), nullable=True),
    ), *_recorded_keys('print_sets'))
    _of_village('print_sets', 'village_code', 'state')
    op.create_table('parafs', *_recorded(
        sa.Column('agreement_id', sa.Integer(), nullable=False),
        sa.Column('village_code', sa.String(length=13), nullable=False),
        sa.Column('by_login', sa.String(length=80), nullable=False),
        sa.Column('on', sa.Date(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
    ), *_recorded_keys('parafs'),
        sa.ForeignKeyConstraint(['agreement_id', 'village_code'], ['agreements.id', 'agreements.village_code'], name=op.f('fk_parafs_agreement_id_village_code')),
    )
    _of_village('parafs', 'agreement_id', 'village_code')
    op.create_table('delegations',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('office_id', sa.Integer(), nullable=False),
        sa.Column('official_id', sa.Integer(), nullable=False),
        sa.Column('title', sa.String(length=200), nullable=False),
        sa.Column('through', sa.String(length=200), nullable=False),
        sa.Column('kinds', webapp.db.Listed(), nullable=False),
        sa.Column('order_by', sa.String(length=120), nullable=False),
        sa.Column('order_number', sa.String(length=120), nullable=False),
        sa.Column('order_on', sa.Date(), nullable=False),
        sa.Column('from_on', sa.Date(), nullable=False),
        sa.Column('until_on', sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(['office_id'], ['offices.id'], name=op.f('fk_delegations_office_id')),
        sa.ForeignKeyConstraint(['official_id'], ['officials.id'], name=op.f('fk_delegations_official_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_delegations')),
    )
    op.create_table('sittings', *_recorded(
        sa.Column('village_code', sa.String(length=13), nullable=False),
        sa.Column('fiscal_year', sa.Integer(), nullable=False),
        sa.Column('act', sa.String(length=8), nullable=False),
        sa.Column('signers', webapp.db.Listed(), nullable=False),
        sa.Column('on', sa.Date(), nullable=False),
        sa.Column('place', sa.String(length=80), nullable=False),
        sa.Column('sha256', sa.String(length=64), nullable=True),
        sa.Column('name', sa.String(length=120), nullable=False),
        sa.Column('size', sa.Integer(), nullable=False),
    ), *_recorded_keys('sittings'))
    _of_village('sittings', 'village_code')
    op.create_table('sitting_items',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('sitting_id', sa.Integer(), nullable=False),
        sa.Column('agreement_id', sa.Integer(), nullable=False),
        sa.Column('village_code', sa.String(length=13), nullable=False),
        sa.Column('seen', sa.String(length=64), nullable=False),
        sa.Column('state', sa.String(length=8), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('at', webapp.db.Moment(), nullable=True),
        sa.ForeignKeyConstraint(['sitting_id'], ['sittings.id'], name=op.f('fk_sitting_items_sitting_id')),
        sa.ForeignKeyConstraint(['agreement_id', 'village_code'], ['agreements.id', 'agreements.village_code'], name=op.f('fk_sitting_items_agreement_id_village_code')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sitting_items')),
        sa.UniqueConstraint('sitting_id', 'agreement_id', name=op.f('uq_sitting_items_sitting_id_agreement_id')),
    )
    _of_village('sitting_items', 'agreement_id', 'village_code')
    with op.batch_alter_table('offices', schema=None) as batch_op:
        batch_op.add_column(sa.Column('paraf_from', sa.Date(), nullable=True))
    drawn = sa.text('seq IS NOT NULL')
    op.create_index('uq_letters_drawn_number', 'letters', ['number', 'version'], unique=True, sqlite_where=drawn, postgresql_where=drawn)


def registers_back():
    """As before."""
    op.drop_index('uq_letters_drawn_number', table_name='letters')
    with op.batch_alter_table('offices', schema=None) as batch_op:
        batch_op.drop_column('paraf_from')
    for each in ('sitting_items', 'sittings', 'delegations', 'parafs', 'print_sets', 'expedition_receipts', 'expedition_entries', 'number_block_uses', 'number_blocks', 'series_rules'):
        op.drop_table(each)


def privacy():
    """Signs of life of the workers; access to personal data, retention, legal hold."""
    op.create_table('heartbeats',
        sa.Column('worker', sa.String(length=20), nullable=False),
        sa.Column('at', webapp.db.Moment(), nullable=False),
        sa.Column('told', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('worker', name=op.f('pk_heartbeats')),
    )
    classes = op.create_table('retention_classes',
        sa.Column('slug', sa.String(length=20), nullable=False),
        sa.Column('rank', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=120), nullable=False),
        sa.Column('years', sa.Integer(), nullable=True),
        sa.Column('basis', sa.Text(), nullable=False),
        sa.Column('confidence', sa.String(length=1), nullable=False),
        sa.PrimaryKeyConstraint('slug', name=op.f('pk_retention_classes')),
    )
    op.bulk_insert(classes, RETENTION)
    for table in ('legal_holds', 'erasures'):
        columns = {
            'legal_holds': (sa.Column('kind', sa.String(length=8), nullable=False), sa.Column('reason', sa.Text(), nullable=False)),
            'erasures': (sa.Column('versions', sa.Integer(), nullable=False), sa.Column('people', sa.Integer(), nullable=False), sa.Column('entries', sa.Integer(), nullable=False),
                         sa.Column('changes', sa.Integer(), nullable=False), sa.Column('basis', sa.Text(), nullable=False)),
        }[table]
        _of_agreement(table, *columns, *([sa.UniqueConstraint('agreement_id', name=op.f('uq_erasures_agreement_id'))] if table == 'erasures' else ()))
    _of_agreement('correction_requests',
        sa.Column('entry_id', sa.Integer(), nullable=True),
        sa.Column('listed_id', sa.Integer(), nullable=True),
        sa.Column('name', sa.String(length=160), nullable=False),
        sa.Column('nik_masked', sa.String(length=24), nullable=False),
        sa.Column('received_at', webapp.db.Moment(), nullable=False),
        sa.Column('due_at', webapp.db.Moment(), nullable=False),
        sa.Column('asked_by', sa.String(length=160), nullable=False),
        sa.Column('what', webapp.seal.Sealed(), nullable=False),
        sa.UniqueConstraint('id', 'village_code', name=op.f('uq_correction_requests_id_village_code')),
    )
    op.create_table('correction_answers', *_recorded(
        sa.Column('village_code', sa.String(length=13), nullable=False),
        sa.Column('request_id', sa.Integer(), nullable=False),
        sa.Column('outcome', sa.String(length=10), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
    ), *_recorded_keys('correction_answers'),
        sa.ForeignKeyConstraint(['request_id', 'village_code'], ['correction_requests.id', 'correction_requests.village_code'], name=op.f('fk_correction_answers_request_id_village_code')),
        sa.UniqueConstraint('request_id', name=op.f('uq_correction_answers_request_id')),
    )
    _of_village('correction_answers', 'village_code')
    _renew_guards()


# The guards of these tables let erasing through from now on; ``upgrade`` puts them back in their new form.
ERASABLE = ('roster_changes', 'roster_version_entries')
RETENTION = [
    {'slug': 'imports', 'rank': 1, 'name': 'Berkas impor tersegel', 'years': None, 'confidence': 'L',
     'basis': 'UU 27/2022 ps 16 ayat (2) huruf g dan ps 43: dihapus bila tidak diperlukan lagi. Sesudah dibaca, berkas hanya untuk membetulkan unggahan.'},
    {'slug': 'rosters', 'rank': 2, 'name': 'Data pribadi pada daftar yang perjanjiannya berakhir', 'years': 10, 'confidence': 'U',
     'basis': 'UU 27/2022 ps 43 dan 44: dimusnahkan sesudah masa retensinya habis. Angka 10 tahun mengikuti dokumen keuangan (UU 8/1997 ps 11) sampai Jadwal Retensi Arsip kabupaten menetapkan lain.'},
    {'slug': 'scans', 'rank': 3, 'name': 'Naskah terbit dan pindaian bukti', 'years': None, 'confidence': 'L',
     'basis': 'Arsip perjanjian: dinilai dan dimusnahkan dengan berita acara menurut UU 43/2009 dan Jadwal Retensi Arsip. Layanan ini tidak menghapusnya.'},
    {'slug': 'audit', 'rank': 4, 'name': 'Jejak audit', 'years': None, 'confidence': 'L',
     'basis': 'Membuktikan naskah selama naskah itu ada; tidak memuat data pribadi peserta. Rantainya tidak dipotong.'},
]


def _of_agreement(table, *columns):
    """Records of one agreement."""
    op.create_table(table, *_recorded(
        sa.Column('agreement_id', sa.Integer(), nullable=False),
        sa.Column('village_code', sa.String(length=13), nullable=False),
        *(each for each in columns if isinstance(each, sa.Column)),
    ), *_recorded_keys(table), *(each for each in columns if not isinstance(each, sa.Column)),
        sa.ForeignKeyConstraint(['agreement_id', 'village_code'], ['agreements.id', 'agreements.village_code'], name=op.f(f'fk_{table}_agreement_id_village_code')),
    )
    _of_village(table, 'agreement_id', 'village_code')


def _renew_guards():
    for table in ERASABLE:
        on = f' ON {table}' if op.get_context().dialect.name == 'postgresql' else ''
        op.execute(f'DROP TRIGGER IF EXISTS keep_{table}_update{on}')


def privacy_back():
    """As before."""
    _renew_guards()
    for each in ('correction_answers', 'correction_requests', 'erasures', 'legal_holds', 'retention_classes', 'heartbeats'):
        op.drop_table(each)
