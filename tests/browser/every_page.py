"""Every route of the site: which page of it is looked at, as whom; and which have none.

A new route belongs into one of the lists here, or `test_every_page.py` fails.
"""

from collections.abc import Callable, Iterator

from accounts.leaving import token_of
from accounts.stopping import StoppableMail
from gifting.digest import MAIL as K_DIGEST
from gifting.invitations import invitation
from klout.admin.site import site
from klout.digest import WEEKLY_MAIL
from networks.services import stop_list
from networks.sonobuoy.mail import PINGS_MAIL
from tests.browser.world import World
from tests.factories import make_account

Address = str | Callable[[World], str]
Pages = dict[str, Address]


def _stop(mail: StoppableMail, place: str) -> Address:
    return lambda world: f"{place}{mail.token(world.ada)}/"


def _stop_code(world: World) -> str:
    return stop_list.ask("github", "ada", stop_list.Wish.STOP, world.now)


def _passkey(world: World, act: str) -> str:
    return f"/account/2fa/webauthn/keys/{world.ids['passkey']}/{act}/"


def _begun(world: World) -> int:
    """A network of ada's that is being read for the first time."""
    return make_account(world.ada, world.now, first_read_done_at=None, last_read_at=None).pk


FOR_VISITORS: Pages = {
    "landing": "/",
    "how": "/how/",
    "privacy": "/privacy/",
    "terms": "/terms/",
    "contact": "/contact/",
    "stop_counting": "/stop-counting-me/",
    "stop_counting_who": "/stop-counting-me/on/mastodon/",
    "stop_counting_code": lambda world: f"/stop-counting-me/code/{_stop_code(world)}/",
    "profile": "/@ada/",
    "shared": lambda world: f"/shared/{world.link}/",
    "me": "/me/made-up/",
    "for_you": lambda world: f"/k/for-you/{invitation(world.ada, world.now)}/",
    "stop_weekly": _stop(WEEKLY_MAIL, "/weekly/stop/"),
    "stop_pings": _stop(PINGS_MAIL, "/sonobuoy/mail/stop/"),
    "stop_digest": _stop(K_DIGEST, "/k/digest/stop/"),
    "leaving": lambda world: f"/leaving/{token_of(world.leaver)}/",
    "invitation": "/invitation/over/",
    "mail": "/mail/",
    "account_login": "/account/login/",
    "account_signup": "/account/signup/",
    "account_signup_by_passkey": "/account/signup/passkey/",
    "account_inactive": "/account/inactive/",
    "account_reset_password": "/account/password/reset/",
    "account_reset_password_done": "/account/password/reset/done/",
    "account_reset_password_from_key": "/account/password/reset/key/1-abc/",
    "account_reset_password_from_key_done": "/account/password/reset/key/done/",
    "api_guide": "/api/",
    "oauth_guide": "/api/oauth/",
    "webhooks_guide": "/api/webhooks/",
    "classic_guide": "/api/classic/",
    "v3_problem": "/api/v3/problems/no-scope/",
    "404": "/nothing-here/",
}
# Pages that say that there is nothing.
NOT_FOUND = {"404", "invitation"}

FOR_MEMBERS: Pages = {
    "dashboard": "/dashboard/",
    "announcements": "/announcements/",
    "people": "/people/",
    "sharing": "/settings/sharing/",
    "preview_profile": "/settings/sharing/preview/",
    "sharing_picture": "/settings/sharing/picture/",
    "share_links": "/settings/sharing/links/",
    "sharing_badge": "/settings/sharing/badge/",
    "comparing": "/compare/",
    "compared": lambda world: f"/compare/{world.ids['compared']}/",
    "settings": "/settings/",
    "mail_settings": "/settings/mail/",
    "audit_trail": "/settings/trail/",
    "pause": "/settings/pause/",
    "api_settings": "/settings/api/",
    "applications": "/settings/applications/",
    "register_application": "/settings/applications/new/",
    "application": lambda world: f"/settings/applications/{world.application}/",
    "webhooks": "/settings/webhooks/",
    "add_webhook": "/settings/webhooks/new/",
    "webhook": lambda world: f"/settings/webhooks/{world.ids['webhook']}/",
    "topics": "/topics/",
    "make_api_key": "/settings/api/keys/",
    "export_member": "/settings/export/",
    "import": "/settings/import/",
    "import_one": lambda world: f"/settings/import/{world.ids['import']}/",
    "delete_member": "/settings/delete/",
    "account_email": "/account/email/",
    "account_change_password": "/account/password/change/",
    "account_reauthenticate": "/account/reauthenticate/",
    "account_logout": "/account/logout/",
    "usersessions_list": "/account/sessions/",
    "mfa_index": "/account/2fa/",
    "mfa_reauthenticate": "/account/2fa/reauthenticate/",
    "mfa_deactivate_totp": "/account/2fa/totp/deactivate/",
    "mfa_view_recovery_codes": "/account/2fa/recovery-codes/",
    "mfa_generate_recovery_codes": "/account/2fa/recovery-codes/generate/",
    "mfa_list_webauthn": "/account/2fa/webauthn/",
    "mfa_add_webauthn": "/account/2fa/webauthn/add/",
    "mfa_reauthenticate_webauthn": "/account/2fa/webauthn/reauthenticate/",
    "mfa_remove_webauthn": lambda world: (
        f"/account/2fa/webauthn/keys/{world.ids['passkey']}/remove/"
    ),
    "mfa_edit_webauthn": lambda world: f"/account/2fa/webauthn/keys/{world.ids['passkey']}/edit/",
    "sonobuoy": "/sonobuoy/",
    "networks": "/networks/",
    "prove": "/networks/prove/",
    "about_network": "/networks/about/mastodon/",
    "link": "/networks/link/mastodon/",
    "unlink": lambda world: f"/networks/{world.ids['account']}/unlink/",
    "why": "/score/why/",
    "why_on": lambda world: f"/score/{world.day}/",
    "compare": "/score/compare/",
    "score_history": "/score/history/",
    "score_shown": "/score/shown/",
    "disputes": "/score/disputes/",
    "dispute": lambda world: f"/score/{world.day}/dispute/",
    "ledger": "/k/",
    "give": "/k/give/",
    "k_brought": "/k/brought/",
    "received": "/k/received/",
    "letter": lambda world: f"/k/letter/{world.now.year}/",
    "appreciation_map": "/k/map/",
    "kept": "/k/kept/",
    "how_to_keep": "/k/kept/how/",
    "keep": "/k/keep/",
    "invite": "/k/invite/",
    "appreciation": "/k/appreciation/",
    "k_settings": "/k/settings/",
    "k_statement": "/k/account/",
    "k_rules": "/k/rules/",
    "journey": lambda world: f"/k/{world.k}/",
    "gift": lambda world: f"/k/{world.k}/2/",
    "keep_other_side": lambda world: f"/k/{world.k}/2/keep/",
}

