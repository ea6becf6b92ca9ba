"""Addresses of inspections inside a workspace."""

from django.urls import path

from goldseal.inspections import (
    views_audit,
    views_audit_record,
    views_calendar,
    views_day,
    views_inspection,
    views_list,
    views_live,
    views_plan,
    views_record,
    views_roving,
    views_sign,
)

urlpatterns = [
    path("inspections/", views_list.inspection_list, name="inspections"),
    path("inspections/new/", views_plan.new_inspection, name="new_inspection"),
    path("inspections/calendar/", views_calendar.calendar, name="inspection_calendar"),
    path("inspections/day/", views_day.day_page, name="day_sheet"),
    path("inspections/requests/new/", views_calendar.new_request, name="new_request"),
    path("inspections/requests/<uuid:pk>/decline/", views_calendar.decline, name="decline_request"),
    path("inspections/new/preview/", views_plan.preview, name="preview_plan"),
    path("inspections/live/", views_live.live, name="inspections_live"),
    path("inspections/board/", views_roving.board_page, name="line_board"),
    path("inspections/<uuid:pk>/", views_inspection.inspection_page, name="inspection"),
    path("inspections/<uuid:pk>/assign/", views_inspection.assign, name="assign_inspection"),
    path("inspections/<uuid:pk>/cancel/", views_inspection.cancel, name="cancel_inspection"),
    path("inspections/<uuid:pk>/report/", views_inspection.make_report, name="report_inspection"),
    path("inspections/<uuid:pk>/record/", views_record.record_start, name="record_start"),
    path("inspections/<uuid:pk>/record/choose/", views_record.record_choice, name="record_choice"),
    path("inspections/<uuid:pk>/record/<slug:section>/", views_record.record_section, name="record_section"),
    path("inspections/<uuid:pk>/events/", views_record.receive_events, name="receive_events"),
    path("inspections/<uuid:pk>/sign/", views_sign.sign, name="sign_inspection_page"),
    path("audits/", views_audit.audit_list, name="audits"),
    path("audits/new/", views_audit.new_audit, name="new_audit"),
    path("audits/<uuid:pk>/", views_audit.audit_page, name="audit"),
    path("audits/<uuid:pk>/record/", views_audit_record.record_audit, name="record_audit"),
    path("audits/<uuid:pk>/answer/", views_audit_record.answer_audit, name="answer_audit"),
    path("audits/<uuid:pk>/sign/", views_audit_record.sign_audit, name="sign_audit_page"),
    path("audits/<uuid:pk>/cancel/", views_audit.cancel_audit, name="cancel_audit"),
    path("audits/<uuid:pk>/report/", views_audit.make_report, name="report_audit"),
]
