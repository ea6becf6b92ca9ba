"""Addresses of workspaces: the ways in, and the pages inside `/w/<slug>/`."""

from django.urls import path

from goldseal.workspaces import device_views, entry_views, views

entry_urls = [
    path("workspaces/", entry_views.choose, name="choose_workspace"),
    path("workspaces/new/", entry_views.found, name="found_workspace"),
    path("invitations/<str:secret>/", entry_views.accept, name="accept_invitation"),
]

urlpatterns = [
    path("", views.home, name="workspace_home"),
    path("people/", views.people, name="people"),
    path("people/invite/", views.invite, name="invite"),
    path("people/review/", views.review_access, name="review_access"),
    path("people/<uuid:pk>/", views.member, name="member"),
    path("people/<uuid:pk>/remove/", views.remove_member, name="remove_member"),
    path("invitations/<uuid:pk>/revoke/", views.revoke_invitation, name="revoke_invitation"),
    path("activity/", views.activity, name="activity"),
    path("grants/", views.grants, name="grants"),
    path("grants/<uuid:pk>/end/", views.end_grant, name="end_grant"),
    path("roles/", views.roles, name="roles"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<uuid:pk>/revoke/", views.revoke_token, name="revoke_token"),
    path("devices/", device_views.devices, name="devices"),
    path("devices/<uuid:pk>/revoke/", device_views.revoke, name="revoke_device"),
    path("settings/", views.settings, name="workspace_settings"),
]
