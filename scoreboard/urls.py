"""Addresses of the write side: a country's submissions, their review, and the cycles."""

from django.urls import include, path

import scoreboard.converters  # noqa: F401 gives addresses their numbers
from scoreboard.views import (
    accepting,
    area,
    contributions,
    contributors,
    cycles,
    data_tables,
    editions,
    evidence,
    feedback,
    messages,
    on_behalf,
    people,
    records,
    rehearsal,
    review,
    saving,
    submissions,
    suggestions,
    threads,
    workbook,
)

submission_urls = [
    path("", submissions.submission_list, name="submission_list"),
    path("<number:pk>/", submissions.submission, name="submission"),
    path("<number:pk>/areas/<str:area>/", area.area, name="submission_area"),
    path("<number:pk>/save/", saving.save, name="submission_save"),
    path("<number:pk>/figures/<str:code>/", data_tables.figures, name="submission_figures"),
    path("<number:pk>/evidence/<str:code>/", evidence.evidence, name="submission_evidence"),
    path("<number:pk>/evidence/<str:code>/<number:piece>/remove/", evidence.remove, name="submission_evidence_remove"),
    path("<number:pk>/evidence/<str:code>/<number:piece>/keep/", evidence.keep, name="submission_evidence_keep"),
    path("<number:pk>/files/<number:piece>/", evidence.file, name="evidence_file"),
    path("<number:pk>/gaps/", submissions.gaps, name="submission_gaps"),
    path("<number:pk>/read/", submissions.read, name="submission_read"),
    path("<number:pk>/submit/", submissions.submit, name="submission_submit"),
    path("<number:pk>/on-behalf/", submissions.enter_on_behalf, name="submission_enter_on_behalf"),
    path("<number:pk>/on-behalf/source/", on_behalf.source, name="submission_source"),
    path("<number:pk>/on-behalf/source/<number:source>/", on_behalf.scan, name="submission_scan"),
    path("<number:pk>/recall/", submissions.recall, name="submission_recall"),
    path("<number:pk>/history/", submissions.history, name="submission_history"),
    path("<number:pk>/history/<str:code>/", records.answer_history, name="submission_answer_history"),
    path("<number:pk>/receipts/", records.check_receipt, name="submission_check_receipt"),
    path("<number:pk>/receipts/<number:number>/", records.receipt, name="submission_receipt"),
    path("<number:pk>/compare/", records.compare, name="submission_compare"),
    path("<number:pk>/versions/<number:number>/", submissions.version, name="submission_version"),
    path("<number:pk>/contributors/", contributors.contributors, name="submission_contributors"),
    path("<number:pk>/contributors/<number:part>/", contributors.contributor, name="submission_contributor"),
    path("<number:pk>/contributors/<number:part>/remove/", contributors.remove, name="submission_contributor_remove"),
    path("<number:pk>/contributors/<number:part>/remind/", contributors.remind, name="submission_contributor_remind"),
    path("<number:pk>/suggestions/", contributors.suggestions, name="submission_suggestions"),
    path("<number:pk>/suggestions/<number:suggestion>/", contributors.suggestion, name="submission_suggestion"),
    path("<number:pk>/handover/", contributors.handover, name="submission_handover"),
    path("<number:pk>/workbook/", workbook.workbook, name="submission_workbook"),
    path("<number:pk>/workbook/file/", workbook.file, name="submission_workbook_file"),
    path("<number:pk>/workbook/upload/", workbook.upload, name="submission_workbook_upload"),
    path("<number:pk>/workbook/take/", workbook.take, name="submission_workbook_take"),
    path("<number:pk>/feedback/", feedback.give, name="submission_feedback"),
    path("<number:pk>/reopening/", threads.ask_to_reopen, name="submission_ask_to_reopen"),
]

