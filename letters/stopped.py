"""The one way the press says no: a plain Indonesian sentence, never a trace."""


class PressStopped(Exception):
    """Printing was refused; the sentence says what is wrong and what to do."""

    @property
    def sentence(self) -> str:
        return str(self.args[0]) if self.args else "Pencetakan berhenti."
