"""Routes of `gifting`. A gift is named by the address of its K and its step in the K's life."""

from django.urls import path

from gifting import views

urlpatterns = [
    path("k/", views.ledger, name="ledger"),
    path("k/give/", views.give, name="give"),
    path("k/settings/", views.k_settings, name="k_settings"),
    path("k/blocks/<int:block_id>/lift/", views.unblock, name="unblock"),
    path("k/<slug:address>/", views.journey, name="journey"),
    path("k/<slug:address>/<int:step>/", views.gift, name="gift"),
    path("k/<slug:address>/<int:step>/take-back/", views.take_back, name="take_back"),
    path("k/<slug:address>/<int:step>/decline/", views.decline, name="decline"),
    path("k/<slug:address>/<int:step>/share/", views.share, name="share"),
    path("k/<slug:address>/<int:step>/block/", views.block, name="block"),
    path("k/<slug:address>/<int:step>/report/", views.report, name="report"),
]
