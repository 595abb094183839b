"""What the stations invite to: past months, coming weeks, the bus that goes to the villages.

What the cast does goes through the services people use; the crowd's seats are written in bulk.
Dates move with the day the demo is loaded, so the weekend is always the next one.
"""

from datetime import date
from random import Random

from config.demo.activity_regulars import (
    CLEANING,
    HAIRCUTS,
    PHONES,
    ideas_of,
    many_shifts,
    regular_activity,
)
from config.demo.activity_rows import Crowd, Scene
from config.demo.activity_stories import tell_stories
from config.demo.cast import Cast
from config.demo.timebank import Settled
from config.demo.volunteers import SEED
from timebank.models import ServiceType


def load_activities(cast: Cast, settled: Settled, *, today: date) -> None:
    """Every pilot station's regulars, then what the cast finds when they sign in."""
    crowd = Crowd(settled, Random(SEED + 11))
    types = {row.code: row for row in ServiceType.objects.active()}
    for number, place in enumerate(settled.places[:12]):
        leader = settled.coordinators[place.station.pk]
        ideas = (CLEANING, PHONES, HAIRCUTS) if number == 0 else ideas_of(number)
        for idea in ideas:
            activity = regular_activity(idea, place, leader, types, today)
            many_shifts(activity, idea, crowd, place, today)
    scene = Scene(cast, settled, types, crowd, today)
    tell_stories(scene)
