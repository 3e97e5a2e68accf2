"""The form of the administrator's page: why the trail and the heads outside disagree."""

from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import Length

from .base import Form, Required


class ExplainForm(Form):
    """What happened, and who decided."""

    reason = TextAreaField("Apa yang terjadi, dan siapa yang memutuskan?", [Required(), Length(max=500)], render_kw={"rows": 3})
