"""/verify/: where the chain of each book stands, for everyone, and how to check it oneself."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

import timebank
from timebank.models.ledger import Unit
from timebank.services.sealing import heads_now, published_heads

HISTORY = 30
VERIFIER = Path(timebank.__file__).parent / "standalone" / "verify_book.py"


@login_not_required
@require_GET
def heads(request: HttpRequest) -> HttpResponse:
    """The heads in plain words: what they are, why copies of them matter, how to verify."""
    return render(
        request,
        "timebank/verify/heads.html",
        {
            "groups": _by_unit([asdict(head) for head in heads_now()]),
            "published": _by_unit(
                row | {"at": datetime.fromisoformat(str(row["at"]))}
                for row in reversed(published_heads()[-HISTORY:])
            ),
        },
    )


def _by_unit(heads: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    """Books of time and books of money, apart; a group without a book is left out."""
    every = list(heads)
    groups = (
        (_("时间银行的账"), [one for one in every if one["unit"] != Unit.FEN]),
        (_("公益创投的资金账"), [one for one in every if one["unit"] == Unit.FEN]),
    )
    return [{"title": title, "heads": found} for title, found in groups if found]


@login_not_required
@require_GET
def heads_json(request: HttpRequest) -> JsonResponse:
    """The heads as they stand and every head ever published, oldest first, for machines."""
    return JsonResponse(
        {"now": [asdict(head) for head in heads_now()], "published": list(published_heads())},
        json_dumps_params={"ensure_ascii": False},
    )


@login_not_required
@require_GET
def verifier(request: HttpRequest) -> FileResponse:
    """The stand-alone program: one file, to be read before it is run."""
    return FileResponse(
        VERIFIER.open("rb"),
        as_attachment=True,
        filename=VERIFIER.name,
        content_type="text/x-python; charset=utf-8",
    )
