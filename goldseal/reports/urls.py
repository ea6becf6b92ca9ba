"""Addresses of reports inside a workspace."""

from django.urls import path

from goldseal.reports import views, views_list, views_seal

urlpatterns = [
    path("reports/", views_list.report_list, name="reports"),
    path("reports/seal/", views_seal.seal_page, name="seal"),
    path("reports/seal/import/", views_seal.import_own, name="import_seal"),
    path("reports/seal/rotate/", views_seal.rotate, name="rotate_seal"),
    path("reports/seal/<uuid:seal_pk>/revoke/", views_seal.revoke, name="revoke_seal"),
    path("reports/zip/", views_list.download_zip, name="reports_zip"),
    path("reports/<uuid:pk>/", views.report_page, name="report"),
    path("reports/<uuid:pk>/progress/", views.progress, name="report_progress"),
    path("reports/<uuid:pk>/reissue/", views.reissue, name="reissue_report"),
    path("reports/<uuid:pk>/shares/<uuid:share_pk>/revoke/", views.revoke, name="revoke_share"),
    path("reports/<uuid:pk>/versions/<uuid:version_pk>/answer/", views.answer, name="answer_report"),
    path("reports/<uuid:pk>/versions/<uuid:version_pk>/check/", views.check, name="check_report"),
    path("reports/<uuid:pk>/versions/<uuid:version_pk>/share/", views.share, name="share_report"),
    path("reports/<uuid:pk>/versions/<uuid:version_pk>/withdraw/", views.withdraw, name="withdraw_report"),
    path("reports/<uuid:pk>/versions/<uuid:version_pk>/<slug:form>/", views.download, name="download_report"),
]