contribution_urls = [
    path("", contributions.contribution_list, name="contribution_list"),
    path("<number:pk>/", contributions.contribution, name="contribution"),
    path("<number:pk>/<str:code>/", contributions.contribution_indicator, name="contribution_indicator"),
    path("<number:pk>/<str:code>/save/", contributions.contribution_save, name="contribution_save"),
    path("<number:pk>/<str:code>/figures/", suggestions.figures, name="contribution_figures"),
    path("<number:pk>/<str:code>/evidence/", suggestions.evidence, name="contribution_evidence"),
    path(
        "<number:pk>/<str:code>/evidence/<number:piece>/remove/", suggestions.take_back, name="contribution_take_back"
    ),
    path("<number:pk>/<str:code>/withdraw/", suggestions.withdraw, name="contribution_withdraw"),
    path("<number:pk>/files/<number:piece>/", suggestions.file, name="contribution_file"),
]

thread_urls = [
    path("", threads.thread_list, name="thread_list"),
    path("<number:pk>/", threads.thread, name="thread"),
    path("<number:pk>/close/", threads.close, name="thread_close"),
]

review_urls = [
    path("", review.queue, name="review_queue"),
    path("rehearsal/", rehearsal.rehearsal_page, name="rehearsal"),
    path("messages/", messages.message_list, name="message_list"),
    path("messages/<number:pk>/", messages.decide, name="message_decide"),
    path("<number:pk>/", review.review, name="review"),
    path("<number:pk>/areas/<str:area>/", review.area, name="review_area"),
    path("<number:pk>/claim/", review.claim, name="review_claim"),
    path("<number:pk>/release/", review.release, name="review_release"),
    path("<number:pk>/evidence/", review.evidence, name="review_evidence"),
    path("<number:pk>/pass-on/", accepting.pass_on, name="review_pass_on"),
    path("<number:pk>/looked-at/<str:code>/", review.look, name="review_look"),
    path("<number:pk>/flags/<str:code>/", review.flag, name="review_flag"),
    path("<number:pk>/return/", review.return_for_changes, name="review_return"),
    path("<number:pk>/accept/", accepting.accept, name="review_accept"),
    path("<number:pk>/approval/withdraw/", accepting.disapprove, name="review_disapprove"),
    path("<number:pk>/reopen/", review.reopen, name="review_reopen"),
    path("<number:pk>/leave/", review.leave, name="review_leave"),
    path("<number:pk>/rejoin/", review.rejoin, name="review_rejoin"),
    path("<number:pk>/reopen/refuse/", threads.refuse_reopen, name="review_refuse_reopen"),
    path("<number:pk>/threads/<str:code>/", threads.open_thread, name="review_thread"),
    path("<number:pk>/extend/", review.extend, name="review_extend"),
]

edition_urls = [
    path("", editions.edition_list, name="edition_list"),
    path("import/", editions.import_file, name="edition_import_file"),
    path("<slug:code>/", editions.edition, name="edition"),
    path("<slug:code>/compare/<slug:other>/", editions.compare, name="edition_compare"),
    path("<slug:code>/duplicate/", editions.duplicate, name="edition_duplicate"),
    path("<slug:code>/texts/", editions.texts, name="edition_texts"),
    path("<slug:code>/texts/<str:area>/", editions.texts, name="edition_area_texts"),
    path("<slug:code>/close/", editions.close, name="edition_close"),
    path("<slug:code>/export.yaml", editions.export, name="edition_export"),
]

cycle_urls = [
    path("", cycles.cycle_list, name="cycle_list"),
    path("new/", cycles.new, name="cycle_new"),
    path("effects/", cycles.effects, name="cycle_effects"),
    path("<slug:code>/", cycles.board, name="cycle_board"),
    path("<slug:code>/edit/", cycles.edit, name="cycle_edit"),
    path("<slug:code>/open/", cycles.open_cycle, name="cycle_open"),
    path("<slug:code>/day/", cycles.on_a_day, name="cycle_on_a_day"),
    path("<slug:code>/feedback/", feedback.summary, name="cycle_feedback"),
    path("<slug:code>/delete/", cycles.delete, name="cycle_delete"),
]

urlpatterns = [
    path("people/", people.people, name="people"),
    path("submissions/", include(submission_urls)),
    path("contributions/", include(contribution_urls)),
    path("threads/", include(thread_urls)),
    path("review/editions/", include(edition_urls)),
    path("review/", include(review_urls)),
    path("cycles/", include(cycle_urls)),
]