# Of the member before anything was set up or linked; at the end with a network just begun.
FOR_NEWCOMERS: Pages = (
    {
        "mfa_activate_totp": "/account/2fa/totp/activate/",
    }
    | {
        name: FOR_MEMBERS[name]
        for name in (
            *("dashboard", "people", "networks", "sonobuoy", "prove", "compare", "score_history"),
            *("disputes", "ledger", "give", "received", "letter", "appreciation_map", "kept"),
            *(
                "appreciation",
                "k_statement",
                "k_settings",
                "k_brought",
                "sharing",
                "preview_profile",
            ),
            *("sharing_picture", "share_links", "sharing_badge", "comparing", "announcements"),
            *("audit_trail", "mfa_index", "mfa_list_webauthn", "export_member", "import"),
            *("api_settings", "settings"),
        )
    }
    | {"account_progress": lambda world: f"/networks/{_begun(world)}/reading/"}
)

FOR_OPERATORS: Pages = {
    "index": "/admin/",
    "suspend": lambda world: f"/admin/member/{world.grace.pk}/suspend/",
    "let_in_again": lambda world: f"/admin/member/{world.grace.pk}/let-in/",
    "suspend_application": lambda world: f"/admin/application/{world.ids['application']}/suspend/",
    "let_application_in": lambda world: f"/admin/application/{world.ids['application']}/let-in/",
    "unlink_account": lambda world: f"/admin/account/{world.ids['account']}/unlink/",
    "invitations": "/admin/invitations/",
    "announcements": "/admin/announcements/",
    "try_mail": "/admin/mail/",
    "app_list": "/admin/gifting/",
    "dispute_queue": "/score/disputes/queue/",
    "dispute_queue_one": lambda world: f"/score/disputes/queue/{world.ids['dispute']}/",
    "k_reports": "/k/reports/",
    "k_report": lambda world: f"/k/reports/{world.ids['report']}/",
}

# What is done by a form and has no page: to GET it answers 405.
ACTS = {
    *("take_back", "withdraw", "close_announcement", "take_name", "revoke_link"),
    *("answer_comparing", "end_comparing", "looks", "end_session", "set_api_visible"),
    *("revoke_api_key", "rest", "sonobuoy_mail", "sonobuoy_answer", "sonobuoy_threshold"),
    *("read_now", "relink", "set_findable", "show_score_once", "forget_kept", "noted_kept"),
    *("k_choices", "unblock", "k_let_give_again", "open_way", "decline", "share", "block"),
    *("report", "allow_on_profile", "hide_topic", "oauth_token", "oauth_revoke"),
    *("rotate_application_secret", "delete_application", "revoke_application"),
    *("switch_webhook", "test_webhook", "rotate_webhook_secret", "delete_webhook"),
    "send_webhook_again",
}

# What programs speak to: names that begin so.
OF_THE_API = ("v1_", "v2_", "v3_", "api-root")

# Pages that tests of their own look at.
ELSEWHERE = {
    "oauth_authorize": "for who comes from an application; see test_applications.py",
    "api_reference": "a library draws it; see test_api_pages.py",
}

# What is no page for people, or leads on to one.
NO_PAGE = {
    "healthz": "JSON",
    "metrics": "for Prometheus",
    "badge": "a picture",
    "preview": "a picture",
    "picture": "a picture",
    "bluesky_client": "JSON",
    "manifest": "JSON",
    "webmention": "for software",
    "download_export": "a file",
    "score_history_csv": "a file",
    "k_statement_csv": "a file",
    "mfa_download_recovery_codes": "a file",
    "latest_letter": "leads to the letter",
    "link_callback": "leads back to the networks",
    "account_email_verification_sent": "a step, which leads back without the one before",
    "account_set_password": "for whoever has only passkeys; else leads to changing it",
    "mfa_authenticate": "a step, which leads back without the one before",
    "mfa_login_webauthn": "a step",
    "mfa_signup_webauthn": "a step",
    "oauth_metadata": "JSON",
    "api_document": "JSON",
    "api_example": "a program",
    "autocomplete": "JSON",
    "jsi18n": "a script",
    # Django's own: what leads on to another page, and the end of all routes.
    "<path:object_id>/": "leads to the record",
    "(?P<url>.*)$": "not found",
}


def records() -> Iterator[tuple[str, str, type]]:
    """What the operator looks up: the name of its route so far, its address, and the model."""
    for model in site._registry:
        app, name = model._meta.app_label, model._meta.model_name
        yield f"{app}_{name}", f"/admin/{app}/{name}/", model
