"""The table of pages and their states, written by hand, and how a browser comes to each."""

from dataclasses import dataclass

from django.urls import reverse
from playwright.sync_api import Page

from tests.world import World

# The state, who looks, the address (or its name in tests/addresses.py), and the heading that must be there.
#   error: the page's form is sent empty · invalid: an answer that the ladder does not have is sent
#   no note: a suggestion is declined without the note that this needs
#   conflict: answers are sent that somebody else has changed meanwhile
TABLE = """
empty      | nobody      | home                                        | Welcome, Noel Nobody
filled     | visitor     | home                                        | Αυτοαξιολόγηση βιοασφάλειας λιμένων
filled     | focal       | home                                        | Welcome, focal MT
filled     | foreign     | home                                        | Welcome, focal GR
filled     | contributor | home                                        | Welcome, contributor MT
filled     | observer    | home                                        | Welcome, observer
filled     | analyst     | home                                        | Welcome, analyst
filled     | officer     | home                                        | Welcome, Officer
filled     | admin       | home                                        | Welcome, Ada Administrator
filled     | visitor     | set_language                                | Language
filled     | visitor     | privacy                                     | Privacy notice
filled     | visitor     | accessibility                               | Accessibility
filled     | focal       | help                                        | Help
filled     | visitor     | account_login                               | Sign in
error      | visitor     | account_login                               | Sign in
filled     | focal       | account_logout                              | Sign out?
filled     | visitor     | account_signup                              | Accounts are by invitation
filled     | visitor     | account_inactive                            | This account is closed
filled     | focal       | account_reauthenticate                      | Confirm that it is you
error      | focal       | account_reauthenticate                      | Confirm that it is you
filled     | focal       | account_email                               | E-mail address
filled     | focal       | profile                                     | Profile
error      | officer     | profile                                     | Profile
empty      | focal       | session_list                                | Where you are signed in
empty      | officer     | token_list                                  | Tokens for the API
filled     | focal       | token_list                                  | Tokens for the API
error      | focal       | token_list                                  | Tokens for the API
filled     | focal       | token_end token                             | End the token?
empty      | officer     | mfa_index                                   | Second factor
filled     | focal       | mfa_index                                   | Second factor
filled     | officer     | mfa_activate_totp                           | Set up an authenticator app
error      | officer     | mfa_activate_totp                           | Set up an authenticator app
filled     | focal       | mfa_deactivate_totp                         | Remove the authenticator app?
filled     | focal       | mfa_reauthenticate                          | Confirm that it is you
error      | focal       | mfa_reauthenticate                          | Confirm that it is you
filled     | focal       | mfa_view_recovery_codes                     | Recovery codes
filled     | focal       | mfa_generate_recovery_codes                 | Make new recovery codes?
empty      | officer     | mfa_list_webauthn                           | Passkeys
filled     | focal       | mfa_list_webauthn                           | Passkeys
filled     | focal       | mfa_add_webauthn                            | Add a passkey
filled     | focal       | mfa_reauthenticate_webauthn                 | Confirm that it is you
filled     | focal       | mfa_edit_webauthn passkey                   | Rename the passkey
error      | focal       | mfa_edit_webauthn passkey                   | Rename the passkey
filled     | focal       | mfa_remove_webauthn passkey                 | Remove the passkey?
filled     | visitor     | account_email_verification_sent             | Confirm your e-mail address
filled     | focal       | account_confirm_email proof                 | Confirm your new address
refused    | focal       | account_confirm_email key                   | Your address was not changed
filled     | focal       | account_change_password                     | Change your password
error      | focal       | account_change_password                     | Change your password
filled     | visitor     | account_reset_password                      | Reset your password
error      | visitor     | account_reset_password                      | Reset your password
filled     | visitor     | account_reset_password_done                 | Check your e-mail
filled     | visitor     | account_reset_password_from_key uid key     | Choose your password
error      | visitor     | account_reset_password_from_key uid key     | Choose your password
refused    | visitor     | account_reset_password_from_key uid no      | This link no longer works
filled     | visitor     | account_reset_password_from_key_done        | Your password is saved
expired    | visitor     | invitation expired                          | This link no longer works
used       | visitor     | invitation spent                            | This link was used already
refused    | visitor     | invitation key                              | This link no longer works
empty      | focal       | invitation_list                             | Roles and invitations
filled     | nobody      | invitation_list                             | Roles and invitations
filled     | officer     | invitation_list                             | Roles and invitations
filled     | visitor     | access                                      | Ask for access
error      | visitor     | access                                      | Ask for access
filled     | visitor     | access_asked                                | Look into your e-mail
filled     | visitor     | access_prove asking                         | Confirm your request
refused    | visitor     | access_prove key                            | This link no longer works
filled     | officer     | people                                      | People
filled     | officer     | people_person person                        | focal MT
filled     | officer     | people_changes                              | Invitations and changes
filled     | officer     | people_countries                            | Countries and their focal points
filled     | officer     | people_country mt                           | Malta
filled     | officer     | country_join mt                             | Networks of Malta
error      | officer     | country_join mt                             | Networks of Malta
filled     | officer     | people_organisations                        | Organisations
filled     | officer     | people_organisation organisation            | Organisation of observer
filled     | officer     | organisation_new                            | Add an organisation
error      | officer     | organisation_new                            | Add an organisation
filled     | officer     | organisation_edit organisation              | Change Organisation of observer
filled     | officer     | organisation_join organisation              | Networks of Organisation of observer
filled     | officer     | network_membership membership               | Organisation of observer · Harbour network
filled     | officer     | people_network network                      | Harbour network
filled     | officer     | people_invite                               | Invite somebody
error      | officer     | people_invite                               | Invite somebody
filled     | officer     | people_import                               | Invite many from a file
error      | officer     | people_import                               | Invite many from a file
filled     | officer     | role holding                                | Focal point · Malta
filled     | officer     | role_end holding                            | End this role: Focal point · Malta?
error      | officer     | role_end holding                            | End this role: Focal point · Malta?
filled     | observer    | role_end role                               | Withdraw this invitation: Analyst
filled     | officer     | role_hand_over holding                      | Hand over: Focal point · Malta
error      | officer     | role_hand_over holding                      | Hand over: Focal point · Malta
filled     | focal       | country_focal_points mt                     | Focal points of Malta
error      | focal       | country_focal_points mt                     | Focal points of Malta
filled     | officer     | access_request asked                        | Ines Newcomer asks for access
empty      | nobody      | submission_list                             | Submissions
filled     | focal       | submission_list                             | Submissions
filled     | focal       | country_history mt                          | All cycles of Malta
filled     | officer     | country_history mt                          | All cycles of Malta
empty      | foreign     | country_history gr                          | All cycles of Greece
filled     | officer     | commitment_list                             | Steps promised
filled     | focal       | commitment_country mt                       | Steps promised by Malta
empty      | foreign     | commitment_country gr                       | Steps promised by Greece
filled     | focal       | commitment step                             | Step on P1
filled     | focal       | commitment_publication step                 | Publish the step?
error      | focal       | submission_commitment draft step            | What became of the step on P1?
empty      | foreign     | submission foreign                          | Greece
filled     | focal       | submission draft                            | Malta
late       | focal       | submission submitted                        | Malta
returned   | focal       | submission returned                         | Malta
accepted   | focal       | submission accepted                         | Malta
on behalf  | officer     | submission draft                            | Malta
empty      | foreign     | submission_area foreign P                   | P Προετοιμασία
filled     | focal       | submission_area returned Q                  | Q Επιτήρηση
returned   | focal       | submission_area returned P                  | P Προετοιμασία
invalid    | focal       | submission_area draft P                     | P Προετοιμασία
conflict   | focal       | submission_area returned P                  | P Προετοιμασία
read-only  | focal       | submission_area submitted P                 | P Προετοιμασία
read-only  | analyst     | submission_area accepted Q                  | Q Επιτήρηση
filled     | focal       | submission_gaps draft                       | What is missing
empty      | focal       | submission_gaps returned                    | What is missing
empty      | foreign     | submission_read foreign                     | All answers
filled     | focal       | submission_read accepted                    | All answers
filled     | focal       | submission_submit returned                  | Submit the answers again
error      | focal       | submission_submit returned                  | Submit the answers again
refused    | focal       | submission_submit draft                     | Submit the answers
filled     | focal       | submission_recall submitted                 | Recall the submission?
empty      | foreign     | submission_history foreign                  | History
filled     | focal       | submission_history accepted                 | History
filled     | focal       | submission_version accepted 1               | Version 1
empty      | focal       | workshop_list submitted P                   | Workshop on P
filled     | focal       | workshop_list draft P                       | Workshop on P
filled     | focal       | workshop workshop                           | Lead the workshop on P
filled     | focal       | workshop_projector workshop                 | P1 Σχέδιο
filled     | focal       | workshop_record workshop P1                 | Record what was agreed on P1
error      | focal       | workshop_record workshop P1                 | Record what was agreed on P1
filled     | focal       | workshop_end workshop                       | End the workshop?
filled     | visitor     | workshop_door                               | Join a workshop
error      | visitor     | workshop_door                               | Join a workshop
filled     | visitor     | workshop_room room                          | Join the workshop
error      | visitor     | workshop_room room                          | Join the workshop
refused    | visitor     | workshop_room QQQ-QQQ-QQQ                   | Nothing opens here
filled     | officer     | review_queue                                | Review
filled     | officer     | message_list                                | E-mails
filled     | officer     | message mail                                | Set a new password for Scoreboard portal
filled     | officer     | message_addresses                           | Addresses that do not work
filled     | officer     | request_list                                | Requests
filled     | officer     | review_refuse_extension foreign             | Give Greece no more time
error      | officer     | review_refuse_extension foreign             | Give Greece no more time
filled     | focal       | submission_ask_for_extension draft          | Ask for more time
error      | focal       | submission_ask_for_extension draft          | Ask for more time
filled     | focal       | submission_decline draft                    | Malta will not report this time
filled     | officer     | activity_list                               | Activity
filled     | officer     | activity_check                              | Check of the log
no worker  | focal       | submission_pdf draft                        | The PDF is being made
filled     | officer     | review draft                                | Malta
late       | officer     | review_area submitted P                     | P Προετοιμασία
read-only  | analyst     | review_area submitted Q                     | Q Επιτήρηση
returned   | officer     | review_area returned P                      | P Προετοιμασία
accepted   | officer     | review_area accepted P                      | P Προετοιμασία
filled     | officer     | review_return submitted                     | Return the submission of Malta
error      | officer     | review_return submitted                     | Return the submission of Malta
filled     | officer     | review_accept submitted                     | Accept the submission of Malta
two        | officer     | review_area claimed P                       | P Προετοιμασία
two        | officer     | review_accept claimed                       | Confirm the submission of Cyprus
filled     | officer     | review_pass_on claimed                      | Pass on the review of Cyprus
error      | officer     | review_pass_on claimed                      | Pass on the review of Cyprus
filled     | officer     | review_reopen accepted                      | Reopen the submission of Malta
error      | officer     | review_reopen accepted                      | Reopen the submission of Malta
filled     | officer     | submission_enter_on_behalf draft            | Enter answers on behalf of Malta
error      | officer     | submission_enter_on_behalf draft            | Enter answers on behalf of Malta
filled     | officer     | submission_source paper                     | Where do these answers come from?
error      | officer     | submission_source paper                     | Where do these answers come from?
filled     | officer     | review_extend draft                         | Extend the dates of Malta
error      | officer     | review_extend draft                         | Extend the dates of Malta
filled     | officer     | review_leave draft                          | Take Malta out of the cycle
error      | officer     | review_leave draft                          | Take Malta out of the cycle
empty      | nobody      | cycle_list                                  | Cycles
filled     | officer     | cycle_list                                  | Cycles
filled     | focal       | cycle_list                                  | Cycles
empty      | officer     | cycle_new                                   | Set up a cycle
error      | officer     | cycle_new                                   | Set up a cycle
filled     | officer     | cycle_board 2026                            | Scoreboard 2026
example    | officer     | cycle_board 2021                            | Scoreboard 2021
read-only  | analyst     | cycle_board 2026                            | Scoreboard 2026
filled     | officer     | cycle_views 2026                            | Views of the board
filled     | officer     | cycle_country 2026 mt                       | Note on Malta
filled     | officer     | cycle_remind 2026                           | Remind countries
filled     | officer     | cycle_announce 2026                         | Announce
error      | officer     | cycle_announce 2026                         | Announce
error      | officer     | cycle_extend 2026                           | Extend countries
filled     | officer     | cycle_reminders 2026                        | Reminders of Scoreboard 2026
filled     | officer     | cycle_edit 2026                             | Edit Scoreboard 2026
error      | officer     | cycle_edit 2029                             | Edit Scoreboard 2029
filled     | officer     | cycle_open 2029                             | Open Scoreboard 2029
refused    | officer     | cycle_open 2026                             | Open Scoreboard 2026
filled     | officer     | cycle_on_a_day 2026                         | If today were another day
filled     | officer     | cycle_delete 2029                           | Delete Scoreboard 2029
refused    | officer     | cycle_delete 2026                           | Delete Scoreboard 2026
empty      | officer     | cycle_feedback 2026                         | Feedback on Scoreboard 2026
filled     | focal       | submission_feedback submitted               | How did it go?
error      | focal       | submission_feedback submitted               | How did it go?
filled     | officer     | earlier_rounds                              | Results of earlier rounds
filled     | officer     | earlier_rounds_bring_in                     | Bring in results of an earlier round
error      | officer     | earlier_rounds_bring_in                     | Bring in results of an earlier round
filled     | officer     | earlier_rounds_undo import                  | Undo this import
filled     | officer     | rehearsal                                   | Rehearsal
error      | officer     | rehearsal                                   | Rehearsal
filled     | officer     | letter_list 2026                            | Letters to governments
empty      | officer     | letter_list 2029                            | Letters to governments
filled     | officer     | letter_new 2026 thanks                      | Thanks for reporting
error      | officer     | letter_new 2026 thanks                      | Thanks for reporting
filled     | officer     | letter 2026 letter                          | Thanks for reporting
filled     | officer     | edition_list                                | Editions of the questionnaire
filled     | officer     | edition used                                | Αυτοαξιολόγηση λιμένων 2021
filled     | officer     | edition_compare used used                   | Αυτοαξιολόγηση λιμένων 2021
filled     | officer     | edition_texts unused                        | Texts of Scoreboard 2017
filled     | officer     | edition_area_texts unused A                 | Texts of area A
error      | officer     | edition_duplicate unused                    | Duplicate Scoreboard 2017
filled     | officer     | edition_close unused                        | Close the wording of Scoreboard 2017
filled     | officer     | edition_import_file                         | Import an edition
filled     | officer     | chapter_approve_several built               | Approve texts
filled     | visitor     | report_list                                 | Assessments
filled     | officer     | report_list                                 | Assessments
empty      | nobody      | space_list                                  | Spaces
filled     | focal       | space_list                                  | Spaces
filled     | focal       | space_search                                | Search spaces, questions and resources
filled     | officer     | space_new                                   | Create a space
error      | officer     | space_new                                   | Create a space
filled     | focal       | space space                                 | Enforcement group
filled     | officer     | space space                                 | Enforcement group
archived   | officer     | space old_space                             | Old group
filled     | officer     | space_edit space                            | Edit the space
filled     | observer    | space_members space                         | Members
filled     | officer     | space_members space                         | Members
filled     | officer     | space_member space spacemember              |
filled     | officer     | space_archive space                         | Archive the space?
filled     | officer     | space_delete old_space                      | Delete the space for good?
filled     | focal       | /spaces/search/?q=we                        | Search spaces, questions and resources
unknown    | focal       | /spaces/search/?q=nothing%20has%20this      | Search spaces, questions and resources
filled     | observer    | discussion_new space                        | Open a discussion
filled     | officer     | discussion discussion                       | Night patrols
error      | observer    | discussion discussion                       | Night patrols
filled     | officer     | discussion_moderate discussion              | Moderate
filled     | focal       | post_take_back post                         | Take this text back?
filled     | officer     | post_publish post                           | Publish
filled     | focal       | space_papers space                          | Papers
error      | focal       | paper_new space                             | Add a paper
filled     | focal       | paper workplan                             | Work plan
filled     | officer     | meeting_new space                           | Plan a meeting
filled     | officer     | meeting meeting                             | Spring meeting
filled     | officer     | agenda_new meeting                          | Add an item to the agenda
filled     | officer     | agenda_remove second                        | Remove the item?
filled     | officer     | agenda_decision item                        | Enter the decision
filled     | officer     | minutes meeting                             | Minutes
filled     | officer     | published_text_decide own_text              | A note
filled     | focal       | published_text_answer asking_text           | May this be published?
filled     | visitor     | published_text_list                         | Published of spaces
filled     | visitor     | published_text public_text                  | Plan
filled     | visitor     | explore                                     | Explore and compare
filled     | visitor     | /explore/?area=all&compare=MT               | Explore and compare
unknown    | visitor     | /explore/?indicator=99&cycles=1             | Explore and compare
filled     | visitor     | /search/?q=malta                            | Search
empty      | visitor     | search                                      | Search
filled     | visitor     | press 2019                                  | Scoreboard 2019
filled     | visitor     | methodology                                 | How results come about
filled     | officer     | methodology_of unused                       | How results come about
filled     | visitor     | report everyone                             | Scoreboard 2019: results
withdrawn  | officer     | report withdrawn                            | Scoreboard 2019: results
filled     | visitor     | report_part everyone areas                  | Results by area
filled     | visitor     | report_part everyone area-p                 | P. Προετοιμασία
filled     | visitor     | report_part everyone answers                | Answers by country and indicator
filled     | visitor     | report_country everyone MT                  | Malta
filled     | visitor     | report_indicator everyone P1                | P1 Σχέδιο βιοασφάλειας του λιμένα
filled     | visitor     | embed_levels en everyone P                  | P. Προετοιμασία: levels by indicator
filled     | visitor     | embed_country en everyone MT                | Malta: percent by area, with the overall median
filled     | visitor     | embed_country_cycles en mt         | Malta: percent of the possible points, by area and cycle
filled | visitor | embed_group_cycles en southern-europe | Southern Europe: median of its countries, by area and cycle
filled     | visitor     | embed_explore en                            | P Προετοιμασία · 2019
filled     | visitor     | subscribe                                   | Notices by e-mail
error      | visitor     | subscribe                                   | Notices by e-mail
filled     | visitor     | subscribe_asked                             | Look into your e-mail
filled     | visitor     | subscriber subscriber                       | Your subscriptions
refused    | visitor     | subscriber key                              | This link no longer works
filled     | visitor     | subscriber_leave subscriber                 | Leave everything
filled     | officer     | news_list                                   | News
error      | officer     | news_list                                   | News
filled     | visitor     | country_list                                | Countries
filled     | visitor     | country_page mt                             | Malta
filled     | visitor     | indicator_list                              | Areas and indicators
filled     | visitor     | indicator_page P1                           | P1 Σχέδιο βιοασφάλειας του λιμένα
filled     | visitor     | area_page P                                 | P. Προετοιμασία
filled     | visitor     | group_page southern-europe                  | Southern Europe
filled     | visitor     | objective_list                              | Objectives
empty      | officer     | side_by_side                                | Countries side by side
filled     | focal       | side_by_side                                | Countries side by side
filled     | officer     | /side-by-side/?country=MT&country=GR        | Countries side by side
empty      | officer     | country_selections                          | Selections of countries
filled     | officer     | cycle_overview 2019                         | Scoreboard 2019
filled     | visitor     | cycle_chapter 2019 area-p                   | P. Προετοιμασία
filled     | officer     | observer built                              | Scoreboard 2019: results
filled     | analyst     | observer_indicator built P1                 | P1 Σχέδιο βιοασφάλειας του λιμένα
filled     | analyst     | observer_country built MT                   | Malta
filled     | officer     | workbench 2019                              | Workbench of Scoreboard 2019
filled     | officer     | cycle_hearing 2014                          | What countries say: Scoreboard 2014
empty      | officer     | cycle_hearing 2026                          | What countries say: Scoreboard 2026
filled     | focal       | submission_entered earlier                  | Answers from a file
filled     | officer     | submission_entered earlier                  | Answers from a file
filled     | officer     | earlier_report_list 2014                    | Reports of the time: Scoreboard 2014
error      | officer     | earlier_report_list 2014                    | Reports of the time: Scoreboard 2014
filled     | officer     | earlier_report_remove 2014 oldreport        | Remove a report
empty      | officer     | workbench 2026                              | Workbench of Scoreboard 2026
filled     | officer     | workbench_publish built                     | Publish the assessment of Scoreboard 2019
error      | officer     | workbench_publish built                     | Publish the assessment of Scoreboard 2019
empty      | observer    | consultation_list                           | Consultations
filled     | focal       | consultation_list                           | Consultations
filled     | officer     | consultation_list                           | Consultations
filled     | officer     | consultation consultation                   | Consultation on the draft
filled     | analyst     | consultation consultation                   | Consultation on the draft
filled     | officer     | consultation_passages consultation          | Passages and countries
filled     | officer     | consultation_passage consultation 2         | Countries of a passage
filled     | officer     | consultation_move consultation              | Last day of the consultation
error      | officer     | consultation_move consultation              | Last day of the consultation
filled     | analyst     | consultation_comment said                   | Comment of Malta on the draft
error      | analyst     | consultation_comment said                   | Comment of Malta on the draft
filled     | focal       | consultation_country consultation mt        | Draft assessment: Malta
error      | focal       | consultation_country consultation mt        | Draft assessment: Malta
filled     | officer     | workbench_withdraw everyone                 | Withdraw issue 3 of the assessment
error      | officer     | workbench_withdraw everyone                 | Withdraw issue 3 of the assessment
filled     | officer     | chapter_list built                          | Texts of issue 4
filled     | officer     | chapter built area-P                        | Area P: Προετοιμασία
conflict   | officer     | chapter built area-P                        | Area P: Προετοιμασία
read-only  | analyst     | chapter everyone area-P                     | Area P: Προετοιμασία
empty      | analyst     | chapter built conclusions                   | Conclusions
filled     | analyst     | chapter_history built area-P                | History of “Area P: Προετοιμασία”
filled     | visitor     | api-docs                                    | API
filled     | admin       | admin:index                                 | Administration
filled     | admin       | admin:doctor                                | State of the portal
filled     | admin       | admin:scoreboard_user_changelist            | Select person to change
filled     | admin       | admin:scoreboard_submission_changelist      | Select submission to view
filled     | admin       | admin:scoreboard_country_add                | Add country
error      | admin       | admin:scoreboard_country_add                | Add country
filled     | admin       | admin:second_factor_remove person           | Remove a lost second factor
error      | admin       | admin:second_factor_remove person           | Remove a lost second factor
filled     | admin       | admin:person_anonymise person               | Anonymise
filled     | admin       | admin:edition_import                        | Import an edition
filled     | admin       | admin:scoreboard_webhook_add                | Add a webhook
error      | admin       | admin:scoreboard_webhook_add                | Add a webhook
filled     | admin       | admin:scoreboard_webhook_change webhook     | Webhook
signed out | visitor     | admin:index                                 | Sign in
signed out | visitor     | submission draft                            | Sign in
no page    | visitor     | /nowhere/                                   | Page not found
no page    | foreign     | submission draft                            | Page not found
forbidden  | focal       | review_queue                                | This is not for your role
not now    | officer     | review_return draft                         | This cannot be done now
empty      | nobody      | contribution_list                           | Your part
filled     | contributor | contribution_list                           | Your part
filled     | contributor | contribution part                           | Your part
filled     | contributor | contribution_indicator part P1              | P1 Σχέδιο βιοασφάλειας του λιμένα
filled     | contributor | contribution_figures part Q2                | Παρατηρήσεις χωροκατακτητικών ειδών
error      | contributor | contribution_evidence part P1               | Evidence for P1
filled     | contributor | contribution_take_back part P1 own          | Remove this evidence?
filled     | contributor | contribution_withdraw part P1               | Withdraw your suggestion for P1?
filled     | focal       | submission_contributors draft               | Contributors
error      | focal       | submission_contributors draft               | Contributors
empty      | foreign     | submission_contributors foreign             | Contributors
filled     | focal       | submission_contributor draft part           | The part of contributor MT
filled     | focal       | submission_contributor_remove draft part    | Remove contributor MT?
empty      | foreign     | submission_suggestions foreign              | Suggestions
filled     | focal       | submission_suggestions draft                | Suggestions
filled     | focal       | submission_suggestion draft suggestion      | P1 Σχέδιο βιοασφάλειας του λιμένα
no note    | focal       | submission_suggestion draft suggestion      | P1 Σχέδιο βιοασφάλειας του λιμένα
empty      | foreign     | submission_handover foreign                 | Hand-over
filled     | focal       | submission_handover returned                | Hand-over
filled     | focal       | submission_ask_to_reopen accepted           | Ask to reopen the answers
error      | focal       | submission_ask_to_reopen accepted           | Ask to reopen the answers
filled     | focal       | learning draft P1                           | Learn from others on P1
filled     | focal       | peer_question_list                          | Questions between countries
filled     | foreign     | peer_question question                      | Malta asks Greece about P1
filled     | foreign     | peer_question_decline question              | Decline to answer?
filled     | officer     | peer_question_close question                | Close the question?
filled     | focal       | peer_question_offer replied                 | Good practice of Greece
filled     | visitor     | good_practice_list                          | Good practice
filled     | visitor     | good_practice known                         | Pilots are trained
filled     | foreign     | good_practice tosign                        | Two years
filled     | officer     | good_practice tocheck                       | To check
filled     | observer    | good_practice_new                           | Write good practice
filled     | focal       | good_practice_edit begun                    | Write good practice
filled     | focal       | good_practice_sign begun                    | Sign it for Malta?
error      | foreign     | good_practice_leave tosign                  | Not sign it?
filled     | focal       | good_practice_delete begun                  | Delete the draft?
error      | officer     | good_practice_publish tocheck               | Publish good practice
filled     | officer     | good_practice_refuse tocheck                | Not publish it?
filled     | focal       | good_practice_withdraw known                | Withdraw good practice?
filled     | visitor     | resource_list                               | Resources
filled     | officer     | resource_list                               | Resources
filled     | visitor     | resource guide                              | A guide
filled     | officer     | resource proposal                           | A recording
error      | observer    | resource_new                                | Propose a resource
filled     | officer     | resource_edit guide                         | Change the resource
error      | officer     | resource_files guide                        | Files of the resource
filled     | officer     | resource_file_remove guide guidefile        | Remove “Guide.pdf”?
filled     | officer     | resource_refuse proposal                    | Not publish the resource?
filled     | officer     | resource_withdraw guide                     | Withdraw the resource?
filled     | visitor     | report_statements everyone                  | Statements of organisations
empty      | foreign     | statement_list                              | Statements of organisations
filled     | observer    | statement_list                              | Statements of organisations
filled     | officer     | statement_list                              | Statements of organisations
filled     | focal       | statement_list                              | Statements of organisations
filled     | observer    | statement_new 2026                          | New statement
error      | observer    | statement_new 2026                          | New statement
filled     | observer    | statement unfiled                           | Statement of Organisation of observer
filled     | officer     | statement filed                             | Statement of Organisation of observer
filled     | focal       | statement withmalta                         | Statement of Organisation of observer
filled     | officer     | statement published                         | Statement of Organisation of observer
filled     | observer    | statement_edit unfiled                      | Write the statement
filled     | observer    | statement_pieces unfiled                    | Files and links of the statement
error      | observer    | statement_pieces unfiled                    | Files and links of the statement
filled     | observer    | statement_remove unfiled map                | Remove it from the draft?
filled     | observer    | statement_file unfiled                      | File the statement?
filled     | observer    | statement_delete unfiled                    | Delete the draft?
filled     | observer    | statement_withdraw filed                    | Withdraw the statement?
error      | observer    | statement_withdraw filed                    | Withdraw the statement?
filled     | officer     | statement_share filed                       | Share the statement with Malta?
filled     | focal       | statement_reply withmalta                   | Reply of Malta
error      | focal       | statement_reply withmalta                   | Reply of Malta
filled     | officer     | statement_publish ripe                      | Publish the statement?
error      | officer     | statement_publish ripe                      | Publish the statement?
filled     | officer     | statement_refuse filed                      | Do not publish the statement?
error      | officer     | statement_refuse filed                      | Do not publish the statement?
empty      | foreign     | thread_list                                 | Questions that wait for you
filled     | focal       | thread_list                                 | Questions that wait for you
filled     | officer     | thread_list                                 | Questions that wait for you
filled     | focal       | thread thread                               | Question on P1
error      | focal       | thread thread                               | Question on P1
empty      | observer    | enquiry_list                                | Questions to the Secretariat
filled     | focal       | enquiry_list                                | Questions to the Secretariat
filled     | officer     | enquiry_list                                | Questions to the Secretariat
filled     | focal       | submission_ask draft                        | Ask the Secretariat
error      | focal       | submission_ask draft                        | Ask the Secretariat
filled     | focal       | enquiry enquiry                             | Question on P1 to the Secretariat
error      | officer     | enquiry enquiry                             | Question on P1 to the Secretariat
filled     | officer     | enquiry_share enquiry                       | Share the answer with all focal points
error      | officer     | enquiry_share enquiry                       | Share the answer with all focal points
filled     | foreign     | shared_answers 2026                         | Questions and answers of Scoreboard 2026
filled     | officer     | shared_answers 2026                         | Questions and answers of Scoreboard 2026
filled     | officer     | review_thread submitted P1                  | Ask Malta about P1
error      | officer     | review_thread submitted P1                  | Ask Malta about P1
filled     | visitor     | questionnaire_list                          | Questionnaires
filled     | officer     | questionnaire_list                          | Questionnaires
empty      | visitor     | verify                                      | Verify a file
filled     | focal       | submission_figures draft Q2                 | Παρατηρήσεις χωροκατακτητικών ειδών
filled     | focal       | submission_evidence draft P1                | Evidence for P1
error      | focal       | submission_evidence draft P1                | Evidence for P1
filled     | focal       | submission_evidence_remove draft Q2 piece   | Remove this evidence?
filled     | focal       | submission_answer_history draft P1          | History of P1
filled     | focal       | submission_workbook draft                   | Workbook
filled     | focal       | submission_receipt accepted 1               | Receipt of version 1
filled     | focal       | submission_receipt submitted 1              | Receipt of version 1
filled     | focal       | submission_compare returned                 | Compare
filled     | focal       | submission_check_receipt accepted           | Receipts
empty      | foreign     | plan_list                                   | Action plans
filled     | focal       | plan_list                                   | Action plans
filled     | focal       | country_plans mt                            | Action plans of Malta
empty      | foreign     | country_plans gr                            | Action plans of Greece
filled     | focal       | plan_new mt                                 | Enter a plan
error      | focal       | plan_new mt                                 | Enter a plan
filled     | focal       | plan plan                                   | Plan for the harbours
filled     | contributor | plan plan                                   | Plan for the harbours
filled     | officer     | plan plan                                   | Plan for the harbours
filled     | focal       | plan_edit plan                              | Change the plan
filled     | focal       | plan_readers plan                           | Who reads the plan?
filled     | focal       | plan_delete ownplan                         | Delete the plan?
filled     | focal       | plan_history plan                           | History of the plan
filled     | focal       | plan_files plan                             | Documents and links
filled     | focal       | plan_file_remove plan plandoc               | Remove the file or link?
filled     | focal       | plan_delegate plan                          | Colleagues
error      | focal       | plan_delegate plan                          | Colleagues
filled     | focal       | plan_delegation_end plan delegation         | Take the action back?
filled     | focal       | plan_action_new plan                        | Add an action
error      | focal       | plan_action_new plan                        | Add an action
filled     | focal       | plan_action plan 1                          | Action 1
error      | contributor | plan_action plan 1                          | Action 1
filled     | focal       | plan_action_edit plan 1                     | Change the action
filled     | focal       | plan_action_remove plan 1                   | Remove the action?
filled     | contributor | plan_action_files plan 1                    | Evidence of the action
filled     | focal       | plan_skeleton mt                            | From the answers to a plan
error      | focal       | plan_skeleton mt                            | From the answers to a plan
filled     | focal       | plan_copy plan                              | Begin the next plan
filled     | focal       | plan_upload plan                            | Actions by a file
error      | focal       | plan_upload plan                            | Actions by a file
empty      | foreign     | plan_overdue                                | Overdue actions
filled     | officer     | plan_overdue                                | Overdue actions
filled     | officer     | review_plans                                | Action plans of countries
filled     | visitor     | published_plan mt publicplan                | Plan for everybody
"""

