"""阿里云短信, against a server that checks the signature as the provider describes it."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import override_settings

from accounts.errors import ShortMessageNotSent
from accounts.services.deliveries import deliver_message
from accounts.services.messages import tell
from accounts.sms import TEMPLATES, send_sms, sms_adapter_is_usable
from config.demo.cast import Cast

SECRET = "a secret of the test"
ADAPTER = "accounts.sms_aliyun.AliyunSms"


class Provider(BaseHTTPRequestHandler):
    """Answers OK to what is signed with the secret, else as the real one refuses."""

    received: list[dict[str, str]]
    answer: tuple[int, dict[str, str]]

    def do_POST(self) -> None:
        is_signed = self._signature() == self.headers["Authorization"].split("Signature=")[1]
        status, answer = self.answer if is_signed else (400, {"Code": "SignatureDoesNotMatch"})
        if is_signed:
            self.received.append(dict(parse_qsl(urlsplit(self.path).query)))
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _signature(self) -> str:
        names = self.headers["Authorization"].split("SignedHeaders=")[1].split(",")[0]
        lines = "".join(f"{name}:{self.headers[name].strip()}\n" for name in names.split(";"))
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body_hash = hashlib.sha256(body).hexdigest()
        assert body_hash == self.headers["x-acs-content-sha256"]
        canonical = f"POST\n{url.path}\n{url.query}\n{lines}\n{names}\n{body_hash}"
        to_sign = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
        return hmac.new(SECRET.encode(), to_sign.encode(), hashlib.sha256).hexdigest()

    def log_message(self, *words: Any) -> None:
        pass


@pytest.fixture
def provider() -> Iterator[type[Provider]]:
    """A provider on this machine, and the product set up to speak to it."""
    handler = type("Fresh", (Provider,), {"received": [], "answer": (200, {"Code": "OK"})})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with override_settings(SMS_ADAPTER=ADAPTER, SMS_ALIYUN=facts(server.server_port)):
        yield handler
    server.shutdown()
    server.server_close()


def facts(port: int, **changed: Any) -> dict[str, Any]:
    return {
        "key_id": "key",
        "key_secret": SECRET,
        "sign_name": "七彩",
        "templates": {name: f"SMS_{number}" for number, name in enumerate(TEMPLATES)},
        "endpoint": f"http://127.0.0.1:{port}",
    } | changed


def test_code_leaves_by_its_template_signed(provider: type[Provider]) -> None:
    send_sms("+8613812345678", "【七彩】验证码 246810", template="code", values={"code": "246810"})

    (sent,) = provider.received
    assert sent["PhoneNumbers"] == "13812345678"
    assert (sent["SignName"], sent["TemplateCode"]) == ("七彩", "SMS_0")
    assert json.loads(sent["TemplateParam"]) == {"code": "246810"}


def test_wrong_secret_is_refused(provider: type[Provider], settings: Any) -> None:
    settings.SMS_ALIYUN = settings.SMS_ALIYUN | {"key_secret": "another"}

    with pytest.raises(ShortMessageNotSent) as refusal:
        send_sms("+8613812345678", "", template="code", values={"code": "246810"})

    assert refusal.value.facts == {"problem": "SignatureDoesNotMatch"}
    assert provider.received == []


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ((200, {"Code": "isv.BUSINESS_LIMIT_CONTROL"}), "isv.BUSINESS_LIMIT_CONTROL"),
        ((503, {"Code": "ServiceUnavailable"}), "ServiceUnavailable"),
        ((500, {}), "HTTPError"),
    ],
)
def test_refusal_tells_the_providers_code_and_never_ours(
    provider: type[Provider],
    answer: tuple[int, dict[str, str]],
    problem: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    provider.answer = answer

    with pytest.raises(ShortMessageNotSent) as refusal:
        send_sms("+8613812345678", "验证码 246810", template="code", values={"code": "246810"})

    assert refusal.value.facts == {"problem": problem}
    assert refusal.value.__cause__ is None
    assert "246810" not in caplog.text + str(refusal.value) + repr(refusal.value)


def test_nobody_there_is_a_refusal_too(settings: Any) -> None:
    settings.SMS_ADAPTER, settings.SMS_ALIYUN = ADAPTER, facts(9)

    with pytest.raises(ShortMessageNotSent):
        send_sms("+8613812345678", "", template="known", values={})


def test_message_the_provider_refused_is_tried_again(cast: Cast, provider: type[Provider]) -> None:
    provider.answer = (200, {"Code": "isp.SYSTEM_ERROR"})
    told = tell(cast.anan, kind="t", title="很长" * 40, body="", key="t", channels=["sms"])
    delivery = told.deliveries.get()
    assert not deliver_message(delivery.pk)

    provider.answer = (200, {"Code": "OK"})
    assert deliver_message(delivery.pk)

    assert len(json.loads(provider.received[-1]["TemplateParam"])["title"]) == 35


def test_check_names_what_is_missing(settings: Any) -> None:
    settings.SMS_ADAPTER = ADAPTER
    settings.SMS_ALIYUN = facts(9, key_secret="", templates={"code": "SMS_1", "known": "SMS_2"})

    (problem,) = sms_adapter_is_usable(None)

    assert problem.id == "accounts.E004"
    for name in ("ALIYUN_SMS_KEY_SECRET", "TEMPLATES[message]", "TEMPLATES[unknown]"):
        assert name in problem.msg
    assert "KEY_ID" not in problem.msg
