"""What people send is writing: marks that nobody sees (zero characters, marks that turn writing around) are taken out before anybody reads it.

They come along with names copied from chats and documents, make two equal names differ, let a line read otherwise than it is stored, and a
zero character stops PostgreSQL.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import NotFound
from werkzeug.utils import cached_property

UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")


def seen(text: str) -> str:
    """The text without what nobody sees; tabs and new lines stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(each for each in text if each in "\t\n\r" or unicodedata.category(each) not in UNSEEN)


def _plain(values: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    return ImmutableMultiDict([(name, seen(value)) for name, value in values.items(multi=True)])


class PlainRequest(Request):
    """A request whose fields and questions are plain; an address that is not, leads nowhere."""

    @cached_property
    def args(self) -> Any:
        """The questions in the address."""
        return _plain(super().args)

    def _load_form_data(self) -> None:
        if "form" in self.__dict__:
            return
        super()._load_form_data()
        self.__dict__["form"] = _plain(self.__dict__["form"])


def refuse_unseen(request: Request) -> None:
    """Raise NotFound for an address with a mark that nobody sees."""
    if seen(request.path) != request.path:
        raise NotFound
