"""Addresses of reports inside a workspace."""

from django.urls import path

from goldseal.reports import views, views_batch, views_list, views_packs, views_seal

urlpatterns = [
    path("reports/", views_list.report_list, name="reports"),
    path("reports/batch/", views_batch.batch, name="reports_batch"),
    path("reports/batch/progress/", views_batch.progress, name="reports_batch_progress"),
    path("reports/seal/", views_seal.seal_page, name="seal"),
    path("reports/seal/import/", views_seal.import_own, name="import_seal"),
    path("reports/seal/rotate/", views_seal.rotate, name="rotate_seal"),
    path("reports/seal/<uuid:seal_pk>/revoke/", views_seal.revoke, name="revoke_seal"),
    path("reports/packs/", views_packs.packs_page, name="packs"),
    path("reports/packs/take/", views_packs.take, name="take_pack"),
    path("reports/packs/upload/", views_packs.upload, name="upload_pack"),
    path("reports/packs/buyer/", views_packs.choose, name="choose_pack"),
    path("reports/packs/<slug:code>/", views_packs.pack_page, name="pack"),
    path("reports/packs/<slug:code>/<int:version>/zip/", views_packs.download, name="download_pack"),
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