# Pages for machines, files, and doors that only lead on.
NO_PAGES = {
    "health",
    "security_txt",
    "report_schema",
    "report_pdf",
    "report_country_pdf",
    "report_product",
    "workbench_preview",
}
NO_PAGES |= {"receipt_pdf", "submission_pdf", "submission_json", "questionnaire_pdf", "questionnaire_xlsx"}
NO_PAGES |= {"questionnaire_docx", "ministers_page_pdf", "ministers_page_docx"}
NO_PAGES |= {
    "report_country_card",
    "report_indicator_card",
    "embed_percentages",
    "robots",
    "sitemap",
    "report_citation",
}
NO_PAGES |= {"paper_file", "published_text_file", "space_archive_file", "post"}
# Pages that differ from one in the table by words alone.
NO_PAGES |= {"post_moderate", "paper_moderate", "paper_publish", "minutes_publish", "meeting_edit", "agenda_edit"}
NO_PAGES |= {"resource_file"}
NO_PAGES |= {"feed", "feed_country", "feed_cycle", "earlier_rounds_template"}
NO_PAGES |= {"country_chart", "indicator_chart", "area_chart", "group_chart", "embed_indicator_cycles"}
NO_PAGES |= {"embed_area_cycles", "observer_part"}
NO_PAGES |= {"access_request_list", "cycles", "cycle_page_before", "country_answers", "indicator_answers"}
NO_PAGES |= {
    "cycle_by_network",
    "cycle_effects",
    "edition_export",
    "activity_export",
    "letter_package",
    "letter_pdf",
    "evidence_file",
    "statement_piece",
    "plan_file",
    "plan_workbook",
    "plan_skeleton_docx",
    "cycle_export",
    "contribution_file",
    "own_data",
    "mfa_download_recovery_codes",
    "submission_workbook_file",
    "workbench_preview_section",
    "chapter_preview",
    "earlier_report_file",
}


