"""Events of GitHub: what somebody did in public, one item each. Pure.

Of an event only that is used which is in it since October 2025, when GitHub took titles and authors
of pull requests out.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from networks.connectors.base import OutreachKind, ReactionKind, SeenPost
from networks.connectors.fields import Unreadable, line, link, mapping, moment
from networks.connectors.github.parsing import (
    LOGIN,
    Account,
    Happening,
    Reached,
    Reacted,
    View,
    number_of,
    parse_account,
    path_of,
    words_of,
)


def parse_own_event(value: object, view: View) -> Happening:
    """An event that the member made."""
    return _parsed(value, view, is_own=True)


def parse_event_of_others(value: object, view: View) -> Happening:
    """An event in a repository of the member, made by somebody else."""
    return _parsed(value, view, is_own=False)


def _parsed(value: object, view: View, *, is_own: bool) -> Happening:
    """Without anything that counts where somebody else acted, or in a way that does not count."""
    item = mapping(value)
    remote_id, at = number_of(item.get("id")), moment(item.get("created_at"), view.now)
    kind = item.get("type")
    nothing = Happening(remote_id, at)
    if item.get("public") is False or not isinstance(kind, str) or kind not in _EVENTS:
        return nothing
    event = _Event(item, at, view)
    return (_EVENTS[kind](event) or nothing) if event.is_own == is_own else nothing


class _Event:
    """The fields that every event has, read once."""

    def __init__(self, event: Mapping[str, Any], at: datetime, view: View) -> None:
        repository = mapping(event.get("repo"))
        self.remote_id, self.at, self.view = number_of(event.get("id")), at, view
        self.actor = parse_account(event.get("actor"))
        self.repo_id, self.path = number_of(repository.get("id")), path_of(repository.get("name"))
        self.payload = mapping(event.get("payload"))
        self.is_own = self.actor.remote_id == view.member_id
        self.owner = Account(self.path.partition("/")[0])

    def did(self, *actions: str) -> bool:
        return self.payload.get("action") in actions

    def thread(self, name: str) -> str:
        """What a comment is about: the repository and the number in it, which never change."""
        number = number_of(mapping(self.payload.get(name)).get("number"))
        return f"{self.repo_id}/{number}"

    def post(self, remote_id: str, url: str, words: str) -> SeenPost:
        """What is done in an own repository is about what the repository is about."""
        return SeenPost(remote_id, url, words, self.view.topics.get(self.repo_id, ()), self.at)

    def happening(
        self,
        key: str,
        kind: ReactionKind,
        about: str,
        *,
        post: SeenPost | None = None,
        reached: tuple[OutreachKind, Account] | None = None,
    ) -> Happening:
        """An act of the member with its post and whom it reached, or one of somebody else."""
        if not self.is_own:
            reacted = Reacted(key, kind, self.actor, about)
            return Happening(self.remote_id, self.at, reacted=reacted)
        outreach = None
        if reached and not self._is_me(reached[1]):
            url = post.url if post else ""
            outreach = Reached(key, reached[0], reached[1], url)
        return Happening(self.remote_id, self.at, post=post, reached=outreach)

    def _is_me(self, account: Account) -> bool:
        if account.remote_id:
            return account.remote_id == self.view.member_id
        return account.login.lower() == self.view.login.lower()


def _opened(event: _Event) -> Happening | None:
    """An issue or a pull request was opened; both are numbered in one row."""
    is_issue = "issue" in event.payload
    name = "issue" if is_issue else "pull_request"
    if not event.did("opened"):
        return None
    thread = event.thread(name)
    number = thread.rpartition("/")[2]
    url = event.view.url(event.path, "issues" if is_issue else "pull", number)
    title = mapping(event.payload[name]).get("title")
    what = "Issue" if is_issue else "Pull request"
    return event.happening(
        f"issue:{thread}",
        ReactionKind.ISSUE,
        f"repo:{event.repo_id}",
        post=event.post(thread, url, words_of(title, f"{what} {number} in {event.path}")),
        reached=(OutreachKind.ISSUE, event.owner),
    )


def _commented(event: _Event) -> Happening | None:
    comment = mapping(event.payload.get("comment"))
    if not event.did("created"):
        return None
    key = f"comment:{number_of(comment.get('id'))}"
    return event.happening(
        key,
        ReactionKind.REPLY,
        event.thread("issue"),
        post=_said(event, key, comment),
        reached=(OutreachKind.REPLY, _asker(event)),
    )


def _asker(event: _Event) -> Account:
    """Who opened the issue; accounts that were deleted are told as nobody."""
    try:
        return parse_account(mapping(event.payload.get("issue")).get("user"))
    except Unreadable:
        return event.owner


def _commented_on_commit(event: _Event) -> Happening | None:
    comment = mapping(event.payload.get("comment"))
    key = f"commit-comment:{number_of(comment.get('id'))}"
    return event.happening(
        key,
        ReactionKind.REPLY,
        f"repo:{event.repo_id}",
        post=_said(event, key, comment),
        reached=(OutreachKind.REPLY, event.owner),
    )


def _reviewed(event: _Event) -> Happening | None:
    review = mapping(event.payload.get("review"))
    if not event.did("created", "submitted"):
        return None
    key = f"review:{number_of(review.get('id'))}"
    return event.happening(
        key,
        ReactionKind.REVIEW,
        event.thread("pull_request"),
        post=_said(event, key, review),
        reached=(OutreachKind.REVIEW, _proposer(event)),
    )


def _commented_in_review(event: _Event) -> Happening | None:
    comment = mapping(event.payload.get("comment"))
    if not event.did("created"):
        return None
    key = f"review-comment:{number_of(comment.get('id'))}"
    return event.happening(
        key,
        ReactionKind.REVIEW,
        event.thread("pull_request"),
        post=_said(event, key, comment),
        reached=(OutreachKind.REVIEW, _proposer(event)),
    )


def _proposer(event: _Event) -> Account:
    """Who proposed a change: of that, an event tells only from whose repository it came."""
    request = mapping(event.payload.get("pull_request"))
    head = mapping(mapping(request.get("head")).get("repo"))
    login = str(head.get("url")).rpartition("/repos/")[2].partition("/")[0]
    return Account(login) if LOGIN.fullmatch(login) else event.owner


def _released(event: _Event) -> Happening | None:
    release = mapping(event.payload.get("release"))
    if not (event.is_own and event.did("published")):
        return None
    words = words_of(release.get("name"), f"Release {line(release.get('tag_name'), 100)}")
    return Happening(
        event.remote_id,
        event.at,
        event.post(f"release:{number_of(release.get('id'))}", _link(event, release), words),
    )


def _pushed(event: _Event) -> Happening | None:
    """One post for a repository and a day, however often somebody pushes."""
    if not event.is_own:
        return None
    remote_id = f"push:{event.repo_id}:{event.at:%Y-%m-%d}"
    url = event.view.url(event.path, "commits")
    post = event.post(remote_id, url, f"Pushed to {event.path}")
    return Happening(event.remote_id, event.at, post)


_EVENTS = {
    "IssuesEvent": _opened,
    "PullRequestEvent": _opened,
    "IssueCommentEvent": _commented,
    "CommitCommentEvent": _commented_on_commit,
    "PullRequestReviewEvent": _reviewed,
    "PullRequestReviewCommentEvent": _commented_in_review,
    "ReleaseEvent": _released,
    "PushEvent": _pushed,
}


def _said(event: _Event, key: str, item: Mapping[str, Any]) -> SeenPost:
    words = words_of(item.get("body"), f"Reviewed in {event.path}")
    return event.post(key, _link(event, item), words)


def _link(event: _Event, item: Mapping[str, Any]) -> str:
    return link(item.get("html_url"), event.view.development_host)
