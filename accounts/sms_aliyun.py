"""阿里云短信 (dysmsapi, version 2017-05-25): one signed request per short message.

Spoken to directly: the official SDK brings some ten packages for this one call. The signature is
ACS3-HMAC-SHA256, as the provider documents it. Only approved templates leave, never free text; what
goes wrong is told by the provider's code alone, because the request itself holds sign-in codes.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

import structlog
from django.conf import settings

from accounts.errors import ShortMessageNotSent
from accounts.sms import TEMPLATES

log = structlog.get_logger("accounts.sms")

ALGORITHM = "ACS3-HMAC-SHA256"
SECONDS = 10
# A longer value is refused by the provider (isv.PARAM_LENGTH_LIMIT).
LONGEST_VALUE = 35


class AliyunSms:
    """Sends by template; raises ShortMessageNotSent, whose `problem` is the provider's code."""

    def __init__(self) -> None:
        self.facts: dict[str, Any] = settings.SMS_ALIYUN

    @staticmethod
    def missing() -> list[str]:
        """Names of the environment that are not set, for the system check."""
        facts = settings.SMS_ALIYUN
        names = [f"ALIYUN_SMS_{name.upper()}" for name in ("key_id", "key_secret", "sign_name")]
        lacking = [name for name in names if not facts[name.removeprefix("ALIYUN_SMS_").lower()]]
        templates = [name for name in TEMPLATES if name not in facts["templates"]]
        return lacking + [f"ALIYUN_SMS_TEMPLATES[{name}]" for name in templates]

    def send(self, phone: str, text: str, *, template: str, values: Mapping[str, str]) -> None:
        template_code = self.facts["templates"].get(template)
        if template_code is None:
            raise ShortMessageNotSent(problem=f"no template for {template}")
        answer = self._ask(
            {
                "PhoneNumbers": phone.removeprefix("+86").removeprefix("+"),
                "SignName": self.facts["sign_name"],
                "TemplateCode": template_code,
                "TemplateParam": json.dumps(
                    {name: value[:LONGEST_VALUE] for name, value in values.items()},
                    ensure_ascii=False,
                ),
            }
        )
        if answer.get("Code") != "OK":
            self._refused(str(answer.get("Code", "no code")))

    def _ask(self, parameters: dict[str, str]) -> dict[str, Any]:
        request = self.signed(parameters, now=datetime.now(UTC), nonce=secrets.token_hex(16))
        try:
            with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 — the scheme is checked
                return dict(json.load(answer))
        except (OSError, HTTPException, ValueError) as trouble:
            # Never the exception itself: it knows the address, and the address holds the code.
            problem = _code_in(trouble)
        self._refused(problem)
        raise AssertionError("refused above")

    def signed(self, parameters: Mapping[str, str], *, now: datetime, nonce: str) -> Request:
        """The request with its signature over method, query, headers and body."""
        endpoint = urlsplit(self.facts["endpoint"])
        assert endpoint.scheme in {"https", "http"}, "the endpoint is a web address"
        query = "&".join(f"{_quoted(k)}={_quoted(v)}" for k, v in sorted(parameters.items()))
        body_hash = hashlib.sha256(b"").hexdigest()
        headers = {
            "host": endpoint.netloc,
            "x-acs-action": "SendSms",
            "x-acs-content-sha256": body_hash,
            "x-acs-date": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": nonce,
            "x-acs-version": "2017-05-25",
        }
        lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
        names = ";".join(headers)
        canonical = "\n".join(["POST", "/", query, lines, names, body_hash])
        to_sign = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        signature = hmac.new(
            self.facts["key_secret"].encode(), to_sign.encode(), hashlib.sha256
        ).hexdigest()
        headers["Authorization"] = (
            f"{ALGORITHM} Credential={self.facts['key_id']},"
            f"SignedHeaders={names},Signature={signature}"
        )
        address = f"{endpoint.scheme}://{endpoint.netloc}/?{query}"
        return Request(address, data=b"", headers=headers, method="POST")  # noqa: S310

    def _refused(self, problem: str) -> None:
        log.warning("short_message_refused", problem=problem)
        raise ShortMessageNotSent(problem=problem)


def _quoted(words: str) -> str:
    return quote(words, safe="-_.~")


def _code_in(trouble: Exception) -> str:
    """The provider's own code if it gave one with its error, else the kind of error."""
    read = getattr(trouble, "read", None)
    if read is not None:
        try:
            return str(json.loads(read()).get("Code") or type(trouble).__name__)
        except (OSError, ValueError, AttributeError):
            pass
    return type(trouble).__name__
