"""The address under which a supplier answers."""

from django.urls import path

from goldseal.capa import public_views

urlpatterns = [path("scar/<str:secret>/", public_views.answer, name="scar_answer")]
