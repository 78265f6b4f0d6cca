"""Walks through a consent page of the playground as its person would, form by form."""

from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

STEPS = 6
SECONDS = 15.0


class ConsentError(Exception):
    """The walk did not end where it should; the text says at which step."""


class _Forms(HTMLParser):
    """Collects the forms of a page: action and the fields a browser would send untouched."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.buttons: list[list[tuple[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((values.get("action", ""), {}))
            self.buttons.append([])
        elif self.forms and values.get("name"):
            self._field(tag, values)

    def _field(self, tag: str, values: dict[str, str]) -> None:
        if tag == "button" or values.get("type") == "submit":
            self.buttons[-1].append((values["name"], values.get("value", "")))
        elif tag == "input" and values.get("type") not in ("radio", "checkbox"):
            self.forms[-1][1][values["name"]] = values.get("value", "")


def walk(authorize_url: str, username: str, callback: str) -> str:
    """Sign in as `username`, say yes, and return the address that consent leads back to.

    `callback` is the start of that address; it is not opened here. Raises ConsentError.
    """
    browser = requests.Session()
    browser.trust_env = False
    answer = browser.get(authorize_url, timeout=SECONDS, allow_redirects=False)
    for _ in range(STEPS):
        where = answer.headers.get("Location", "")
        if where.startswith(callback):
            return where
        if where:
            answer = browser.get(urljoin(answer.url, where), timeout=SECONDS, allow_redirects=False)
            continue
        answer = _submit(browser, answer, username)
    raise ConsentError(f"no way back from {answer.url.split('?')[0]} after {STEPS} steps")


def _submit(
    browser: requests.Session, answer: requests.Response, username: str
) -> requests.Response:
    page = _Forms()
    page.feed(answer.text)
    if not page.forms:
        raise ConsentError(f"no form at {answer.url.split('?')[0]} (status {answer.status_code})")
    action, fields = page.forms[-1]
    for name, value in page.buttons[-1][:1]:
        fields[name] = value
    return browser.post(
        urljoin(answer.url, action or answer.url),
        data=fields | {"other": username},
        timeout=SECONDS,
        allow_redirects=False,
        headers={"Referer": answer.url},
    )
