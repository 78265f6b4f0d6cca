"""Routes of topics."""

from django.urls import path

from networks.topics import views

urlpatterns = [
    path("topics/", views.topics, name="topics"),
    path("topics/<int:topic_id>/", views.hide_topic, name="hide_topic"),
]
