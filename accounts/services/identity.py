"""Check who someone is (实名核验), and record that we did.

The number itself is never stored: a keyed hash finds the same person again, the last four
characters let people tell two entries apart.
"""

import hashlib
import hmac

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import rules
from accounts.errors import AnotherIdentity, CodeTaken, NotAllowed, NotYourOwn
from accounts.id_numbers import IdNumber
from accounts.models.people import IdentityCheck, Person, User
from accounts.services.changes import record_change
from accounts.services.messages import tell
from accounts.services.regions import pinyin_of


@transaction.atomic
def check_identity(
    user: User, *, real_name: str, id_number: IdNumber, method: str, acting_user: User
) -> IdentityCheck:
    """Note that the person's document was seen: name, birth, gender, hash and last four are kept.

    The same number again only adds the check. The person is told. Refused: to oneself
    (NotYourOwn), to people of other places (NotAllowed), for a number that is already somebody
    else's (CodeTaken), and for another number than that of an earlier check (AnotherIdentity).
    """
    if user.pk == acting_user.pk:
        raise NotYourOwn()
    if not rules.may_check_identity(acting_user, user):
        raise NotAllowed()
    person = _person_of(user, real_name, id_number)
    check = IdentityCheck.objects.create(person=person, method=method, checked_by=acting_user)
    record_change(user, "check_identity", after=method, acting_user=acting_user)
    tell(
        user,
        kind="identity_checked",
        title=lambda: _("您的实名核验已完成"),
        body=lambda: (
            _("%(who)s查验了您的证件。我们只保留证件号后四位。") % {"who": acting_user.display_name}
        ),
        link="/me/",
        key=f"identity-check:{check.pk}",
    )
    return check


def hash_of_id_number(number: str) -> str:
    """A hash that cannot be computed without the product's secret key."""
    key = hashlib.sha256(b"accounts.identity:" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, number.encode(), hashlib.sha256).hexdigest()


def _person_of(user: User, real_name: str, id_number: IdNumber) -> Person:
    id_hash = hash_of_id_number(id_number.number)
    known = Person.objects.select_for_update().filter(user=user, id_hash__isnull=False).first()
    if known is not None:
        if known.id_hash != id_hash:
            raise AnotherIdentity(who=user.display_name)
        return known
    facts = {
        "real_name": real_name,
        "pinyin": pinyin_of(real_name),
        "gender": id_number.gender,
        "born_on": id_number.born_on,
        "id_hash": id_hash,
        "id_last_four": id_number.last_four,
        "region": user.home_region,
    }
    try:
        with transaction.atomic():
            person, _is_new = Person.objects.update_or_create(
                user=user,
                defaults=facts,
                create_defaults=facts | {"phone": user.phone or "", "is_demo": user.is_demo},
            )
    except IntegrityError as clash:
        raise CodeTaken(what=_("这个证件号码")) from clash
    return person
