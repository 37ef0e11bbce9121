"""Addresses of the write side: a country's submissions, their review, and the cycles."""

from django.urls import include, path

from scoreboard.views import cycles, focal, review

submissions = [
    path("", focal.submission_list, name="submission_list"),
    path("<int:pk>/", focal.submission, name="submission"),
    path("<int:pk>/areas/<str:area>/", focal.area, name="submission_area"),
    path("<int:pk>/gaps/", focal.gaps, name="submission_gaps"),
    path("<int:pk>/read/", focal.read, name="submission_read"),
    path("<int:pk>/submit/", focal.submit, name="submission_submit"),
    path("<int:pk>/recall/", focal.recall, name="submission_recall"),
    path("<int:pk>/history/", focal.history, name="submission_history"),
    path("<int:pk>/versions/<int:number>/", focal.version, name="submission_version"),
]

review_desk = [
    path("", review.queue, name="review_queue"),
    path("<int:pk>/", review.review, name="review"),
    path("<int:pk>/claim/", review.claim, name="review_claim"),
    path("<int:pk>/release/", review.release, name="review_release"),
    path("<int:pk>/flags/<str:code>/", review.flag, name="review_flag"),
    path("<int:pk>/return/", review.return_for_changes, name="review_return"),
    path("<int:pk>/accept/", review.accept, name="review_accept"),
    path("<int:pk>/reopen/", review.reopen, name="review_reopen"),
    path("<int:pk>/extend/", review.extend, name="review_extend"),
]

calendar = [
    path("", cycles.cycle_list, name="cycle_list"),
    path("new/", cycles.new, name="cycle_new"),
    path("<slug:code>/", cycles.board, name="cycle_board"),
    path("<slug:code>/edit/", cycles.edit, name="cycle_edit"),
    path("<slug:code>/open/", cycles.open_cycle, name="cycle_open"),
]

urlpatterns = [
    path("submissions/", include(submissions)),
    path("review/", include(review_desk)),
    path("cycles/", include(calendar)),
]
