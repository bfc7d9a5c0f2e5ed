"""Addresses of the customers."""

from django.urls import path

from apps.web.customers import views

app_name = "customers"
urlpatterns = [
    path("", views.show_list, name="list"),
    path("new/", views.create, name="create"),
    path("import/", views.start_import, name="import"),
    path("import/<uuid:run_id>/", views.show_import, name="import_run"),
    path("import/<uuid:run_id>/columns/", views.map_import, name="import_map"),
    path("import/<uuid:run_id>/progress/", views.show_progress, name="import_progress"),
    path("import/<uuid:run_id>/commit/", views.commit_import, name="import_commit"),
    path("import/<uuid:run_id>/cancel/", views.cancel_import, name="import_cancel"),
    path("import/<uuid:run_id>/rejects.csv", views.download_rejects, name="import_rejects"),
    path("<uuid:customer_id>/", views.show_customer, name="customer"),
    path("<uuid:customer_id>/edit/", views.edit, name="edit"),
    path("<uuid:customer_id>/contacts/", views.add_contact, name="add_contact"),
    path(
        "<uuid:customer_id>/contacts/<uuid:contact_id>/remove/",
        views.remove_contact,
        name="remove_contact",
    ),
]
