"""Routes of `gifting`. A gift is named by the address of its K and its step in the K's life."""

from django.urls import path

from gifting import views

urlpatterns = [
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("k/", views.ledger, name="ledger"),
    path("k/give/", views.give, name="give"),
    path("k/brought/", views.brought, name="k_brought"),
    path("k/received/", views.received, name="received"),
    path("k/letter/", views.latest_letter, name="latest_letter"),
    path("k/letter/<int:year>/", views.letter, name="letter"),
    path("k/map/", views.appreciation_map, name="appreciation_map"),
    path("k/kept/", views.kept, name="kept"),
    path("k/kept/how/", views.how_to_keep, name="how_to_keep"),
    path("k/kept/<int:kept_id>/forget/", views.forget, name="forget_kept"),
    path("k/kept/<int:kept_id>/noted/", views.noted, name="noted_kept"),
    path("k/keep/", views.keep, name="keep"),
    path("k/invite/", views.invite, name="invite"),
    path("k/for-you/<str:token>/", views.for_you, name="for_you"),
    path("k/appreciation/", views.appreciation, name="appreciation"),
    path("k/digest/stop/<str:token>/", views.stop_digest, name="stop_digest"),
    path("k/settings/", views.k_settings, name="k_settings"),
    path("k/settings/choices/", views.choose, name="k_choices"),
    path("k/blocks/<int:block_id>/lift/", views.unblock, name="unblock"),
    path("k/account/", views.statement, name="k_statement"),
    path("k/account.csv", views.statement_csv, name="k_statement_csv"),
    path("k/rules/", views.rules, name="k_rules"),
    path("k/reports/", views.reports, name="k_reports"),
    path("k/reports/<int:report_id>/", views.reported, name="k_report"),
    path(
        "k/reports/decided/<int:decision_id>/lift/", views.let_give_again, name="k_let_give_again"
    ),
    path("k/<slug:address>/", views.journey, name="journey"),
    path("k/<slug:address>/open/", views.open_way, name="open_way"),
    path("k/<slug:address>/<int:step>/", views.gift, name="gift"),
    path("k/<slug:address>/<int:step>/take-back/", views.take_back, name="take_back"),
    path("k/<slug:address>/<int:step>/decline/", views.decline, name="decline"),
    path("k/<slug:address>/<int:step>/share/", views.share, name="share"),
    path("k/<slug:address>/<int:step>/block/", views.block, name="block"),
    path("k/<slug:address>/<int:step>/report/", views.report, name="report"),
    path("k/<slug:address>/<int:step>/keep/", views.keep_other_side, name="keep_other_side"),
    path("k/<slug:address>/<int:step>/profile/", views.allow_on_profile, name="allow_on_profile"),
]
