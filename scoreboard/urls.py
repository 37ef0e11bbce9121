"""Addresses of the write side: a country's submissions, their review, and the cycles."""

from collections.abc import Callable
from typing import Any

from django.urls import include, path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

import scoreboard.converters  # noqa: F401 gives addresses their numbers
from scoreboard.views import (
    accepting,
    access_requests,
    activity,
    area,
    board,
    contributions,
    contributors,
    country_history,
    cycles,
    data_tables,
    editions,
    enquiries,
    evidence,
    feedback,
    invitation_file,
    messages,
    on_behalf,
    organisations,
    people,
    records,
    rehearsal,
    reminders,
    requests,
    review,
    roles,
    saving,
    statement_decisions,
    statements,
    submissions,
    suggestions,
    threads,
    workbook,
    workshop_room,
    workshops,
)


def _moved(name: str) -> Callable[..., Any]:
    """Return a view that leads an old address to the one called `name`, with its query."""
    return require_safe(RedirectView.as_view(pattern_name=name, permanent=True, query_string=True))


submission_urls = [
    path("", submissions.submission_list, name="submission_list"),
    path("countries/<str:code>/", country_history.country_history, name="country_history"),
    path("countries/<str:code>/focal-points/", roles.focal_points, name="country_focal_points"),
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
    path("<number:pk>/ask/", enquiries.ask, name="submission_ask"),
    path("<number:pk>/extension/", requests.ask_for_extension, name="submission_ask_for_extension"),
    path("<number:pk>/not-this-time/", submissions.decline, name="submission_decline"),
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

workshop_urls = [
    path("", workshop_room.door, name="workshop_door"),
    path("submissions/<number:pk>/<str:area>/", workshops.workshop_list, name="workshop_list"),
    path("sessions/<number:pk>/", workshops.workshop, name="workshop"),
    path("sessions/<number:pk>/screen/", workshops.projector, name="workshop_projector"),
    path("sessions/<number:pk>/counts/", workshops.counts, name="workshop_counts"),
    path("sessions/<number:pk>/admit/", workshops.admit, name="workshop_admit"),
    path("sessions/<number:pk>/people/<number:participant>/", workshops.turn_away, name="workshop_turn_away"),
    path("sessions/<number:pk>/ask/", workshops.ask, name="workshop_ask"),
    path("sessions/<number:pk>/show/", workshops.show, name="workshop_show"),
    path("sessions/<number:pk>/record/<str:code>/", workshops.record, name="workshop_record"),
    path("sessions/<number:pk>/end/", workshops.end, name="workshop_end"),
    path("<str:code>/", workshop_room.room, name="workshop_room"),  # printed and scanned, so it is short
    path("<str:code>/poll/", workshop_room.poll, name="workshop_poll"),
    path("<str:code>/rate/", workshop_room.rate, name="workshop_rate"),
]

thread_urls = [
    path("", threads.thread_list, name="thread_list"),
    path("<number:pk>/", threads.thread, name="thread"),
    path("<number:pk>/close/", threads.close, name="thread_close"),
    path("enquiries/", enquiries.enquiry_list, name="enquiry_list"),
    path("enquiries/<number:pk>/", enquiries.enquiry, name="enquiry"),
    path("enquiries/<number:pk>/close/", enquiries.close, name="enquiry_close"),
    path("enquiries/<number:pk>/share/", enquiries.share, name="enquiry_share"),
    path("answers/<number:pk>/withdraw/", enquiries.withdraw, name="shared_answer_withdraw"),
    path("answers/<str:code>/", enquiries.shared_answers, name="shared_answers"),
]

review_urls = [
    path("", review.queue, name="review_queue"),
    path("activity/", activity.activity_list, name="activity_list"),
    path("activity/file.<str:kind>", activity.export, name="activity_export"),
    path("activity/check/", activity.check, name="activity_check"),
    path("rehearsal/", rehearsal.rehearsal_page, name="rehearsal"),
    path("messages/", messages.message_list, name="message_list"),
    path("messages/addresses/", messages.addresses, name="message_addresses"),
    path("messages/<number:pk>/", messages.message, name="message"),
    path("messages/<number:pk>/decide/", messages.decide, name="message_decide"),
    path("requests/", requests.request_list, name="request_list"),
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
    path("<number:pk>/extend/refuse/", requests.refuse_extension, name="review_refuse_extension"),
]

statement_urls = [
    path("", statements.statement_list, name="statement_list"),
    path("new/<slug:code>/", statements.new, name="statement_new"),
    path("<number:pk>/", statements.statement, name="statement"),
    path("<number:pk>/edit/", statements.edit, name="statement_edit"),
    path("<number:pk>/files/", statements.pieces, name="statement_pieces"),
    path("<number:pk>/files/<number:piece>/", statements.piece, name="statement_piece"),
    path("<number:pk>/files/<number:piece>/remove/", statements.remove, name="statement_remove"),
    path("<number:pk>/file/", statements.file, name="statement_file"),
    path("<number:pk>/delete/", statements.delete, name="statement_delete"),
    path("<number:pk>/withdraw/", statements.withdraw, name="statement_withdraw"),
    path("<number:pk>/share/", statement_decisions.share, name="statement_share"),
    path("<number:pk>/reply/", statement_decisions.reply, name="statement_reply"),
    path("<number:pk>/publish/", statement_decisions.publish, name="statement_publish"),
    path("<number:pk>/refuse/", statement_decisions.refuse, name="statement_refuse"),
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
    path("by-network/", cycles.by_network, name="cycle_by_network"),
    path("<slug:code>/", board.cycle_board, name="cycle_board"),
    path("<slug:code>/board.<str:kind>", board.export, name="cycle_export"),
    path("<slug:code>/views/", board.views, name="cycle_views"),
    path("<slug:code>/countries/<str:iso2>/", board.country, name="cycle_country"),
    path("<slug:code>/remind/", board.remind, name="cycle_remind"),
    path("<slug:code>/announce/", board.announce, name="cycle_announce"),
    path("<slug:code>/extend/", board.extend, name="cycle_extend"),
    path("<slug:code>/reminders/", reminders.schedule, name="cycle_reminders"),
    path("<slug:code>/edit/", cycles.edit, name="cycle_edit"),
    path("<slug:code>/open/", cycles.open_cycle, name="cycle_open"),
    path("<slug:code>/day/", cycles.on_a_day, name="cycle_on_a_day"),
    path("<slug:code>/feedback/", feedback.summary, name="cycle_feedback"),
    path("<slug:code>/delete/", cycles.delete, name="cycle_delete"),
]

people_urls = [
    path("", people.people, name="people"),
    path("<number:pk>/", people.person, name="people_person"),
    path("changes/", people.changes, name="people_changes"),
    path("countries/", people.countries, name="people_countries"),
    path("countries/<str:code>/", people.country, name="people_country"),
    path("countries/<str:code>/join/", organisations.join_as_country, name="country_join"),
    path("organisations/", people.organisations, name="people_organisations"),
    path("organisations/new/", organisations.new, name="organisation_new"),
    path("organisations/<number:pk>/", people.organisation, name="people_organisation"),
    path("organisations/<number:pk>/edit/", organisations.edit, name="organisation_edit"),
    path("organisations/<number:pk>/join/", organisations.join_as_organisation, name="organisation_join"),
    path("memberships/<number:pk>/", organisations.membership, name="network_membership"),
    path("networks/<slug:code>/", organisations.network, name="people_network"),
    path("invite/", roles.invite, name="people_invite"),
    path("import/", invitation_file.upload, name="people_import"),
    path("import/confirm/", invitation_file.confirm, name="people_import_confirm"),
    path("roles/<number:pk>/", roles.role, name="role"),
    path("roles/<number:pk>/end/", roles.end, name="role_end"),
    path("roles/<number:pk>/again/", roles.send_again, name="role_again"),
    path("roles/<number:pk>/handover/", roles.hand_over, name="role_hand_over"),
    path("requests/", _moved("request_list"), name="access_request_list"),
    path("requests/<number:pk>/", access_requests.answer, name="access_request"),
]

urlpatterns = [
    path("people/", include(people_urls)),
    path("submissions/", include(submission_urls)),
    path("contributions/", include(contribution_urls)),
    path("workshops/", include(workshop_urls)),
    path("threads/", include(thread_urls)),
    path("statements/", include(statement_urls)),
    path("review/editions/", include(edition_urls)),
    path("review/", include(review_urls)),
    path("cycles/", include(cycle_urls)),
]
