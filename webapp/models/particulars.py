"""What a registration with BPJS asks about a person beside the list: birth place, mother, address, heirs. Sealed at rest, hidden until asked for."""

from __future__ import annotations

from dataclasses import dataclass, fields

LABELS = {
    "birth_place": "Tempat lahir",
    "mother": "Nama ibu kandung",
    "marital": "Status kawin",
    "address": "Alamat",
    "postcode": "Kode pos",
    "phone": "Nomor HP",
    "email": "Pos-el",
    "npwp": "NPWP",
    "workplace": "Lokasi kerja",
    "heir_name": "Nama ahli waris",
    "heir_relation": "Hubungan ahli waris",
    "heir_nik": "NIK ahli waris",
    "heir_phone": "Nomor HP ahli waris",
}

# Shown only for a reason that the trail keeps, like the NIK: mother and heirs prove an identity, the tax number is money.
HIDDEN = ("mother", "npwp", "heir_name", "heir_relation", "heir_nik", "heir_phone")


@dataclass(frozen=True)
class Particulars:
    """Empty where nobody has said anything; a new value takes the place of the old one as a whole."""

    birth_place: str = ""
    mother: str = ""
    marital: str = ""
    address: str = ""
    postcode: str = ""
    phone: str = ""
    email: str = ""
    npwp: str = ""
    workplace: str = ""
    heir_name: str = ""
    heir_relation: str = ""
    heir_nik: str = ""
    heir_phone: str = ""

    @property
    def known(self) -> dict[str, str]:
        """What has been said, by field."""
        return {each.name: getattr(self, each.name) for each in fields(self) if getattr(self, each.name)}

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Labels and values for a page; what is hidden says only that it is there."""
        return [(LABELS[name], "tercatat, disembunyikan" if name in HIDDEN else value) for name, value in self.known.items()]

    @property
    def opened(self) -> list[tuple[str, str]]:
        """Labels and values in full, for one look."""
        return [(LABELS[name], value) for name, value in self.known.items()]

    def with_more(self, other: Particulars) -> Particulars:
        """The same, with what the other says besides or differently."""
        return Particulars(**(self.known | other.known))
