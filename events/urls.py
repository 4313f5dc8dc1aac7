"""Addresses of the press pages, below the address of an event."""

from django.urls import path

from events import views

urlpatterns = [
    path("<slug:slug>/press/", views.press, name="press"),
    path("<slug:slug>/press/<str:public_id>/", views.press_release, name="press_release"),
]
