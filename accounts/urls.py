"""Routes of `accounts`: every door of allauth that is open is named here."""

from allauth.account import views as account
from django.urls import include, path, re_path

from accounts import api_views, leaving_views, settings_views, views
from accounts.applications import oauth_views
from accounts.applications import views as application_views
from accounts.exports import views as export_views
from accounts.imports import views as import_views

urlpatterns = [
    path("account/login/", account.login, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/signup/", account.signup, name="account_signup"),
    path("account/signup/passkey/", account.signup_by_passkey, name="account_signup_by_passkey"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/email/", account.email, name="account_email"),
    path(
        "account/confirm-email/",
        account.email_verification_sent,
        name="account_email_verification_sent",
    ),
    path("account/password/change/", account.password_change, name="account_change_password"),
    path("account/password/set/", account.password_set, name="account_set_password"),
    path("account/password/reset/", account.password_reset, name="account_reset_password"),
    path(
        "account/password/reset/done/",
        account.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^account/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/sessions/", settings_views.browsers, name="usersessions_list"),
    path("settings/", settings_views.settings_page, name="settings"),
    path("settings/looks/", settings_views.looks, name="looks"),
    path("settings/mail/", settings_views.mail_settings, name="mail_settings"),
    path("settings/sessions/<int:pk>/end/", settings_views.end_session, name="end_session"),
    path("settings/trail/", settings_views.audit_trail, name="audit_trail"),
    path("settings/pause/", settings_views.pause, name="pause"),
    path("settings/api/", api_views.api, name="api_settings"),
    path("settings/api/visible/", api_views.set_visible, name="set_api_visible"),
    path("settings/api/keys/", api_views.make_key, name="make_api_key"),
    path("settings/api/keys/<int:pk>/revoke/", api_views.revoke_key, name="revoke_api_key"),
    path("settings/applications/", application_views.applications, name="applications"),
    path("settings/applications/new/", application_views.register, name="register_application"),
    path("settings/applications/<str:client_id>/", application_views.change, name="application"),
    path(
        "settings/applications/<str:client_id>/secret/",
        application_views.rotate_secret,
        name="rotate_application_secret",
    ),
    path(
        "settings/applications/<str:client_id>/delete/",
        application_views.delete,
        name="delete_application",
    ),
    path(
        "settings/applications/<str:client_id>/revoke/",
        application_views.revoke,
        name="revoke_application",
    ),
    path("oauth/authorize/", oauth_views.authorize, name="oauth_authorize"),
    path("oauth/token/", oauth_views.token, name="oauth_token"),
    path("oauth/revoke/", oauth_views.revoke, name="oauth_revoke"),
    path(".well-known/oauth-authorization-server", oauth_views.metadata, name="oauth_metadata"),
    path("settings/export/", export_views.export, name="export_member"),
    path("settings/export/<int:export_id>/", export_views.download, name="download_export"),
    path("settings/import/", import_views.bring, name="import"),
    path("settings/import/<int:import_id>/", import_views.one, name="import_one"),
    path("settings/delete/", leaving_views.delete, name="delete_member"),
    path("leaving/<str:token>/", leaving_views.leave, name="leaving"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("mail/", views.mail, name="mail"),
]
