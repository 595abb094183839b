"""The people of our stories, for the demo and the tests alike.

Everyone here is invented. Phone numbers start with 100, which no Chinese number does; credit codes
pass the outer check of GB 32100 and fail the inner one of GB 11714, so they can belong to nobody.
"""

from dataclasses import dataclass, field
from datetime import date

from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import Organisation, Person, Region, Role, Station, User
from accounts.services.roles import grant_role
from accounts.services.system_user import the_product as system_user

Kind = Role.Kind

HAINING = "330481000000"
XIASHI = "330481001000"
NANGUANXIANG = "330481001007"
DONGSHAN = "330481001003"
XUCUN = "330481101000"
XIEQIAO = "330481107000"


@dataclass(frozen=True)
class Duty:
    """One role of a person: the kind and the key of what it is bound to."""

    kind: str
    region: str = ""
    station: str = ""
    organisation: str = ""


@dataclass(frozen=True)
class Character:
    """One person: a key, a name, how they are introduced, what they do."""

    key: str
    name: str
    line: str
    duties: tuple[Duty, ...]
    born_on: date | None = None
    gender: str = Person.Gender.FEMALE
    home: str = NANGUANXIANG
    real_name: str = ""


@dataclass(frozen=True)
class Body:
    """An organisation of the stories."""

    key: str
    name: str
    kind: str
    region: str
    credit_code: str | None = None
    host: str = ""
    filing_number: str = ""
    rating: str = ""
    contact: str = ""
    founded_on: date = date(2020, 5, 1)
    is_operator: bool = False


@dataclass
class Cast:
    """Everyone and everything by key, as rows."""

    people: dict[str, User] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    stations: dict[str, Station] = field(default_factory=dict)

    def __getattr__(self, key: str) -> User:
        try:
            people: dict[str, User] = self.__dict__["people"]
            return people[key]
        except KeyError:
            raise AttributeError(key) from None


BODIES = (
    Body(
        "shelifang",
        "社立方支持中心",
        Organisation.Kind.SERVICE,
        HAINING,
        credit_code="52330481MJ0000158B",
        rating="4A",
        contact="欧经理",
        founded_on=date(2016, 4, 1),
        is_operator=True,
    ),
    Body(
        "enze",
        "恩泽社区服务社",
        Organisation.Kind.SERVICE,
        XIASHI,
        credit_code="52330481MJ00001741",
        rating="2A",
        contact="恩老师",
    ),
    Body(
        "banrixian",
        "半日闲为老服务队",
        Organisation.Kind.FILED,
        NANGUANXIANG,
        host="shelifang",
        filing_number="备-硖石-演示-007",
        contact="潘队长",
        founded_on=date(2022, 9, 1),
    ),
)

STATIONS = (
    ("nanguanxiang", "南关厢时间银行服务站", NANGUANXIANG),
    ("xucun", "许村时间银行服务站", XUCUN),
)

