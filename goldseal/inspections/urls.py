"""Addresses of inspections inside a workspace."""

from django.urls import path

from goldseal.inspections import (
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
]
