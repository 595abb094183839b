"""People named on pasted lines by their numbers: only those the reader looks after."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Role, User
from accounts.phone_numbers import normalised_phone
from accounts.rules import organisations_of
from accounts.selectors.people import people_looked_after_by


def people_of_lines(lines: str, *, looked_after_by: User) -> list[User]:
    """Everybody named by a number, once, in the order written; whom nobody here knows is named
    back. Members of the reader's own organisations count as known."""
    wanted: dict[str, str] = {}
    unknown = []
    for line in filter(None, map(str.strip, lines.splitlines())):
        found = re.search(r"1\d{10}", line.replace(" ", ""))
        if found is None:
            unknown.append(line)
        else:
            wanted.setdefault(normalised_phone(found.group()), line)
    own = Role.objects.active().filter(organisation__in=organisations_of(looked_after_by))
    members = User.objects.filter(pk__in=own.values("user"))
    known = {
        person.phone: person
        for people in (people_looked_after_by(looked_after_by), members)
        for person in people.filter(phone__in=wanted)
    }
    unknown += [line for phone, line in wanted.items() if phone not in known]
    if unknown:
        raise ValidationError(
            _("没有找到：%(who)s。请核对手机号。") % {"who": _("；").join(unknown[:5])}
        )
    if not wanted:
        raise ValidationError(_("请粘贴名单，每行写上手机号。"))
    return [known[phone] for phone in wanted]