CHARACTERS = (
    Character(
        "anan",
        "安安",
        "志愿者，会理发，周末常来南关厢",
        (Duty(Kind.VOLUNTEER, region=NANGUANXIANG),),
        born_on=date(1996, 4, 12),
    ),
    Character(
        "zhu",
        "诸阿姨",
        "68 岁志愿者，用旧手机，喜欢大字版",
        (Duty(Kind.VOLUNTEER, region=DONGSHAN),),
        born_on=date(1958, 2, 3),
        home=DONGSHAN,
    ),
    Character(
        "baijia",
        "白佳",
        "白奶奶的孙女，替奶奶申请服务，自己也做志愿者",
        (
            Duty(Kind.PROXY, region=NANGUANXIANG),
            Duty(Kind.VOLUNTEER, region=NANGUANXIANG),
        ),
        born_on=date(2001, 9, 9),
    ),
    Character(
        "fang",
        "方爷爷",
        "服务对象，攒过时间，现在换服务",
        (
            Duty(Kind.RECIPIENT, region=NANGUANXIANG),
            Duty(Kind.VOLUNTEER, region=NANGUANXIANG),
        ),
        born_on=date(1949, 12, 1),
        gender=Person.Gender.MALE,
    ),
    Character(
        "chen",
        "陈站长",
        "南关厢服务站站长，一个人管一个站",
        (Duty(Kind.COORDINATOR, station="nanguanxiang"),),
        born_on=date(1979, 6, 6),
    ),
    Character(
        "cheng",
        "程站长",
        "许村服务站站长",
        (Duty(Kind.COORDINATOR, station="xucun"),),
        born_on=date(1983, 3, 15),
        gender=Person.Gender.MALE,
        home=XUCUN,
    ),
    Character(
        "xia",
        "夏社工",
        "南关厢社区社工，窗口、走访、项目都做",
        (Duty(Kind.COMMUNITY_WORKER, region=NANGUANXIANG),),
    ),
    Character(
        "dai",
        "戴社工",
        "带队社工，活动负责人",
        (Duty(Kind.LEAD_WORKER, region=XIASHI),),
    ),
    Character(
        "en",
        "恩老师",
        "恩泽社负责人，两个人的机构",
        (Duty(Kind.MANAGER, organisation="enze"),),
    ),
    Character(
        "enxiao",
        "恩晓",
        "恩泽社成员，写申报书",
        (Duty(Kind.MEMBER, organisation="enze"),),
    ),
    Character(
        "pan",
        "潘队长",
        "半日闲为老服务队（备案组织）负责人",
        (Duty(Kind.MANAGER, organisation="banrixian"),),
        born_on=date(1961, 8, 20),
    ),
    Character(
        "ou",
        "欧经理",
        "承办单位社立方的项目主管",
        (Duty(Kind.OPERATOR, organisation="shelifang"),),
        gender=Person.Gender.MALE,
    ),
    Character(
        "fan",
        "范科长",
        "市级经办人，主持市级创投",
        (Duty(Kind.OFFICER, region=HAINING),),
        gender=Person.Gender.MALE,
    ),
    Character(
        "xu",
        "许主任",
        "许村镇经办人，主持镇级微创投",
        (Duty(Kind.OFFICER, region=XUCUN),),
        home=XUCUN,
    ),
    Character(
        "ding",
        "丁老师",
        "评委，高校社会工作系副教授",
        (Duty(Kind.REVIEWER, region=HAINING),),
    ),
    Character("shen", "沈会计师", "评委，注册会计师", (Duty(Kind.REVIEWER, region=HAINING),)),
    Character("lu", "陆总干事", "评委，高级社会工作师", (Duty(Kind.REVIEWER, region=HAINING),)),
    Character(
        "gu",
        "顾书记",
        "评委，退休社区书记",
        (Duty(Kind.REVIEWER, region=HAINING),),
        gender=Person.Gender.MALE,
    ),
    Character(
        "qian",
        "钱老师",
        "评委，慈善组织项目官员",
        (Duty(Kind.REVIEWER, region=HAINING),),
    ),
    Character(
        "fu",
        "傅老师",
        "辅导人，教备案组织写申报书",
        (Duty(Kind.COACH, region=HAINING),),
    ),
    Character("jin", "金会计", "财务，拨款与对账", (Duty(Kind.FINANCE, region=HAINING),)),
    Character(
        "guan",
        "关大爷",
        "村（居）务监督委员会监督员",
        (Duty(Kind.OBSERVER, region=HAINING),),
        gender=Person.Gender.MALE,
    ),
    Character("shu", "舒审计", "审计人员，什么都能看", (Duty(Kind.AUDITOR, region=HAINING),)),
    Character(
        "guo",
        "郭工",
        "系统管理员",
        (Duty(Kind.ADMINISTRATOR, region=HAINING),),
        gender=Person.Gender.MALE,
    ),
)

# Whom the demo needs besides: a second officer of the city, because a call is published by two, and
# an applicant who was not awarded.
COLLEAGUES = (
    Character(
        "wen",
        "闻副局长",
        "市级审核人，范科长拟的征集公告由她审核发布",
        (Duty(Kind.OFFICER, region=HAINING),),
    ),
    Character(
        "deng",
        "邓社长",
        "灯影乡音文艺社负责人，秋季微项目钱不够没轮到，提了异议",
        (),  # acts for a body that comes with the applicants
        home=XIEQIAO,
    ),
)
TO_SIGN_IN = (*CHARACTERS, *COLLEAGUES)

