"""Public addresses of reports: verification by token or by file, and shared reports."""

from django.urls import path

from goldseal.reports import public_views

urlpatterns = [
    path("verify/", public_views.verify, name="verify"),
    path("verify/certificate.pem", public_views.certificate, name="seal_certificate"),
    path("verify/<str:token>", public_views.verify_token, name="verify_token"),
    path("shared/<str:secret>/", public_views.shared, name="shared_report"),
    path("shared/<str:secret>/report.pdf", public_views.shared_pdf, name="shared_report_pdf"),
    path("shared/<str:secret>/acknowledge/", public_views.acknowledge, name="acknowledge_report"),
]
