"""The honour board as things to put up: a poster to print, a picture to share in chats."""

import io
from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

from accounts.services.papers import FONTS, typeset
from accounts.templatetags.kit import day, hours
from timebank.selectors.honours import Thanked

POSTER = "timebank/papers/honour_poster.typ"
WIDTH = 1080
LINE = 84
IN_PICTURE = 12
TEAL, INK, SOFT, PAPER = "#0b5f5d", "#12211f", "#5f6b67", "#fffdf8"


def honour_poster(rows: Sequence[Thanked], *, title: str, today: object) -> bytes:
    """A4, to be read from two steps away."""
    return typeset(
        POSTER,
        {
            "title": _("积德榜"),
            "subtitle": title,
            "rows": [[row.name, hours(row.minutes)] for row in rows],
            "none": _("还没有人选择上榜。"),
            "notes": _notes(),
            "foot": _("%(site)s · %(day)s 制作 · %(link)s")
            % {"site": settings.SITE_NAME, "day": day(today), "link": _link()},  # type: ignore[arg-type]
        },
    )


def honour_picture(rows: Sequence[Thanked], *, title: str) -> bytes:
    """A PNG in the width of a phone's screen, drawn with the product's own fonts."""
    shown = rows[:IN_PICTURE]
    height = 300 + LINE * max(len(shown), 1) + 150
    image = Image.new("RGB", (WIDTH, height), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH, 230), fill=TEAL)
    draw.text((64, 46), _("积德榜"), font=_font(88), fill="white")
    draw.text((66, 160), title, font=_font(36), fill="white")
    top = 270
    if not shown:
        draw.text((64, top), _("还没有人选择上榜。"), font=_font(40), fill=SOFT)
    for row in shown:
        draw.text((64, top), row.name, font=_font(46), fill=INK)
        draw.text((WIDTH - 64, top), hours(row.minutes), font=_font(46), fill=TEAL, anchor="ra")
        draw.line((64, top + 70, WIDTH - 64, top + 70), fill="#e1ddd0", width=2)
        top += LINE
    draw.text((64, height - 120), _notes()[0], font=_font(28), fill=SOFT)
    draw.text((64, height - 72), _link(), font=_font(28), fill=SOFT)
    held = io.BytesIO()
    image.save(held, "PNG", optimize=True)
    return held.getvalue()


def _notes() -> list[str]:
    return [
        _("本人同意才上榜，姓名只显示一部分；一天最多计 8 小时。"),
        _("感谢每一位邻里，也感谢没有上榜的人。"),
    ]


def _link() -> str:
    return f"{settings.PUBLIC_ADDRESS}{reverse('timebank:honour')}"


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / "NotoSansSC-Regular.otf"), size)
