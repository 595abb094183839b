"""What the permission matrix asks about rounds besides the rounds themselves: one proposed by the
city, one by a town, a programme, a purchase that stands and one taken down, facts and a bar."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Organisation, Region
from config.demo.cast import HAINING, Cast
from tests.factories.ventures import make_colleague, make_programme, publish
from tests.factories.ventures_awards import PDF
from ventures.models import Purchase, Round
from ventures.services.purchases import take_down_purchase
from ventures.services.round_publishing import propose_round
from ventures.services.round_stops import agree_to_stop, ask_stop
from ventures.services.standing import make_bar, record_fact


def rounds_around(
    cast: Cast, city: Callable[[], Round], town: Callable[[], Round]
) -> Iterator[tuple[str, dict[str, Any]]]:
    make_colleague(cast.fan)
    yield "round-proposed", {"code": propose_round(city(), acting_user=cast.fan).code}
    yield "round-proposed-xucun", {"code": propose_round(town(), acting_user=cast.xu).code}
    asked = ask_stop(publish(city()), cause="other", reason="台风", acting_user=cast.fan)
    yield "round-stopping", {"code": asked.round.code}
    yield "stop-asked", {"code": asked.round.code, "pk": asked.pk}
    ended = publish(city())
    agree_to_stop(
        ask_stop(ended, cause="other", reason="台风", acting_user=cast.fan),
        acting_user=make_colleague(cast.fan),
    )
    yield "round-stopped", {"code": ended.code}
    yield "programme", {"code": make_programme().code}
    yield "place-haining", {"place": HAINING}
    haining = Region.objects.get(code=HAINING)
    entry = {
        "region": haining,
        "buyer": "海宁市民政局（演示）",
        "link": "https://example.com/",
        "published_by": cast.fan,
    }
    yield "purchase", {"pk": Purchase.objects.create(name="居家养老服务", **entry).pk}
    past = Purchase.objects.create(name="去年的一项", **entry)
    yield "purchase-past", {"pk": take_down_purchase(past, acting_user=cast.fan).pk}
    enze = cast.organisations["enze"]
    yield "standing-enze", {"pk": enze.pk}
    fact = record_fact(
        enze,
        {"kind": "rating", "rating": 3, "from_on": date(2024, 1, 1), "source": "评估公告"},
        acting_user=cast.fan,
    )
    yield "fact-enze", {"pk": enze.pk, "fact": fact.pk}
    group = Organisation.objects.create(
        name="演示限制申报的队",
        kind=Organisation.Kind.FILED,
        host=cast.organisations["shelifang"],
        region=haining,
    )
    bar = make_bar(
        group,
        region=haining,
        from_on=date(2026, 1, 1),
        until_on=None,
        reason="演示",
        document_number="海民（演示）〔2026〕3 号",
        document=SimpleUploadedFile("决定.pdf", PDF, "application/pdf"),
        acting_user=cast.fan,
    )
    yield "bar-group", {"pk": group.pk, "bar": bar.pk}
