"""Forms of signing on behalf of the head: who, which letters, by which order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from wtforms import SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from ..models import Delegation, Official
from .base import DayField, Form, Required, choices
from .officials import number_problem


class DelegationForm(Form):
    """Somebody signs in the head's name."""

    official = SelectField("Pejabat", coerce=int)
    name = StringField("Nama dengan gelar", [Length(max=160)], description="Bila pejabatnya belum tercatat.")
    number = StringField("NIP", [Length(max=30)], render_kw={"inputmode": "numeric"})
    rank = StringField("Pangkat", [Length(max=80)])
    title = StringField("Jabatannya", [Required(), Length(max=200)], description="Misalnya Sekretaris, atau Kepala Bidang Pemerintahan Desa.")
    through = StringField("Lewat jabatan (u.b.)", [Length(max=200)], description="Kosongkan untuk a.n. Untuk u.b. isi jabatan di antara kepala kantor dan pejabat ini, misalnya Sekretaris.")
    kinds = SelectMultipleField("Naskah", widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())
    order_by = StringField("Surat perintah dari", [Required(), Length(max=120)])
    order_number = StringField("Nomor surat perintah", [Required(), Length(max=120)])
    order_on = DayField("Tanggal surat perintah", [Required()])
    from_on = DayField("Berlaku mulai", [Required()])
    until_on = DayField("Berlaku sampai", [Optional()], description="Hari terakhir. Kosongkan bila sampai dicabut.")

    def __init__(self, known: Sequence[Official], kinds: Sequence[tuple[str, str]], giver: str, today: date) -> None:
        super().__init__(data={"official": 0, "order_by": giver, "from_on": today, "kinds": [slug for slug, _ in kinds]})
        self.known = {each.id: each for each in known}
        self.official.choices = choices([(0, "Orang baru (isi di bawah)"), *((each.id, each.name) for each in known)])
        self.kinds.choices = choices(kinds)

    def validate_name(self, field: StringField) -> None:
        """Only of somebody new."""
        if not self.official.data and not (field.data or "").strip():
            raise ValidationError("Wajib diisi.")

    def validate_number(self, field: StringField) -> None:
        """A NIP has 18 digits and begins with a birth date."""
        field.data = "".join((field.data or "").split())
        if field.data and (problem := number_problem("NIP", field.data)):
            raise ValidationError(problem)

    def validate_kinds(self, field: SelectMultipleField) -> None:
        """It is for something."""
        if not field.data:
            raise ValidationError("Pilih paling sedikit satu jenis naskah.")

    def validate_order_on(self, field: DayField) -> None:
        """The order comes first."""
        if field.data and self.from_on.data and field.data > self.from_on.data:
            raise ValidationError("Surat perintah bertanggal sesudah mulai berlaku.")

    def delegation(self) -> Delegation:
        """As typed."""
        words = {name: (self[name].data or "").strip() for name in ("title", "through", "order_by", "order_number")}
        days = {name: self[name].data for name in ("order_on", "from_on", "until_on")}
        return Delegation(official=self._official(), kinds=tuple(self.kinds.data), **words, **days)

    def _official(self) -> Official:
        number = self.number.data or ""
        said = {"name": (self.name.data or "").strip(), "number_kind": "NIP" if number else "", "number": number, "rank": (self.rank.data or "").strip()}
        return self.known.get(self.official.data) or Official(**said)


class EndDelegationForm(Form):
    """The last day."""

    last = DayField("Hari terakhir", [Required()])

    def __init__(self, today: date) -> None:
        super().__init__(data={"last": today})
