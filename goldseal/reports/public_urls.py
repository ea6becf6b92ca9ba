"""Public addresses of reports: verification by token or by file, and shared reports."""

from django.urls import path

from goldseal.reports import public_views, views_shared

urlpatterns = [
    path("verify/", public_views.verify, name="verify"),
    path("verify/certificates/<slug:fingerprint>.pem", public_views.certificate, name="seal_certificate"),
    path("verify/<str:token>/offline.html", public_views.offline_verifier, name="offline_verifier"),
    path("verify/<str:token>", public_views.verify_token, name="verify_token"),
    path("shared/<str:secret>/", views_shared.shared, name="shared_report"),
    path("shared/<str:secret>/report.<slug:form>", views_shared.shared_file, name="shared_report_file"),
    path("shared/<str:secret>/unlock/", views_shared.unlock, name="unlock_report"),
    path("shared/<str:secret>/answer/", views_shared.answer, name="answer_shared_report"),
]
