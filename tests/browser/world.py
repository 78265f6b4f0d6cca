"""A world in which every page has something to show: Ada did everything, Olga runs the site."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorAttestationResponse,
    AuthenticatorData,
    CollectedClientData,
    RegistrationResponse,
)
from PIL import Image

from accounts import (
    announcing,
    api_keys,
    audit,
    leaving,
    registration,
    sharing,
    side_by_side,
    staff,
)
from accounts.audit import AuditEntry, Event
from accounts.export_models import Export, Import
from accounts.models import Member
from accounts.operator_models import StaffAct
from accounts.sharing_models import ShareLink, SideBySide
from gifting import services as gifting
from gifting.brought_models import BroughtMove
from gifting.models import Report
from gifting.services import keeping, showing
from gifting.services.keeping import Remembered
from networks import consents
from networks.budgets import month_of
from networks.models import KnownHost, LinkedAccount, Poll
from networks.pictures import remade
from networks.services import pictures
from networks.spending_models import Spending
from scoring.dispute_models import Dispute
from scoring.models import Night, Score
from scoring.services import disputes
from tests import lives
from tests.factories import make_account, make_application, make_score, make_webhook
from tests.sharing.conftest import badge_of, publish

DAY = timedelta(days=1)
UNKIND = "I have read better things on the back of a cereal box, and said so to everybody."


@dataclass
class World:
    """Who is there, and what their pages are about."""

    ada: Member
    now: datetime
    grace: Member | None = None
    olga: Member | None = None
    leaver: Member | None = None
    k: str = ""
    day: str = ""
    link: str = ""
    invitation: str = ""
    application: str = ""
    ids: dict[str, int] = field(default_factory=dict)


def build(ada: Member, grace: Member, mallory: Member, olga: Member, now: datetime) -> World:
    """All of it by the services that the pages use, where there is one."""
    Member.objects.filter(pk=ada.pk).update(name=lives.LONG_NAME[:80], time_zone="Europe/Berlin")
    ada.refresh_from_db()
    k = lives.full_life(ada, grace, mallory, now)
    _shared(ada, grace, mallory, k, now)
    _in_control(ada, now)
    _brought(ada, now)
    _kept(ada, now)
    score = Score.objects.filter(member=ada).latest("on")
    disputes.open_dispute(ada, score, "Ninety days, and my list is not counted?", now)
    unkind = lives.give(ada, mallory, now - 8 * DAY, UNKIND)
    gifting.report(mallory, unkind, 1, now - 8 * DAY, said="This hurts.")
    leaver = Member.objects.create_user("leaver@example.com", name="Somebody Leaving")
    Member.objects.filter(pk=leaver.pk).update(erase_at=now + leaving.UNDO_FOR)
    leaver.refresh_from_db()
    world = World(
        ada=ada,
        now=now,
        grace=grace,
        olga=olga,
        leaver=leaver,
        k=k,
        day=f"{score.on:%Y-%m-%d}",
        link=ShareLink.objects.filter(member=ada).latest("pk").address,
        invitation=registration.invite(olga, now, "for Tomas"),
    )
    made = make_application(ada, now).application
    world.application, world.ids["application"] = made.client_id, made.pk
    world.ids["webhook"] = make_webhook(ada, now).pk
    _operated(world, mallory, now)
    world.ids |= _ids(ada)
    return world


def give_a_picture(account: LinkedAccount, colour: str, now: datetime) -> None:
    """A picture as if it had been fetched."""
    out = BytesIO()
    Image.new("RGB", (400, 300), colour).save(out, "PNG")
    pictures.note_address(account, "https://known.example/ada.png", now)
    pictures._keep(account.pk, "https://known.example/ada.png", remade(out.getvalue()), now)


def _shared(ada: Member, grace: Member, mallory: Member, k: str, now: datetime) -> None:
    """All of it published, with links, a badge and comparisons."""
    for member in (mallory, ada):
        showing.allow_on_profile(member, k, 2, allows=True)
    showing.show_appreciation(ada, shows=True)
    accounts = list(ada.linked_accounts.order_by("pk"))
    ada.linked_accounts.update(on_profile=True)
    for account, colour in zip(accounts, ("#8a5a44", "#44708a"), strict=False):
        give_a_picture(account, colour, now)
    pictures.choose(ada, accounts[0].pk)
    publish(ada, now, about="Writes about lighthouses, tides and the people who keep them.")
    badge_of(ada, now)
    everything = {"shows_score": True, "shows_words": True, "shows_networks": True}
    for label in ("For the reading group", ""):
        sharing.make_link(ada, sharing.LinkChoices(label=label, lasts=7 * DAY, **everything), now)
    likely = {"hundredths": 4550, "low_hundredths": 4200, "high_hundredths": 4900}
    make_score(grace, now, [make_account(grace, now)], **likely)
    side_by_side.ask(ada, grace, "@grace@known.example", now)
    side_by_side.answer(grace, SideBySide.objects.get().pk, now, agrees=True)
    side_by_side.ask(mallory, ada, "@ada@known.example", now)
    side_by_side.ask(ada, None, "@somebody@elsewhere.example", now)


def _in_control(ada: Member, now: datetime) -> None:
    """Two factors, a passkey, keys, consent and a trail."""
    TOTP.activate(ada, generate_totp_secret())
    RecoveryCodes.activate(ada)
    passkey = {"name": "The key on my keyring", "credential": _credential()}
    Authenticator.objects.create(user=ada, type=Authenticator.Type.WEBAUTHN, data=passkey)
    api_keys.make_key(ada, "The widget on my site", ["scores"], now)
    account = ada.linked_accounts.earliest("pk")
    consents.give(account, now - 3 * DAY)
    told = "@ada@known.example (Mastodon)"
    audit.record(ada, Event.NETWORK_LINKED, now - 3 * DAY, detail=told)
    audit.record(ada, Event.SIGN_IN_FAILED, now, by=AuditEntry.By.SOMEBODY)
    audit.record(ada, Event.OPERATOR_ACT, now, detail="Mail tested.", by=AuditEntry.By.OPERATOR)
    Export.objects.create(member=ada, asked_at=now, next_try_at=now)


def _credential() -> dict[str, object]:
    """A passkey as a browser registers it."""
    made = ec.generate_private_key(ec.SECP256R1()).public_key()
    credential = AttestedCredentialData.create(
        bytes(16), bytes(32), ES256.from_cryptography_key(made)
    )
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    seen = AuthenticatorData.create(bytes(32), flags, 0, credential)
    response = AuthenticatorAttestationResponse(
        client_data=CollectedClientData.create("webauthn.create", bytes(32), "http://localhost"),
        attestation_object=AttestationObject.create("none", seen, {}),
    )
    return dict(RegistrationResponse(raw_id=bytes(32), response=response))


def _brought(ada: Member, now: datetime) -> None:
    """What came from another site was taken over."""
    Import.objects.create(
        member=ada,
        site="other.example",
        exported_at=now - DAY,
        digest="0" * 64,
        uploaded_at=now,
        taken_at=now,
        taken={"scores": 30},
    )
    BroughtMove.objects.create(
        member=ada,
        site="other.example",
        k=7,
        step=1,
        direction="received",
        other="Grace",
        words="For the essay.",
        made_at=now - 90 * DAY,
    )


def _kept(ada: Member, now: datetime) -> None:
    for note in (
        Remembered("github", "@octo", "", "The patch.", "https://github.com/octo/lib/pull/1"),
        Remembered("mastodon", "@" + "a" * 60 + "@known.example", lives.LONG_NAME[:80], "x" * 400),
        Remembered("", "@far", lives.RIGHT_TO_LEFT, lives.RIGHT_TO_LEFT),
    ):
        keeping.keep_handle(ada, note, now)


def _operated(world: World, mallory: Member, now: datetime) -> None:
    """One row of everything that the operator can look up."""
    olga = world.olga
    TOTP.activate(olga, generate_totp_secret())
    announcing.announce(olga, "A new rule", "From Monday the rule is 2026.2.", now + 9 * DAY, now)
    staff.note(olga, StaffAct.What.TOOK_BACK, now, on=mallory, detail="invitation 7", reason="Why")
    account = world.ada.linked_accounts.earliest("pk")
    Poll.objects.create(account=account, started_at=now, outcome=Poll.Outcome.GOOD)
    Night.objects.create(on=now.date(), rule="2026.1", cut_off_at=now, started_at=now)
    KnownHost.objects.create(platform="mastodon", host="h.example", people=21, known_since=now)
    Spending.objects.create(platform="x", month=month_of(now), spender=7, spent=350_000)


def _ids(ada: Member) -> dict[str, int]:
    agreed = SideBySide.objects.exclude(agreed_at=None).earliest("pk")
    return {
        "compared": agreed.pk,
        "account": ada.linked_accounts.earliest("pk").pk,
        "import": Import.objects.get().pk,
        "passkey": Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN).pk,
        "dispute": Dispute.objects.get().pk,
        "report": Report.objects.get().pk,
    }
