"""The scene of the permission matrix: one of each thing, and whose it is.

南关厢 is 陈站长's station in 硖石街道, 许村 is 程站长's in 许村镇. City rounds are 范科长's,
with 社立方 (欧经理) for their operator; those of 许村 are 许主任's, without one.
恩泽社 is 恩老师's and 恩晓's; 半日闲 is 潘队长's, with 社立方 for its host; `body` is an invented
group that nobody of the cast belongs to.
"""

from dataclasses import dataclass, field
from typing import Any

from config.demo.cast import Cast, bring_in_cast
from tests.cast import make_places
from tests.scene import activities, checks, presence
from tests.scene.awards import decisions_of_the_scene, reviews_of_the_scene
from tests.scene.books import books_of_the_scene
from tests.scene.calls import calls_of_the_scene
from tests.scene.defences import defences_of_the_scene, forms_of_defences
from tests.scene.forms import forms as forms_of_forms
from tests.scene.forms import forms_of_the_scene
from tests.scene.hours import orders_of_the_scene, records_of_the_scene
from tests.scene.needs import forms as forms_of_needs
from tests.scene.needs import needs_of_the_scene
from tests.scene.people import offices_of_the_scene, people_of_the_scene
from tests.scene.phases import forms_of_phases, phases_of_the_scene
from tests.scene.posts import forms as forms_of_posts
from tests.scene.proposals import forms as forms_of_proposals
from tests.scene.proposals import proposals_of_the_scene
from tests.scene.recognition import recognition_of_the_scene
from tests.scene.reviewers import forms_of_reviewers, reviewers_of_the_scene
from tests.scene.selections import forms as forms_of_selections
from tests.scene.timetable import forms as forms_of_timetable


@dataclass(frozen=True)
class Scene:
    """The cast; what fills an address, by thing; what a POST sends, by form."""

    cast: Cast
    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    forms: dict[str, dict[str, Any]] = field(default_factory=dict)


def build_scene() -> Scene:
    """One of each thing, through the services that make them."""
    make_places()
    cast = bring_in_cast()
    things: dict[str, dict[str, Any]] = {"-": {}}
    for part in (
        people_of_the_scene,
        offices_of_the_scene,
        records_of_the_scene,
        orders_of_the_scene,
        calls_of_the_scene,
        reviews_of_the_scene,
        decisions_of_the_scene,
        activities.activities,
        presence.presence_of_the_scene,
        books_of_the_scene,
        recognition_of_the_scene,
        checks.checks_of_the_scene,
        needs_of_the_scene,
        reviewers_of_the_scene,
        defences_of_the_scene,
        phases_of_the_scene,
        proposals_of_the_scene,
        forms_of_the_scene,
    ):
        things |= dict(part(cast))
    return Scene(
        cast,
        things,
        _apart(
            forms_of_posts(cast),
            activities.forms(),
            checks.forms(),
            presence.forms(),
            forms_of_needs(),
            forms_of_reviewers(cast),
            forms_of_defences(),
            forms_of_phases(),
            forms_of_proposals(cast),
            forms_of_selections(cast),
            forms_of_timetable(cast),
            forms_of_forms(),
        ),
    )


def _apart(*parts: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """All forms as one; none may hide another of its name."""
    whole: dict[str, dict[str, Any]] = {}
    for part in parts:
        assert not whole.keys() & part.keys(), f"forms twice: {whole.keys() & part.keys()}"
        whole |= part
    return whole
