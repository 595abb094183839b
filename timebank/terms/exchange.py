"""Which data elements a record is given with to the national or provincial system: a draft.

The target is GB/T 42081-2022《志愿服务基本数据元》. Its list of elements and their identifiers
could not be read, so the keys are our own and the mapping is a draft: nobody may take it for the
standard. A new mapping is a new row with the day it begins; each batch keeps its version.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from timebank.terms.dated import in_force

STANDARD = "GB/T 42081-2022"
ART_5 = _("民政部令第67号第五条")
ART_7 = _("民政部令第67号第七条")


@dataclass(frozen=True, slots=True)
class Element:
    """One data element: our key, its Chinese name, where the law asks for it."""

    key: str
    name: str | Promise
    basis: str | Promise


@dataclass(frozen=True, slots=True)
class Mapping:
    """The elements of a record, from a day on."""

    since: date
    version: str
    elements: tuple[Element, ...]


MAPPINGS = (
    Mapping(
        since=date(2024, 1, 1),
        version="draft-1",
        elements=(
            Element("record_number", _("服务记录编号"), ""),
            Element("operation", _("操作"), ""),
            Element("volunteer_number", _("志愿者编号"), "MZ/T 061-2015"),
            Element("volunteer_name", _("姓名"), ART_5),
            Element("volunteer_gender", _("性别"), ART_5),
            Element("volunteer_region", _("居住区域"), ART_5),
            Element("activity_name", _("活动名称"), ART_7),
            Element("service_group", _("服务类别"), ART_5),
            Element("service_content", _("服务内容"), ART_7),
            Element("service_place", _("服务地点"), ART_7),
            Element("started_at", _("开始时间"), ART_7),
            Element("ended_at", _("结束时间"), ART_7),
            Element("service_hours", _("服务时间（小时）"), ART_7),
            Element("organiser", _("活动组织单位"), ART_7),
            Element("led_by", _("活动负责人"), ART_7),
            Element("provenance", _("记录来源"), ""),
        ),
    ),
)


def mapping_on(day: date) -> Mapping:
    """The mapping in force on a day; before the first one, the first."""
    return in_force(MAPPINGS, day)


def mapping_of(version: str) -> Mapping:
    """The mapping a batch was made with."""
    return next(mapping for mapping in MAPPINGS if mapping.version == version)
