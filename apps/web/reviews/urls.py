"""Addresses of the inbox."""

from django.urls import path

from apps.web.reviews import imports, views, writes

app_name = "reviews"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("import/", imports.start, name="import"),
    path("import/<uuid:run_id>/", imports.show, name="import_run"),
    path("import/<uuid:run_id>/progress/", imports.show_progress, name="import_progress"),
    path("import/<uuid:run_id>/commit/", imports.commit, name="import_commit"),
    path("import/<uuid:run_id>/cancel/", imports.cancel, name="import_cancel"),
    path("import/<uuid:run_id>/rejects.csv", imports.download_rejects, name="import_rejects"),
    path("<uuid:review_id>/", views.review, name="review"),
    path("<uuid:review_id>/assign/", writes.assign, name="assign"),
    path("<uuid:review_id>/snooze/", writes.snooze, name="snooze"),
    path("<uuid:review_id>/resolve/", writes.resolve, name="resolve"),
    path("<uuid:review_id>/reopen/", writes.reopen, name="reopen"),
    path("<uuid:review_id>/tags/", writes.tag, name="tag"),
    path("<uuid:review_id>/notes/", writes.note, name="note"),
    path("<uuid:review_id>/check/", writes.check, name="check"),
    path("<uuid:review_id>/draft/", writes.draft, name="draft"),
    path("<uuid:review_id>/reply/", writes.reply, name="reply"),
    path("<uuid:review_id>/replies/<uuid:reply_id>/undo/", writes.undo, name="undo"),
]