# 白奶奶 has no telephone that could sign in: the station orders for her.
GRANDMOTHER = ("bai", "白秀英", date(1938, 1, 28), NANGUANXIANG)


def phone_of(place: int) -> str:
    """An 11-digit number starting with 100, in E.164: real in form, nobody's in fact."""
    return f"+86100{place:08d}"


def bring_in_cast(cast: Cast | None = None) -> Cast:
    """Make everyone, once; regions must be loaded. Called again, it finds what is there."""
    cast = cast or Cast()
    acting = system_user()
    cast.people["system"] = acting
    regions = _regions(CHARACTERS)
    for body in BODIES:
        cast.organisations[body.key] = _bring_in_body(body, cast, regions)
    for key, name, code in STATIONS:
        cast.stations[key], _new = Station.objects.get_or_create(
            name=name,
            region=regions[code],
            defaults={
                "is_pilot": True,
                "phone": "100-0000-0000",
                "address": f"{regions[code]}",
            },
        )
    for place, character in enumerate(CHARACTERS, start=1):
        cast.people[character.key] = _bring_in(character, place, cast, regions, acting)
    key, name, born_on, code = GRANDMOTHER
    cast.persons[key], _new = Person.objects.get_or_create(
        real_name=name,
        born_on=born_on,
        defaults={
            "gender": Person.Gender.FEMALE,
            "region": regions[code],
            "has_smartphone": False,
            "address": "南关厢 12 号",
            "phone": phone_of(99),
            "is_demo": True,
        },
    )
    return cast


def bring_in_colleagues(cast: Cast) -> None:
    """Those who are in the demo only; `bring_in_cast` comes first."""
    regions = _regions(TO_SIGN_IN)
    for place, character in enumerate(COLLEAGUES, start=len(CHARACTERS) + 1):
        cast.people[character.key] = _bring_in(
            character, place, cast, regions, cast.people["system"]
        )


def _regions(people: tuple[Character, ...]) -> dict[str, Region]:
    codes = {body.region for body in BODIES} | {code for *_rest, code in STATIONS}
    codes |= {character.home for character in people} | {GRANDMOTHER[3]}
    codes |= {duty.region for character in people for duty in character.duties if duty.region}
    found = {region.code: region for region in Region.objects.current().filter(code__in=codes)}
    missing = codes - found.keys()
    assert not missing, f"regions are loaded before the cast: {sorted(missing)}"
    return found


def _bring_in_body(body: Body, cast: Cast, regions: dict[str, Region]) -> Organisation:
    organisation, _is_new = Organisation.objects.get_or_create(
        name=body.name,
        defaults={
            "kind": body.kind,
            "credit_code": body.credit_code,
            "host": cast.organisations.get(body.host),
            "hosting_agreed_at": timezone.now() if body.host else None,
            "filing_number": body.filing_number,
            "rating": body.rating,
            "contact_name": body.contact,
            "contact_phone": "100-0000-0000",
            "founded_on": body.founded_on,
            "region": regions[body.region],
            "is_operator": body.is_operator,
            "is_demo": True,
            "state": Organisation.State.VERIFIED,
            "verified_at": timezone.now(),
        },
    )
    return organisation


def _bring_in(
    character: Character,
    place: int,
    cast: Cast,
    regions: dict[str, Region],
    acting: User,
) -> User:
    user = User.objects.filter(phone=phone_of(place)).first()
    if user is None:
        user = User.objects.create_user(
            display_name=character.name,
            phone=phone_of(place),
            email=f"{character.key}@demo.invalid",
            phone_verified=True,
            email_verified=True,
            home_region=regions[character.home],
            is_demo=True,
        )
        EmailAddress.objects.create(
            user=user, email=f"{character.key}@demo.invalid", verified=True, primary=True
        )
        Person.objects.create(
            user=user,
            real_name=character.real_name or character.name,
            gender=character.gender,
            born_on=character.born_on,
            phone=user.phone or "",
            region=regions[character.home],
            is_demo=True,
        )
    for duty in character.duties:
        grant_role(
            user,
            duty.kind,
            region=regions.get(duty.region),
            station=cast.stations.get(duty.station),
            organisation=cast.organisations.get(duty.organisation),
            acting_user=acting,
        )
    return user
