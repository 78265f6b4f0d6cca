"""https://docs.joinmastodon.org/methods/notifications/"""

from typing import Any

from playground.api.answers import NOT_FOUND, ApiError, Call, api
from playground.paging import page
from playground.world import Notice

Json = dict[str, Any]
_READ = ("read", "read:notifications")


@api(*_READ)
def index(call: Call) -> list[Json]:
    window = call.window(default=40, most=80)
    types = {*call.params.getlist("types[]"), *call.params.getlist("types")}
    excluded = {*call.params.getlist("exclude_types[]"), *call.params.getlist("exclude_types")}
    account_id = call.params.get("account_id")
    person = call.world.population.person

    def is_wanted(notice: Notice) -> bool:
        return (
            (not types or notice.type in types)
            and notice.type not in excluded
            and (not account_id or str(person(notice.actor).id) == account_id)
        )

    items = call.world.notices_of(call.me.number)
    found = page(items, window, call.entities.horizon, is_wanted)
    call.link([notice.id for notice in found], window)
    return [call.entities.notification(notice) for notice in found]


@api(*_READ)
def show(call: Call, notification_id: str) -> Json:
    for notice in call.world.notices_of(call.me.number):
        if str(notice.id) == notification_id and notice.id < call.entities.horizon:
            return call.entities.notification(notice)
    raise ApiError(404, NOT_FOUND)
