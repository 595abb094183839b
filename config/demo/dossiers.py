"""The demo's volunteers' records beyond service: training and awards, history from 志愿浙江, a
batch for the provincial system, a weighed kind of service. Everything invented."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.models import Consent, User
from config.demo.cast import Cast
from timebank.models import DossierEntry, HistoryImport, ServiceRecord, ServiceType, TimeBank
from timebank.services.catalogue import set_coefficient
from timebank.services.dossier import Told, decide_entry, enter
from timebank.services.exchange import make_exchange, reconcile_exchange
from timebank.services.history import approve_history, bring_history, carry_on, propose_history
from timebank.services.record_decisions import confirm_record
from timebank.services.records import Service, submit_record

Kind = DossierEntry.Kind
HEADS = [
    "姓名", "手机号码", "志愿者编号", "活动名称", "服务类别", "活动地点",
    "发布组织", "活动负责人", "签到时间", "签退时间", "服务时长(小时)",
]  # fmt: skip
BEFORE_THE_BANK = 1_000  # days ago: what was served before the bank opened
ALLOWING = 30


def load_dossiers(cast: Cast, bank: TimeBank, volunteers: list[User], *, today: date) -> None:
    _weighed(cast, bank, today)
    _trainings(cast, today)
    _history(cast, volunteers[:6], today)
    _exchange(cast, bank, volunteers[:ALLOWING], today)


def _weighed(cast: Cast, bank: TimeBank, today: date) -> None:
    """An escort to hospital weighs 1.2 since three days ago; 安安 has been on one."""
    escort = ServiceType.objects.get(code="S02")
    set_coefficient(
        bank,
        escort,
        hundredths=120,
        starts_on=today - timedelta(days=3),
        basis="海宁时间银行服务目录（演示）",
        acting_user=cast.people["system"],
    )
    own = ServiceRecord.objects.of_volunteer(cast.anan).standing()
    for back in (1, 2, 3):
        day = today - timedelta(days=back)
        started_at = _at(day, 13)
        if own.overlapping(_at(day, 0), _at(day, 23)).exists():
            continue
        service = Service(
            station=cast.stations["nanguanxiang"],
            service_type=escort,
            what="陪方爷爷复诊",
            place="市人民医院（演示）",
            for_whom="方爷爷",
            started_at=started_at,
            ended_at=started_at + timedelta(minutes=150),
        )
        record = submit_record(cast.anan, service, acting_user=cast.anan)
        confirm_record(record, word="打电话问过方爷爷，陪了一上午", acting_user=cast.chen)
        return


def _trainings(cast: Cast, today: date) -> None:
    """安安's first aid, checked by her; an award of hers that waits for the station."""
    first_aid = Told(
        kind=Kind.TRAINING,
        title="应急救护培训",
        content="心肺复苏、包扎、气道异物梗阻",
        minutes=240,
        body="市红十字会（演示）",
        held_on=today - timedelta(days=200),
    )
    for person in (cast.anan, cast.people["baijia"]):
        entry = enter(person, first_aid, acting_user=cast.chen)
        decide_entry(entry, "confirm", acting_user=person)
    escort = Told(
        kind=Kind.TRAINING,
        title="陪诊志愿者培训",
        content="挂号、取药、和家属交接",
        minutes=240,
        body="南关厢时间银行服务站",
        held_on=today - timedelta(days=40),
    )
    enter(cast.people["baijia"], escort, acting_user=cast.chen)
    kind_neighbour = Told(
        kind=Kind.COMMENDATION,
        title="年度热心邻里",
        body="南关厢社区（演示）",
        held_on=today - timedelta(days=120),
    )
    entry = enter(cast.anan, kind_neighbour, acting_user=cast.anan)
    decide_entry(entry, "confirm", acting_user=cast.chen)
    star = Told(
        kind=Kind.COMMENDATION,
        title="优秀志愿者",
        body="硖石街道（演示）",
        held_on=today - timedelta(days=20),
    )
    enter(cast.anan, star, acting_user=cast.anan)


def _history(cast: Cast, people: list[User], today: date) -> None:
    """One file taken in, one that waits for 范科长, one with rows to put right."""
    table = [HEADS]
    for place, person in enumerate([cast.anan, *people]):
        for number in range(2):
            day = today - timedelta(days=BEFORE_THE_BANK + 7 * place + number)
            table.append(_row(person, day, "河道巡护", 9, "2.5"))
    history = _brought(cast, table, "志愿浙江导出-2023.csv", "demo-history-1")
    propose_history(history, reason="平台开办前的服务记录", acting_user=cast.chen)
    approve_history(history, acting_user=cast.people["guo"])
    carry_on(history.pk)
    missed = today - timedelta(days=BEFORE_THE_BANK + 60)
    more = [HEADS, *(_row(one, missed, "便民服务日", 8, "3") for one in people)]
    waiting = _brought(cast, more, "志愿浙江导出-补充.csv", "demo-history-2")
    propose_history(waiting, reason="漏导的一天", acting_user=cast.chen)
    faulty = [
        HEADS,
        _row(people[0], today - timedelta(days=BEFORE_THE_BANK + 90), "急救培训", 9, "4"),
        _row(people[1], today - timedelta(days=BEFORE_THE_BANK + 90), "巡河", 9, "两小时"),
    ]
    _brought(cast, faulty, "台账-待改.csv", "demo-history-3")
    strange = [
        ["志愿者（全名）", "手机", "参加的项目", "志愿时间", "时长（小时）"],
        [
            people[2].display_name,
            (people[2].phone or "").removeprefix("+86"),
            "巡河",
            f"{today - timedelta(days=BEFORE_THE_BANK + 91):%Y-%m-%d}",
            "2",
        ],
    ]
    _brought(cast, strange, "别处的台账.csv", "demo-history-4")


def _row(person: User, day: date, what: str, hour: int, hours: str) -> list[str]:
    phone = (person.phone or "").removeprefix("+86")
    start = f"{day:%Y-%m-%d} {hour:02d}:00"
    return [
        person.display_name, phone, "", what, "社区公益", "硖石街道（演示）",
        "示范志愿服务队", "队长", start, "", hours,
    ]  # fmt: skip


def _brought(cast: Cast, table: list[list[str]], name: str, digest: str) -> HistoryImport:
    station = cast.stations["nanguanxiang"]
    history = bring_history(station, table, file_name=name, digest=digest, acting_user=cast.chen)
    return carry_on(history.pk)


def _exchange(cast: Cast, bank: TimeBank, volunteers: list[User], today: date) -> None:
    """Thirty people allow it; a month was sent, one record came back."""
    Consent.objects.bulk_create(
        [
            Consent(user=person, purpose=Consent.Purpose.EXCHANGE, recorded_by=person)
            for person in (cast.anan, *volunteers)
        ],
        ignore_conflicts=True,
    )
    since, until = today - timedelta(days=90), today - timedelta(days=30)
    batch = make_exchange(bank, since=since, until=until, acting_user=cast.people["fan"])
    number = batch.lines.select_related("record").order_by("id")[0].record.number
    reconcile_exchange(
        batch, rejected={number: "活动负责人与备案不符"}, acting_user=cast.people["fan"]
    )
    make_exchange(
        bank, since=today - timedelta(days=30), until=today, acting_user=cast.people["fan"]
    )


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
