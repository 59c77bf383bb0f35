"""A demonstration server, a mail server, and a request: see run."""

import email
import email.policy
import json
import os
import queue
import socket
import ssl
import subprocess
import sys
import threading
import urllib.request
from email.utils import parsedate_to_datetime
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

PROGRAM, WORK = sys.argv[1], Path(sys.argv[2])
NAME, PASSWORD = "labpact", "a secret of the tests"
PATIENCE = 60


class Taken:
    """Takes over whatever comes."""

    def __init__(self):
        self.mails = queue.Queue()

    async def handle_DATA(self, server, session, envelope):
        assert session.ssl is not None, "a mail came in the clear"
        assert session.authenticated, "a mail came without a password"
        self.mails.put((envelope.rcpt_tos, envelope.content))
        return "250 taken over"


def authenticate(server, session, envelope, mechanism, data):
    right = data.login == NAME.encode() and data.password == PASSWORD.encode()
    return AuthResult(success=right)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_mail_server(taken):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(WORK / "cert.pem", WORK / "key.pem")
    controller = Controller(
        taken, hostname="localhost", port=free_port(), tls_context=context, require_starttls=True,
        authenticator=authenticate, auth_required=True,
    )
    controller.start()
    return controller


def start_demo(mail_port):
    password = WORK / "password"
    password.touch(mode=0o600)
    password.write_text(PASSWORD + "\n")
    port = free_port()
    settings = {
        "HOST": "localhost", "PORT": str(mail_port), "TLS": "starttls", "AUTHORITIES": str(WORK / "ca.pem"),
        "USERNAME": NAME, "PASSWORD_FILE": str(password), "FROM": "labpact@example.gov.cn",
        "BASE_URL": "https://labpact.example.gov.cn", "LINK": "https://desk.example.gov.cn/open?id={id}",
    }
    environment = os.environ | {f"LABPACT__MAIL__{key}": value for key, value in settings.items()}
    command = [PROGRAM, "demo", "--data", str(WORK / "demo"), "--listen", f"127.0.0.1:{port}", "--labs", "20", "--scope-lines", "200"]
    demo = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    for line in demo.stdout:
        if line.startswith("Stop with"):
            threading.Thread(target=demo.stdout.read, daemon=True).start()
            return demo, f"http://127.0.0.1:{port}/graphql"
    raise SystemExit("the demonstration did not start")


def token(*arguments):
    command = [PROGRAM, "token", "--data", str(WORK / "demo"), "--agency", "GD", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def asker(address, bearer):
    def ask(query, **variables):
        body = json.dumps({"query": query, "variables": variables}).encode()
        headers = {"content-type": "application/json", "authorization": f"Bearer {bearer}"}
        with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=PATIENCE) as answer:
            told = json.load(answer)
        assert "errors" not in told, told["errors"]
        return told["data"]

    return ask


def arrived(taken):
    recipients, content = taken.mails.get(timeout=PATIENCE)
    mail = email.message_from_bytes(content, policy=email.policy.default)
    assert not mail.defects, mail.defects
    for part in mail.walk():
        assert not part.defects, part.defects
    assert [str(address.addr_spec) for address in mail["To"].addresses] == recipients
    return mail


def confirm(ask, taken, address, language):
    choose = "mutation($i: MessagePreferencesInput!) { messagePreferencesSet(input: $i) { messagePreferences { email } } }"
    ask(choose, i={"email": address, "language": language})
    mail = arrived(taken)
    text = mail.get_body(("plain",)).get_content()
    code = next(word for word in text.split() if word.isdigit() and len(word) == 8)
    ask("mutation($c: String!) { emailConfirm(code: $c) { messagePreferences { email } } }", c=code)


def submit(ask):
    offerings = ask("{ offerings(first: 200) { nodes { id kind agency { id } } } }")["offerings"]["nodes"]
    offering = next(row["id"] for row in offerings if row["kind"] == "TESTING" and row["agency"]["id"] != "agency:GD")
    need = {
        "title": "抽检", "purpose": "SUPERVISION", "needBy": "2099-12-31", "providers": [{"offering": offering}],
        "items": [{"parameter": "铅", "object": "婴幼儿配方食品", "method": "GB 5009.12-2017", "quantity": 1, "unit": "样品"}],
    }
    made = ask("mutation($i: RequestCreateInput!) { requestCreate(input: $i) { request { id code } } }", i=need)
    request = made["requestCreate"]["request"]
    ask("mutation($id: ID!) { requestSubmit(id: $id) { request { status } } }", id=request["id"])
    return request


def check(mail, request, language, words):
    subject, plain, html = mail["Subject"], mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()
    assert request["code"] in subject and words in subject, subject
    assert request["code"] in plain and request["code"] in html
    assert f"https://desk.example.gov.cn/open?id={request['id'].replace(':', '%3A')}" in plain, plain
    assert f'<html lang="{language}">' in html, html
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].endswith("@example.gov.cn>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert parsedate_to_datetime(mail["Date"]).tzinfo is not None
    assert mail.get_content_type() == "multipart/alternative"
    print(f"{mail['To']}: {subject}")


def main():
    taken = Taken()
    controller = start_mail_server(taken)
    demo = None
    try:
        demo, address = start_demo(controller.port)
        chinese = asker(address, token("--role", "approver", "--subject", "zh"))
        english = asker(address, token("--role", "approver", "--subject", "en"))
        confirm(chinese, taken, "zh@example.gov.cn", "ZH")
        confirm(english, taken, "en@example.gov.cn", "EN")
        request = submit(asker(address, token("--role", "officer")))
        mails = {str(mail["To"]): mail for mail in (arrived(taken), arrived(taken))}
        check(mails["zh@example.gov.cn"], request, "zh-CN", "待审批")
        check(mails["en@example.gov.cn"], request, "en", "waits for approval")
    finally:
        if demo is not None:
            demo.terminate()
            demo.wait(PATIENCE)
        controller.stop()


main()
