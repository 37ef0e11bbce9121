"""Addresses of the write side: a country's submissions, their review, and the cycles."""

from django.urls import include, path

from scoreboard.views import (
    area,
    colleagues,
    contributor,
    cycles,
    evidence,
    figures,
    focal,
    messages,
    people,
    records,
    review,
    saving,
    suggesting,
    threads,
    workbook,
)

submissions = [
    path("", focal.submission_list, name="submission_list"),
    path("<int:pk>/", focal.submission, name="submission"),
    path("<int:pk>/areas/<str:area>/", area.area, name="submission_area"),
    path("<int:pk>/save/", saving.save, name="submission_save"),
    path("<int:pk>/figures/<str:code>/", figures.figures, name="submission_figures"),
    path("<int:pk>/evidence/<str:code>/", evidence.evidence, name="submission_evidence"),
    path("<int:pk>/evidence/<str:code>/<int:piece>/remove/", evidence.remove, name="submission_evidence_remove"),
    path("<int:pk>/evidence/<str:code>/<int:piece>/keep/", evidence.keep, name="submission_evidence_keep"),
    path("<int:pk>/files/<int:piece>/", evidence.file, name="evidence_file"),
    path("<int:pk>/gaps/", focal.gaps, name="submission_gaps"),
    path("<int:pk>/read/", focal.read, name="submission_read"),
    path("<int:pk>/submit/", focal.submit, name="submission_submit"),
    path("<int:pk>/on-behalf/", focal.enter_on_behalf, name="submission_enter_on_behalf"),
    path("<int:pk>/recall/", focal.recall, name="submission_recall"),
    path("<int:pk>/history/", focal.history, name="submission_history"),
    path("<int:pk>/history/<str:code>/", records.answer_history, name="submission_answer_history"),
    path("<int:pk>/receipts/", records.check_receipt, name="submission_check_receipt"),
    path("<int:pk>/receipts/<int:number>/", records.receipt, name="submission_receipt"),
    path("<int:pk>/compare/", records.compare, name="submission_compare"),
    path("<int:pk>/versions/<int:number>/", focal.version, name="submission_version"),
    path("<int:pk>/contributors/", colleagues.contributors, name="submission_contributors"),
    path("<int:pk>/contributors/<int:part>/", colleagues.contributor, name="submission_contributor"),
    path("<int:pk>/contributors/<int:part>/remove/", colleagues.remove, name="submission_contributor_remove"),
    path("<int:pk>/contributors/<int:part>/remind/", colleagues.remind, name="submission_contributor_remind"),
    path("<int:pk>/suggestions/", colleagues.suggestions, name="submission_suggestions"),
    path("<int:pk>/suggestions/<int:suggestion>/", colleagues.suggestion, name="submission_suggestion"),
    path("<int:pk>/handover/", colleagues.handover, name="submission_handover"),
    path("<int:pk>/workbook/", workbook.workbook, name="submission_workbook"),
    path("<int:pk>/workbook/file/", workbook.file, name="submission_workbook_file"),
    path("<int:pk>/workbook/upload/", workbook.upload, name="submission_workbook_upload"),
    path("<int:pk>/workbook/take/", workbook.take, name="submission_workbook_take"),
    path("<int:pk>/reopening/", threads.ask_to_reopen, name="submission_ask_to_reopen"),
]

contributions = [
    path("", contributor.contribution_list, name="contribution_list"),
    path("<int:pk>/", contributor.contribution, name="contribution"),
    path("<int:pk>/<str:code>/", contributor.contribution_indicator, name="contribution_indicator"),
    path("<int:pk>/<str:code>/figures/", suggesting.figures, name="contribution_figures"),
    path("<int:pk>/<str:code>/evidence/", suggesting.evidence, name="contribution_evidence"),
    path("<int:pk>/<str:code>/evidence/<int:piece>/remove/", suggesting.take_back, name="contribution_take_back"),
    path("<int:pk>/<str:code>/withdraw/", suggesting.withdraw, name="contribution_withdraw"),
    path("<int:pk>/files/<int:piece>/", suggesting.file, name="contribution_file"),
]

dialogue = [
    path("", threads.thread_list, name="thread_list"),
    path("<int:pk>/", threads.thread, name="thread"),
    path("<int:pk>/close/", threads.close, name="thread_close"),
]

review_desk = [
    path("", review.queue, name="review_queue"),
    path("messages/", messages.message_list, name="message_list"),
    path("messages/<int:pk>/", messages.decide, name="message_decide"),
    path("<int:pk>/", review.review, name="review"),
    path("<int:pk>/claim/", review.claim, name="review_claim"),
    path("<int:pk>/release/", review.release, name="review_release"),
    path("<int:pk>/flags/<str:code>/", review.flag, name="review_flag"),
    path("<int:pk>/return/", review.return_for_changes, name="review_return"),
    path("<int:pk>/accept/", review.accept, name="review_accept"),
    path("<int:pk>/reopen/", review.reopen, name="review_reopen"),
    path("<int:pk>/leave/", review.leave, name="review_leave"),
    path("<int:pk>/rejoin/", review.rejoin, name="review_rejoin"),
    path("<int:pk>/reopen/refuse/", threads.refuse_reopen, name="review_refuse_reopen"),
    path("<int:pk>/threads/<str:code>/", threads.open_thread, name="review_thread"),
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
    path("people/", people.people, name="people"),
    path("submissions/", include(submissions)),
    path("contributions/", include(contributions)),
    path("threads/", include(dialogue)),
    path("review/", include(review_desk)),
    path("cycles/", include(calendar)),
]