@dataclass(frozen=True)
class Shown:
    """A line of the table: a page in a state."""

    state: str
    role: str
    address: str
    h1: str

    def __str__(self) -> str:
        return f"{self.address} ({self.state}, {self.role})"

    @property
    def name(self) -> str:
        """The name of its URL."""
        return self.address.split()[0]

    def show(self, page: Page, world: World) -> None:
        """Go there, and bring the page into its state."""
        words = [world.words.get(word, word) for word in self.address.split()[1:]]
        page.goto(self.name if self.name.startswith("/") else reverse(self.name, args=words))
        if script := SCRIPTS.get(self.state):
            with page.expect_navigation():
                page.evaluate(script)


# What brings a page into a state that needs a form: it is sent without the browser's own checks.
SEND = "const form = document.querySelector('main form[method=post]'); %s HTMLFormElement.prototype.submit.call(form);"
SCRIPTS = {
    "error": SEND
    % """for (const field of form.elements) {
        if (field.type === "radio" || field.type === "checkbox") field.checked = false;
        else if (field.type !== "hidden" && field.tagName !== "BUTTON") field.value = "";
    }""",
    "no note": "document.querySelector('#decline button').click()",
    "invalid": SEND
    % """const choice = form.querySelector("input[type=radio]");
        choice.value = "level:99"; choice.checked = true;""",
    "conflict": SEND
    % """for (const seen of form.querySelectorAll("input[name$=-seen]")) seen.value = "0";
        for (const text of form.querySelectorAll("textarea:is([name$=-comment], [name$=-text])"))
            text.value = "Typed meanwhile.";""",
}


def read_line(line: str) -> Shown:
    return Shown(*(part.strip() for part in line.split("|")))


PAGES = [read_line(line) for line in TABLE.strip().splitlines()]
