"""The people a demo may be entered as, drawn where one signs in."""

from typing import Any

from django import template
from django.template import Context

from accounts.selectors.people import demo_people as people_of_the_demo

register = template.Library()


@register.inclusion_tag("accounts/demo/_sign_in.html", takes_context=True)
def demo_people(context: Context) -> dict[str, Any]:
    """A list with role and place; one click signs in. The page asks for it in demo mode only."""
    return {"people": people_of_the_demo(), "request": context.get("request")} | {
        "csrf_token": context.get("csrf_token")
    }
