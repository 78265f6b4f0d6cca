"""Routes of webhooks."""

from django.urls import path

from klout.webhooks import views

urlpatterns = [
    path("settings/webhooks/", views.webhooks, name="webhooks"),
    path("settings/webhooks/new/", views.add, name="add_webhook"),
    path("settings/webhooks/<int:pk>/", views.webhook, name="webhook"),
    path("settings/webhooks/<int:pk>/switch/", views.switch, name="switch_webhook"),
    path("settings/webhooks/<int:pk>/test/", views.send_test, name="test_webhook"),
    path("settings/webhooks/<int:pk>/secret/", views.rotate_secret, name="rotate_webhook_secret"),
    path("settings/webhooks/<int:pk>/delete/", views.delete, name="delete_webhook"),
    path(
        "settings/webhooks/<int:pk>/messages/<int:message_id>/again/",
        views.send_again,
        name="send_webhook_again",
    ),
]
