"""Addresses of files inside a workspace."""

from django.urls import path

from goldseal.files import views

urlpatterns = [
    path("files/", views.files, name="files"),
    path("files/add/", views.add, name="add_files"),
    path("files/upload/", views.uploads, name="uploads"),
    path("files/upload/<uuid:pk>", views.upload, name="upload"),
    path("files/<uuid:pk>/", views.file, name="file"),
    path("files/<uuid:pk>/delete/", views.delete, name="delete_file"),
    path("files/<str:link>", views.follow, name="follow_link"),
]
