"""What a POST sends, by form: people, hours, calls, reviews and awards."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import (
    Membership,
    Region,
)
from config.demo.cast import XIASHI, Cast
from ventures.models import (
    Recusal,
)


def forms(cast: Cast) -> dict[str, dict[str, Any]]:
    """What a person who fills a form in well sends."""
    today = timezone.localdate()
    reason = {"reason": "与登记表核对后写明的理由"}
    return {
        "reason": reason,
        "csv": {"format": "csv"},
        "role_of_anan": {"role": cast.anan.roles.get().pk},
        "person_anan": {"person": cast.anan.pk},
        "profile": {"display_name": "新的称呼"},
        "allow": {"allow": "yes"},
        "contact": {"contact_name": "恩老师", "contact_phone": "10012345678"},
        "correction": {"name": "半日闲分队", "filing_number": "备-硖石-演示-008"},
        "member_unknown": {"contact": "13900000001", "duty": Membership.Duty.MEMBER},
        "identity": {
            "real_name": "安静",
            "id_number": "11010519491231002X",  # the example of GB 11643-1999
            "method": "document",
            "has_agreed": "on",
        },
        "host": {"host": cast.organisations["shelifang"].pk},
        "notice": {"ends_on": today + timedelta(days=60), "reason": "业务调整"},
        "coach": {
            "contact": "13900000000",
            "region": Region.objects.get(code=XIASHI).pk,
            "starts_on": today,
            "reason": "聘请",
        },
        "list": {"list": "yes"},
        "station": {"name": "东山新站", "address": "一楼"},
        "station_of_xiashi": {
            "name": "东山新站",
            "address": "一楼",
            "region": Region.objects.get(code=XIASHI).pk,
            "serves_now": "no",
        },
        "arrangement": {"document_number": "国办发明电〔2026〕9号"},
        "days": {"first": "2027-02-05", "last": "2027-02-11", "name": "春节", "is_working": "no"},
        "word": {"chinese": "陪诊", "english": "Company to the doctor"},
        "stars": {"stars": "5", "heard": "call_back", "word": "打电话问过，来过"},
        "asked": {"word": "打电话问过，来过"},
        "uphold": reason | {"minutes": 30},
        "stop": reason | {"cause": "other"},
        "extension": reason
        | {"closes_at": (timezone.localtime() + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M")},
        "for_banrixian": {"organisation": cast.organisations["banrixian"].pk},
        "revision": {"revision": 0},
        "older_page": {"revision": 7, "fields": "title", "title": "楼道里的茶"},
        "completion": reason
        | {"marked_fields": ["budget"], "complete_on": today + timedelta(days=5)},
        "remark": {"text": "预算偏高", "audience": "reviewers"},
        "recusal": {"ground": Recusal.Ground.values[0], "words": "曾共事"},
    }
