"""A village's own page: where it stands, the one next step, its papers and its evidence."""

from flask import Blueprint, render_template

from .. import clock
from ..access import needs
from ..db import db
from ..history import newest_event
from ..models.corrections import open_requests
from ..models.overview import early_step, next_step, papers_of, standing, village_at_home

bp = Blueprint("home", __name__)


@bp.get("/rumah")
@needs("home.see")
def show():
    """The page that a village head opens on his phone."""
    village, agreement = village_at_home(db.session, clock.today())
    place = standing(village, agreement, clock.today())
    steps = {"step": next_step(place), "early": early_step(place), "last": newest_event(db.session, agreement) if agreement else None}
    papers, asked = papers_of(agreement) if agreement else [], open_requests(db.session, clock.now())
    return render_template("home/show.html", village=village, agreement=agreement, standing=place, papers=papers, asked=asked, **steps)
