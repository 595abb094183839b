"""What stands beside the proposals of the open city round: a partner, a named initiator, a move to
another round offered, a question answered with a file."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import Organisation, Person
from accounts.models.people import IdentityCheck
from config.demo.applicants import Applicant
from config.demo.cast import Cast
from ventures.models import Proposal, Round
from ventures.services.answers import add_answer_file
from ventures.services.drafts import DraftText, begin_own_proposal, save_draft
from ventures.services.partners import agree_to_join, ask_partner
from ventures.services.transfers import offer_transfer

WITH_A_FILE = "q6"


def load_around(
    cast: Cast,
    city: Round,
    community: Round,
    filed: dict[str, Proposal],
    applicants: dict[str, Applicant],
) -> None:
    """`filed` by the data's number: a draft, and two that were handed in."""
    _partner_and_file(filed["QC2027-S-0012"], applicants)
    offer_transfer(
        filed["QC2027-S-0023"],
        community,
        reason="活动都在一个社区，金额也小，报社区微项目一页纸就够（演示）",
        acting_user=cast.people["fan"],
    )
    _initiator(cast, city, applicants)


def _partner_and_file(draft: Proposal, applicants: dict[str, Applicant]) -> None:
    """To a proposal still being written: one body agreed, one was asked, a page is added."""
    first, second, own = applicants["O5"], applicants["O7"], applicants["O2"]
    place = draft.communities.first() or draft.round.region
    parts = (("招募和培训志愿者", first), ("借用活动室", second))
    partners = [
        ask_partner(draft, one.organisation, region=place, part=part, acting_user=own.manager)
        for part, one in parts
    ]
    agree_to_join(partners[0], acting_user=first.manager)
    page = io.BytesIO()
    Image.new("RGB", (600, 840), "white").save(page, "PDF")
    upload = SimpleUploadedFile("企业同意书（演示）.pdf", page.getvalue(), "application/pdf")
    add_answer_file(draft, WITH_A_FILE, upload, acting_user=own.manager)


def _initiator(cast: Cast, city: Round, applicants: dict[str, Applicant]) -> None:
    """安安, whose name was checked, begins in her own name, paid through a registered body."""
    anan, host = cast.people["anan"], applicants["O1"]
    person, _is_new = Person.objects.get_or_create(
        user=anan, defaults={"real_name": anan.display_name}
    )
    if not IdentityCheck.objects.filter(person=person).exists():
        IdentityCheck.objects.create(
            person=person, method="document", checked_by=cast.people["chen"]
        )
    assert host.organisation.kind != Organisation.Kind.FILED, "a host is registered"
    draft = begin_own_proposal(city, host.organisation, acting_user=anan)
    values = {"title": "放学后的半小时", "need_from": "小区群里 26 位家长说放学到下班没人看。"}
    save_draft(draft, DraftText(values=values), revision=draft.revision, acting_user=anan)
