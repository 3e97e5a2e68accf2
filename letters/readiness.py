"""Whether this machine can print at all: one sentence and remedy for each thing that lacks."""

from letters.printing import FONTS
from letters.stopped import PressStopped


def remedies() -> tuple[str, ...]:
    """Empty when all is well; for the doctor and the readiness page."""
    try:
        from letters import typesetting
    except OSError:
        return ("Pustaka Pango tidak ditemukan: pasang paket libpangoft2-1.0-0 dan libharfbuzz-subset0.",)
    found = [] if typesetting.quick_subsets() else [
        "Pustaka HarfBuzz-subset tidak ditemukan, pencetakan jauh lebih lambat: pasang paket libharfbuzz-subset0."]
    for font in FONTS.values():
        try:
            typesetting.lay_out(f"<title>Uji</title><style>html{{font-family:'{font}'}}</style><p>Uji", font, archival=False)
        except PressStopped as stopped:
            found.append(stopped.sentence)
    return tuple(found)
