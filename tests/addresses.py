"""The table of addresses: every named URL × every role, written by hand."""

from dataclasses import dataclass

from django.urls import URLResolver, get_resolver, reverse

from tests.world import World

# To add a URL: a line per method and object that it can be about. First the method, the name, and what fills the
# address (a word of tests/world.py, or taken as it stands), then what each role gets:
#   200 a page · 202 the worker makes it · 204 nothing new · 302 done, or moved on · in: sent to sign in
#   401 sign in where you stand · 403 not your role · 404 not yours to see · 409 not now
# A POST sends POSTED[name]. A method without a line is refused with 405, which a test of its own asks for.
#   visitor: not signed in · nobody: signed in, without a role · admin: an administrator without another role
#   contributor, focal: of Malta, whose submissions these are
#   foreign: the focal point of Greece, which takes part in cycle 2026 alone
TABLE = """
                                                visitor nobody contributor focal foreign observer analyst officer admin
# the portal's own pages
GET  home                                       200     200    200         200   200     200      200     200     200
GET  health                                     200     200    200         200   200     200      200     200     200
GET  security_txt                               404     404    404         404   404     404      404     404     404
GET  privacy                                    200     200    200         200   200     200      200     200     200
GET  accessibility                              200     200    200         200   200     200      200     200     200
GET  help                                       200     200    200         200   200     200      200     200     200
POST test_mail                                  in      403    403         403   403     403      403     403     302
GET  session                                    401     401    401         401   401     401      401     401     401
GET  set_language                               200     200    200         200   200     200      200     200     200
POST set_language                               302     302    302         302   302     302      302     302     302

# accounts
GET  account_login                              200     302    302         302   302     302      302     302     302
POST account_login                              200     302    302         302   302     302      302     302     302
GET  account_logout                             302     200    200         200   200     200      200     200     200
POST account_logout                             302     302    302         302   302     302      302     302     302
GET  account_signup                             200     302    302         302   302     302      302     302     302
POST account_signup                             200     302    302         302   302     302      302     302     302
GET  account_inactive                           200     200    200         200   200     200      200     200     200
GET  account_reauthenticate                     in      200    200         200   200     200      200     200     200
POST account_reauthenticate                     in      302    302         302   302     302      302     302     302
GET  account_email                              in      200    200         200   200     200      200     200     200
POST account_email                              in      302    302         302   302     302      302     302     302
GET  profile                                    in      200    200         200   200     200      200     200     200
POST profile                                    in      302    302         302   302     302      302     302     302
GET  own_data                                   in      200    200         200   200     200      200     200     200
GET  session_list                               in      200    200         200   200     200      200     200     200
POST session_list                               in      302    302         302   302     302      302     302     302
GET  token_list                                 in      200    200         200   200     200      200     200     200
POST token_list                                 in      200    200         200   200     200      200     200     200
GET  token_end token                            in      404    404         200   404     404      404     404     404
POST token_end token                            in      404    404         302   404     404      404     404     404
GET  mfa_index                                  in      200    200         200   200     200      200     200     200
GET  mfa_authenticate                           in      302    302         302   302     302      302     302     302
POST mfa_authenticate                           in      302    302         302   302     302      302     302     302
GET  mfa_reauthenticate                         in      302    302         200   302     302      302     302     302
POST mfa_reauthenticate                         in      302    302         200   302     302      302     302     302
GET  mfa_activate_totp                          in      200    200         302   200     200      200     200     200
POST mfa_activate_totp                          in      200    200         302   200     200      200     200     200
GET  mfa_deactivate_totp                        in      404    404         200   404     404      404     404     404
POST mfa_deactivate_totp                        in      404    404         302   404     404      404     404     404
GET  mfa_view_recovery_codes                    in      404    404         200   404     404      404     404     404
GET  mfa_download_recovery_codes                in      404    404         200   404     404      404     404     404
GET  mfa_generate_recovery_codes                in      200    200         200   200     200      200     200     200
POST mfa_generate_recovery_codes                in      200    200         302   200     200      200     200     200
GET  mfa_list_webauthn                          in      200    200         200   200     200      200     200     200
GET  mfa_add_webauthn                           in      200    200         200   200     200      200     200     200
POST mfa_add_webauthn                           in      200    200         200   200     200      200     200     200
GET  mfa_reauthenticate_webauthn                in      302    302         200   302     302      302     302     302
POST mfa_reauthenticate_webauthn                in      302    302         in    302     302      302     302     302
GET  mfa_edit_webauthn passkey                  in      404    404         200   404     404      404     404     404
POST mfa_edit_webauthn passkey                  in      404    404         302   404     404      404     404     404
GET  mfa_remove_webauthn passkey                in      404    404         200   404     404      404     404     404
POST mfa_remove_webauthn passkey                in      404    404         302   404     404      404     404     404
GET  mfa_login_webauthn                         in      302    302         302   302     302      302     302     302
POST mfa_login_webauthn                         in      302    302         302   302     302      302     302     302
GET  account_email_verification_sent            200     200    200         200   200     200      200     200     200
GET  account_confirm_email proof                in      200    200         200   200     200      200     200     200
GET  account_confirm_email key                  in      200    200         200   200     200      200     200     200
POST account_confirm_email proof                in      200    200         302   200     200      200     200     200
POST account_confirm_email key                  in      200    200         200   200     200      200     200     200
GET  account_confirm_login_code                 in      302    302         302   302     302      302     302     302
POST account_confirm_login_code                 in      302    302         302   302     302      302     302     302
GET  account_change_password                    in      200    200         200   200     200      200     200     200
POST account_change_password                    in      302    302         302   302     302      302     302     302
GET  account_set_password                       in      302    302         302   302     302      302     302     302
POST account_set_password                       in      302    302         302   302     302      302     302     302
GET  account_reset_password                     200     200    200         200   200     200      200     200     200
POST account_reset_password                     302     302    302         302   302     302      302     302     302
GET  account_reset_password_done                200     200    200         200   200     200      200     200     200
GET  account_reset_password_from_key uid key    302     302    302         302   302     302      302     302     302
GET  account_reset_password_from_key uid no     200     200    200         200   200     200      200     200     200
POST account_reset_password_from_key uid no     200     200    200         200   200     200      200     200     200
GET  account_reset_password_from_key_done       200     200    200         200   200     200      200     200     200
GET  invitation invited                         302     302    302         302   302     302      302     302     302
POST invitation invited                         302     302    302         302   302     302      302     302     302
GET  invitation expired                         200     200    200         200   200     200      200     200     200
POST invitation expired                         302     302    302         302   302     302      302     302     302
GET  invitation spent                           200     200    200         200   200     200      200     200     200
POST invitation spent                           200     200    200         200   200     200      200     200     200
GET  invitation key                             404     404    404         404   404     404      404     404     404
POST invitation key                             404     404    404         404   404     404      404     404     404
GET  invitation_list                            in      200    200         200   200     200      200     200     200
POST invitation_role role                       in      404    404         404   404     302      404     404     404
POST invitation_part offered                    in      302    404         404   404     404      404     404     404
POST invitation_administration                  in      409    409         409   409     409      409     302     409

# asking for access, and people
GET  access                                     200     200    200         200   200     200      200     200     200
POST access                                     302     302    302         302   302     302      302     302     302
GET  access_asked                               200     200    200         200   200     200      200     200     200
GET  access_prove asking                        200     200    200         200   200     200      200     200     200
GET  access_prove key                           404     404    404         404   404     404      404     404     404
POST access_prove asking                        200     200    200         200   200     200      200     200     200
POST access_prove key                           404     404    404         404   404     404      404     404     404
GET  people                                     in      403    403         403   403     403      403     200     403
GET  people_person person                       in      403    403         403   403     403      403     200     403
GET  people_changes                             in      403    403         403   403     403      403     200     403
GET  people_countries                           in      403    403         403   403     403      403     200     403
GET  people_country mt                          in      403    403         403   403     403      403     200     403
GET  people_country MT                          in      403    403         403   403     403      403     301     403
GET  country_join mt                            in      403    403         403   403     403      403     200     403
POST country_join mt                            in      403    403         403   403     403      403     302     403
GET  people_organisations                       in      403    403         403   403     403      403     200     403
GET  organisation_new                           in      403    403         403   403     403      403     200     403
POST organisation_new                           in      403    403         403   403     403      403     302     403
GET  people_organisation organisation           in      403    403         403   403     403      403     200     403
GET  organisation_edit organisation             in      403    403         403   403     403      403     200     403
POST organisation_edit organisation             in      403    403         403   403     403      403     302     403
GET  organisation_join organisation             in      403    403         403   403     403      403     200     403
POST organisation_join organisation             in      403    403         403   403     403      403     302     403
GET  network_membership membership              in      403    403         403   403     403      403     200     403
POST network_membership membership              in      403    403         403   403     403      403     302     403
GET  people_network network                     in      403    403         403   403     403      403     200     403
GET  people_invite                              in      403    403         403   403     403      403     200     403
POST people_invite                              in      403    403         403   403     403      403     302     403
GET  people_import                              in      403    403         403   403     403      403     200     403
POST people_import                              in      403    403         403   403     403      403     200     403
POST people_import_confirm                      in      403    403         403   403     403      403     409     403
GET  role holding                               in      403    403         403   403     403      403     200     403
POST role holding                               in      403    403         403   403     403      403     302     403
GET  role_end holding                           in      404    404         200   404     404      404     200     404
GET  role_end role                              in      404    404         404   404     200      404     200     404
POST role_end holding                           in      404    404         302   404     404      404     302     404
POST role_end role                              in      404    404         404   404     302      404     302     404
POST role_again role                            in      404    404         404   404     403      404     409     404
POST role_again holding                         in      404    404         403   404     404      404     409     404
GET  role_hand_over holding                     in      404    404         200   404     404      404     200     404
GET  role_hand_over role                        in      404    404         404   404     403      404     200     404
POST role_hand_over holding                     in      404    404         302   404     404      404     302     404
GET  country_focal_points mt                    in      404    404         200   404     404      404     404     404
POST country_focal_points mt                    in      404    404         302   404     404      404     404     404
GET  access_request_list                        in      301    301         301   301     301      301     301     301
GET  access_request asked                       in      403    403         403   403     403      403     200     403
POST access_request asked                       in      403    403         403   403     403      403     302     403

# a country's submissions
GET  submission_list                            in      200    200         200   200     200      200     200     200
GET  country_history mt                         in      404    404         200   404     404      200     200     404
GET  country_history MT                         in      404    404         301   404     404      301     301     404
GET  country_history xx                         in      404    404         404   404     404      404     404     404
GET  submission draft                           in      404    404         200   404     404      200     200     404
GET  submission submitted                       in      404    404         200   404     404      200     200     404
GET  submission returned                        in      404    404         200   404     404      200     200     404
GET  submission accepted                        in      404    404         200   404     404      200     200     404
GET  submission foreign                         in      404    404         404   200     404      200     200     404
GET  submission_area draft P                    in      404    404         200   404     404      404     404     404
GET  submission_area submitted P                in      404    404         200   404     404      200     200     404
GET  submission_area returned P                 in      404    404         200   404     404      404     404     404
GET  submission_area accepted P                 in      404    404         200   404     404      200     200     404
GET  submission_area foreign P                  in      404    404         404   200     404      404     404     404
POST submission_area draft P                    in      404    404         302   404     404      404     404     404
POST submission_area submitted P                in      404    404         409   404     404      403     409     404
POST submission_area returned P                 in      404    404         302   404     404      404     404     404
POST submission_area accepted P                 in      404    404         409   404     404      403     409     404
POST submission_area foreign P                  in      404    404         404   302     404      404     404     404
POST submission_save draft                      401     404    404         200   404     404      403     409     404
POST submission_save submitted                  401     404    404         409   404     404      403     409     404
POST submission_save returned                   401     404    404         200   404     404      403     409     404
POST submission_save foreign                    401     404    404         404   200     404      403     409     404
GET  submission_gaps draft                      in      404    404         200   404     404      404     404     404
GET  submission_gaps submitted                  in      404    404         200   404     404      200     200     404
GET  submission_gaps foreign                    in      404    404         404   200     404      404     404     404
GET  submission_read draft                      in      404    404         200   404     404      404     404     404
GET  submission_read accepted                   in      404    404         200   404     404      200     200     404
GET  submission_read foreign                    in      404    404         404   200     404      404     404     404
GET  submission_submit draft                    in      404    404         200   404     404      404     404     404
GET  submission_submit submitted                in      404    404         409   404     404      403     409     404
GET  submission_submit returned                 in      404    404         200   404     404      404     404     404
GET  submission_submit accepted                 in      404    404         409   404     404      403     409     404
GET  submission_submit foreign                  in      404    404         404   200     404      404     404     404
POST submission_submit draft                    in      404    404         200   404     404      404     404     404
POST submission_submit submitted                in      404    404         302   404     404      403     409     404
POST submission_submit returned                 in      404    404         302   404     404      404     404     404
POST submission_submit accepted                 in      404    404         409   404     404      403     409     404
POST submission_submit foreign                  in      404    404         404   409     404      404     404     404
GET  submission_enter_on_behalf draft           in      404    404         403   404     404      403     200     404
GET  submission_enter_on_behalf submitted       in      404    404         403   404     404      403     409     404
GET  submission_enter_on_behalf foreign         in      404    404         404   403     404      403     200     404
POST submission_enter_on_behalf draft           in      404    404         403   404     404      403     302     404
POST submission_enter_on_behalf accepted        in      404    404         403   404     404      403     409     404
GET  submission_source draft                    in      404    404         403   404     404      403     409     404
GET  submission_source submitted                in      404    404         403   404     404      403     409     404
POST submission_source draft                    in      404    404         403   404     404      403     409     404
POST submission_source foreign                  in      404    404         404   403     404      403     409     404
GET  submission_scan draft 1                    in      404    404         404   404     404      404     404     404
GET  submission_recall draft                    in      404    404         409   404     404      403     403     404
GET  submission_recall submitted                in      404    404         200   404     404      403     403     404
GET  submission_recall accepted                 in      404    404         409   404     404      403     403     404
POST submission_recall submitted                in      404    404         302   404     404      403     403     404
POST submission_recall returned                 in      404    404         409   404     404      403     403     404
POST submission_recall accepted                 in      404    404         409   404     404      403     403     404
POST submission_recall foreign                  in      404    404         404   409     404      403     403     404
GET  submission_history draft                   in      404    404         200   404     404      200     200     404
GET  submission_history accepted                in      404    404         200   404     404      200     200     404
GET  submission_history foreign                 in      404    404         404   200     404      200     200     404
GET  submission_version returned 1              in      404    404         200   404     404      200     200     404
GET  submission_version accepted 1              in      404    404         200   404     404      200     200     404
GET  submission_version accepted 2              in      404    404         404   404     404      404     404     404

# what was: receipts, comparisons, the history of an answer
GET  submission_answer_history draft P1         in      404    404         200   404     404      200     200     404
GET  submission_answer_history accepted P1      in      404    404         200   404     404      200     200     404
GET  submission_answer_history accepted Z9      in      404    404         404   404     404      404     404     404
GET  submission_answer_history foreign P1       in      404    404         404   200     404      200     200     404
GET  submission_compare draft                   in      404    404         200   404     404      200     200     404
GET  submission_compare accepted                in      404    404         200   404     404      200     200     404
GET  submission_compare foreign                 in      404    404         404   200     404      404     404     404
GET  submission_check_receipt draft             in      404    404         200   404     404      200     200     404
GET  submission_check_receipt accepted          in      404    404         200   404     404      200     200     404
GET  submission_check_receipt foreign           in      404    404         404   200     404      200     200     404
POST submission_check_receipt accepted          in      404    404         200   404     404      200     200     404
POST submission_check_receipt foreign           in      404    404         404   200     404      200     200     404
GET  submission_receipt draft 1                 in      404    404         404   404     404      404     404     404
GET  submission_receipt returned 1              in      404    404         200   404     404      200     200     404
GET  submission_receipt accepted 1              in      404    404         200   404     404      200     200     404

# workshops: led by the country's focal points, joined by anybody with the code on the screen
GET  workshop_list draft P                      in      404    404         200   404     404      403     403     404
GET  workshop_list submitted P                  in      404    404         200   404     404      403     403     404
GET  workshop_list draft Z                      in      404    404         404   404     404      404     404     404
GET  workshop_list foreign P                    in      404    404         404   200     404      403     403     404
POST workshop_list draft P                      in      404    404         302   404     404      403     403     404
POST workshop_list submitted P                  in      404    404         409   404     404      403     403     404
GET  workshop workshop                          in      404    404         200   404     404      404     404     404
GET  workshop_projector workshop                in      404    404         200   404     404      404     404     404
GET  workshop_counts workshop                   in      404    404         204   404     404      404     404     404
POST workshop_admit workshop                    in      404    404         302   404     404      404     404     404
POST workshop_turn_away workshop waits          in      404    404         302   404     404      404     404     404
POST workshop_ask workshop                      in      404    404         302   404     404      404     404     404
POST workshop_show workshop                     in      404    404         302   404     404      404     404     404
GET  workshop_record workshop P1                in      404    404         200   404     404      404     404     404
GET  workshop_record workshop Q1                in      404    404         404   404     404      404     404     404
POST workshop_record workshop P1                in      404    404         302   404     404      404     404     404
GET  workshop_end workshop                      in      404    404         200   404     404      404     404     404
POST workshop_end workshop                      in      404    404         302   404     404      404     404     404
GET  workshop_door                              200     200    200         200   200     200      200     200     200
POST workshop_door                              302     302    302         302   302     302      302     302     302
GET  workshop_room room                         200     200    200         200   200     200      200     200     200
GET  workshop_room QQQ-QQQ-QQQ                  404     404    404         404   404     404      404     404     404
POST workshop_room room                         302     302    302         302   302     302      302     302     302
POST workshop_room QQQ-QQQ-QQQ                  404     404    404         404   404     404      404     404     404
GET  workshop_poll room                         404     404    404         404   404     404      404     404     404
POST workshop_rate room                         404     404    404         404   404     404      404     404     404

# the submission as files
GET  submission_workbook draft                  in      404    404         200   404     404      404     404     404
GET  submission_workbook submitted              in      404    404         200   404     404      200     200     404
GET  submission_workbook foreign                in      404    404         404   200     404      404     404     404
GET  submission_workbook_file draft             in      404    404         200   404     404      404     404     404
GET  submission_workbook_file submitted         in      404    404         200   404     404      200     200     404
GET  submission_workbook_file foreign           in      404    404         404   200     404      404     404     404
POST submission_workbook_upload draft           in      404    404         200   404     404      403     409     404
POST submission_workbook_upload submitted       in      404    404         409   404     404      403     409     404
POST submission_workbook_upload accepted        in      404    404         409   404     404      403     409     404
POST submission_workbook_upload foreign         in      404    404         404   200     404      403     409     404
POST submission_workbook_take draft             in      404    404         409   404     404      403     409     404
POST submission_workbook_take submitted         in      404    404         409   404     404      403     409     404
POST submission_workbook_take foreign           in      404    404         404   409     404      403     409     404
GET  submission_pdf draft                       in      404    404         202   404     404      404     404     404
GET  submission_pdf accepted                    in      404    404         202   404     404      202     202     404
GET  submission_pdf foreign                     in      404    404         404   202     404      404     404     404
GET  submission_json draft                      in      404    404         200   404     404      404     404     404
GET  submission_json accepted                   in      404    404         200   404     404      200     200     404
GET  submission_json foreign                    in      404    404         404   200     404      404     404     404
GET  receipt_pdf draft 1                        in      404    404         404   404     404      404     404     404
GET  receipt_pdf accepted 1                     in      404    404         202   404     404      202     202     404
GET  ministers_page_pdf draft fr                in      404    404         409   404     404      409     409     404
GET  ministers_page_pdf accepted fr             in      404    404         202   404     404      202     202     404
GET  ministers_page_pdf accepted xx             in      404    404         404   404     404      404     404     404
GET  ministers_page_pdf foreign fr              in      404    404         404   409     404      409     409     404
GET  ministers_page_docx submitted fr           in      404    404         409   404     404      409     409     404
GET  ministers_page_docx accepted el            in      404    404         200   404     404      200     200     404
GET  questionnaire_list                         200     200    200         200   200     200      200     200     200
GET  questionnaire_pdf used fr                  202     202    202         202   202     202      202     202     202
GET  questionnaire_pdf unused en                404     404    404         404   404     404      202     202     202
GET  questionnaire_pdf used xx                  404     404    404         404   404     404      404     404     404
GET  questionnaire_xlsx used el                 200     200    200         200   200     200      200     200     200
GET  questionnaire_xlsx unused en               404     404    404         404   404     404      200     200     200
GET  questionnaire_docx used el                 200     200    200         200   200     200      200     200     200
GET  questionnaire_docx unused en               404     404    404         404   404     404      200     200     200
GET  questionnaire_docx nothing en              404     404    404         404   404     404      404     404     404

# figures and evidence, which nobody but the country's focal points and the Secretariat's people see
GET  submission_figures draft Q2                in      404    404         200   404     404      404     404     404
GET  submission_figures submitted Q2            in      404    404         200   404     404      200     200     404
GET  submission_figures foreign Q2              in      404    404         404   200     404      404     404     404
POST submission_figures draft Q2                in      404    404         302   404     404      404     404     404
POST submission_figures submitted Q2            in      404    404         409   404     404      403     409     404
POST submission_figures foreign Q2              in      404    404         404   302     404      404     404     404
GET  submission_evidence draft Q2               in      404    404         200   404     404      404     404     404
GET  submission_evidence submitted Q2           in      404    404         200   404     404      200     200     404
GET  submission_evidence foreign Q2             in      404    404         404   200     404      404     404     404
POST submission_evidence draft Q2               in      404    404         302   404     404      404     404     404
POST submission_evidence submitted Q2           in      404    404         409   404     404      403     409     404
POST submission_evidence foreign Q2             in      404    404         404   302     404      404     404     404
GET  submission_evidence_remove draft Q2 piece  in      404    404         200   404     404      404     404     404
POST submission_evidence_remove draft Q2 piece  in      404    404         302   404     404      404     404     404
POST submission_evidence_remove returned Q2 piece in      404    404         404   404     404      404     404     404
POST submission_evidence_keep draft Q2 piece    in      404    404         409   404     404      404     404     404
POST submission_evidence_keep submitted Q2 piece in     404    404         409   404     404      403     409     404
POST submission_evidence_keep foreign Q2 piece  in      404    404         404   409     404      404     404     404
GET  evidence_file draft piece                  in      404    404         200   404     404      404     404     404
GET  evidence_file foreign piece                in      404    404         404   404     404      404     404     404

# steps that a country promised
GET  commitment_list                            in      404    404         302   302     404      200     200     404
GET  commitment_country mt                      in      404    404         200   404     404      200     200     404
GET  commitment step                            in      404    404         200   404     404      200     200     404
POST commitment step                            in      404    404         302   404     404      403     403     404
GET  commitment_publication step                in      404    404         200   404     404      403     403     404
POST commitment_publication step                in      404    404         302   404     404      403     403     404
GET  submission_commitment draft step           in      404    404         200   404     404      404     404     404
GET  submission_commitment submitted step       in      404    404         200   404     404      200     200     404
GET  submission_commitment foreign step         in      404    404         404   404     404      404     404     404
POST submission_commitment draft step           in      404    404         302   404     404      404     404     404
POST submission_commitment submitted step       in      404    404         409   404     404      403     409     404
POST submission_commitment foreign step         in      404    404         404   404     404      404     404     404

# contributors, hand-over, and the wish to reopen
GET  submission_contributors draft              in      404    404         200   404     404      403     403     404
GET  submission_suggestions draft               in      404    404         200   404     404      403     403     404
GET  submission_handover draft                  in      404    404         200   404     404      403     403     404
GET  submission_contributor draft part          in      404    404         200   404     404      403     403     404
GET  submission_contributor_remove draft part   in      404    404         200   404     404      403     403     404
GET  submission_suggestion draft suggestion     in      404    404         200   404     404      403     403     404
GET  submission_contributors submitted          in      404    404         200   404     404      403     403     404
GET  submission_handover accepted               in      404    404         200   404     404      403     403     404
GET  submission_contributors foreign            in      404    404         404   200     404      403     403     404
GET  submission_contributor returned part       in      404    404         404   404     404      403     403     404
POST submission_contributors draft              in      404    404         302   404     404      403     403     404
POST submission_contributors submitted          in      404    404         409   404     404      403     403     404
POST submission_contributor draft part          in      404    404         302   404     404      403     403     404
POST submission_contributor_remove draft part   in      404    404         302   404     404      403     403     404
POST submission_contributor_remind draft part   in      404    404         302   404     404      403     403     404
POST submission_suggestion draft suggestion     in      404    404         302   404     404      403     403     404
GET  submission_feedback draft                  in      404    404         409   404     404      403     403     404
GET  submission_feedback submitted              in      404    404         200   404     404      403     403     404
POST submission_feedback submitted              in      404    404         302   404     404      403     403     404
GET  submission_ask_to_reopen draft             in      404    404         409   404     404      403     403     404
GET  submission_ask_to_reopen accepted          in      404    404         200   404     404      403     403     404
POST submission_ask_to_reopen submitted         in      404    404         409   404     404      403     403     404
POST submission_ask_to_reopen accepted          in      404    404         302   404     404      403     403     404
GET  submission_ask_for_extension draft         in      404    404         200   404     404      403     403     404
GET  submission_ask_for_extension accepted      in      404    404         409   404     404      403     403     404
GET  submission_ask_for_extension foreign       in      404    404         404   409     404      403     403     404
POST submission_ask_for_extension draft         in      404    404         302   404     404      403     403     404
POST submission_ask_for_extension accepted      in      404    404         409   404     404      403     403     404
GET  submission_decline draft                   in      404    404         200   404     404      403     200     404
GET  submission_decline submitted               in      404    404         409   404     404      403     409     404
GET  submission_decline foreign                 in      404    404         404   200     404      403     200     404
POST submission_decline draft                   in      404    404         302   404     404      403     302     404
POST submission_decline returned                in      404    404         409   404     404      403     409     404
GET  contribution_list                          in      200    200         200   200     200      200     200     200
GET  contribution part                          in      404    200         404   404     404      404     404     404
GET  contribution_indicator part P1             in      404    200         404   404     404      404     404     404
GET  contribution_indicator part Q1             in      404    404         404   404     404      404     404     404
POST contribution_indicator part P1             in      404    302         404   404     404      404     404     404
POST contribution_indicator part Q1             in      404    404         404   404     404      404     404     404
POST contribution_save part P1                  401     404    200         404   404     404      404     404     404
POST contribution_save part Q1                  401     404    404         404   404     404      404     404     404
GET  contribution_figures part Q2               in      404    200         404   404     404      404     404     404
GET  contribution_figures part P1               in      404    404         404   404     404      404     404     404
POST contribution_figures part Q2               in      404    302         404   404     404      404     404     404
GET  contribution_evidence part P1              in      404    200         404   404     404      404     404     404
POST contribution_evidence part P1              in      404    302         404   404     404      404     404     404
GET  contribution_take_back part P1 own         in      404    200         404   404     404      404     404     404
GET  contribution_take_back part P1 piece       in      404    404         404   404     404      404     404     404
POST contribution_take_back part P1 own         in      404    302         404   404     404      404     404     404
GET  contribution_withdraw part P1              in      404    200         404   404     404      404     404     404
POST contribution_withdraw part P1              in      404    302         404   404     404      404     404     404
GET  contribution_file part own                 in      404    200         404   404     404      404     404     404
GET  contribution_file part piece               in      404    404         404   404     404      404     404     404

# questions on answers
GET  thread_list                                in      200    200         200   200     200      200     200     200
GET  thread thread                              in      404    404         200   404     404      404     200     404
POST thread thread                              in      404    404         302   404     404      404     302     404
POST thread_close thread                        in      404    404         403   404     404      404     302     404
GET  enquiry_list                               in      200    200         200   200     200      200     200     200
GET  enquiry enquiry                            in      404    404         200   404     404      404     200     404
POST enquiry enquiry                            in      404    404         302   404     404      404     302     404
POST enquiry_close enquiry                      in      404    404         302   404     404      404     302     404
GET  enquiry_share enquiry                      in      404    404         403   404     404      404     200     404
POST enquiry_share enquiry                      in      404    404         403   404     404      404     302     404
GET  shared_answers 2026                        in      404    404         200   200     404      404     200     404
POST shared_answer_withdraw shared              in      404    404         403   403     404      404     302     404
GET  submission_ask draft                       in      404    404         200   404     404      403     403     404
POST submission_ask draft                       in      404    404         302   404     404      403     403     404
GET  review_thread submitted P1                 in      404    404         403   404     404      403     200     404
GET  review_thread submitted 1                  in      404    404         403   404     404      403     404     404
POST review_thread submitted P1                 in      404    404         403   404     404      403     302     404
GET  review_refuse_reopen accepted              in      404    404         403   404     404      403     409     404
POST review_refuse_reopen accepted              in      404    404         403   404     404      403     409     404

# statements of organisations; the observer's own organisation has all of them
GET  statement_list                             in      200    200         200   200     200      200     200     200
GET  statement_new 2026                         in      403    403         403   403     200      403     403     403
GET  statement_new 2029                         in      404    404         404   404     404      404     404     404
POST statement_new 2026                         in      403    403         403   403     302      403     403     403
GET  statement unfiled                          in      404    404         404   404     200      404     404     404
GET  statement filed                            in      404    404         404   404     200      404     200     404
GET  statement withmalta                        in      404    404         200   404     200      404     200     404
GET  statement published                         in      404    404         200   404     200      404     200     404
GET  statement_edit unfiled                     in      404    404         404   404     200      404     404     404
GET  statement_edit filed                       in      404    404         404   404     409      404     403     404
POST statement_edit unfiled                     in      404    404         404   404     302      404     404     404
GET  statement_pieces unfiled                   in      404    404         404   404     200      404     404     404
POST statement_pieces unfiled                   in      404    404         404   404     302      404     404     404
GET  statement_piece unfiled map                in      404    404         404   404     200      404     404     404
GET  statement_piece filed map                  in      404    404         404   404     404      404     404     404
GET  statement_piece filed photo                in      404    404         404   404     200      404     200     404
GET  statement_piece withmalta report           in      404    404         200   404     200      404     200     404
GET  statement_remove unfiled map               in      404    404         404   404     200      404     404     404
POST statement_remove unfiled map               in      404    404         404   404     302      404     404     404
GET  statement_file unfiled                     in      404    404         404   404     200      404     404     404
POST statement_file unfiled                     in      404    404         404   404     302      404     404     404
POST statement_file filed                       in      404    404         404   404     409      404     403     404
GET  statement_delete unfiled                   in      404    404         404   404     200      404     404     404
POST statement_delete unfiled                   in      404    404         404   404     302      404     404     404
GET  statement_withdraw filed                   in      404    404         404   404     200      404     403     404
POST statement_withdraw filed                   in      404    404         404   404     302      404     403     404
GET  statement_share filed                      in      404    404         404   404     403      404     200     404
POST statement_share filed                      in      404    404         404   404     403      404     302     404
GET  statement_reply withmalta                  in      404    404         200   404     403      404     403     404
POST statement_reply withmalta                  in      404    404         302   404     403      404     403     404
GET  statement_publish withmalta                in      404    404         403   404     403      404     409     404
GET  statement_publish ripe                     in      404    404         403   404     403      404     200     404
POST statement_publish ripe                     in      404    404         403   404     403      404     302     404
GET  statement_refuse filed                     in      404    404         404   404     403      404     200     404
POST statement_refuse filed                     in      404    404         404   404     403      404     302     404

# what people learn from each other: Malta asks Greece, and signs all good practice but “tosign”
GET  learning draft X9                          in      404    404         404   404     404      404      404     404
GET  learning draft P1                          in      404    404         200   404     404      403      403     404
GET  learning_ask draft P1 gr                   in      404    404         404   404     404      403      403     404
POST learning_ask draft P1 gr                   in      404    404         404   404     404      403      403     404
GET  peer_question_list                         in      200    200         200   200     200      200      200     200
GET  peer_question question                     in      404    404         200   200     404      404      200     404
POST peer_question question                     in      404    404         302   302     404      404      403     404
GET  peer_question_decline question             in      404    404         403   200     404      404      403     404
POST peer_question_decline question             in      404    404         403   302     404      404      403     404
POST peer_question_withdraw question            in      404    404         302   403     404      404      403     404
GET  peer_question_close question               in      404    404         403   403     404      404      200     404
POST peer_question_close question               in      404    404         403   403     404      404      302     404
GET  peer_question_offer question               in      404    404         409   409     404      404      403     404
GET  peer_question_offer replied                in      404    404         200   200     404      404      403     404
POST peer_question_offer replied                in      404    404         302   302     404      404      403     404
GET  good_practice_list                         200     200    200         200   200     200      200      200     200
GET  good_practice known                        200     200    200         200   200     200      200      200     200
GET  good_practice begun                        404     404    404         200   404     404      404      404     404
GET  good_practice tosign                       404     404    404         200   200     404      404      200     404
GET  good_practice tocheck                      404     404    404         200   404     404      404      200     404
GET  good_practice gone                         410     410    410         200   410     410      410      200     410
GET  good_practice_new                          in      403    403         200   200     200      403      403     403
POST good_practice_new                          in      403    403         302   302     302      403      403     403
GET  good_practice_edit begun                   in      404    404         200   404     404      404      404     404
GET  good_practice_edit tosign                  in      404    404         403   200     404      404      403     404
GET  good_practice_edit tocheck                 in      404    404         409   404     404      404      403     404
POST good_practice_edit begun                   in      404    404         302   404     404      404      404     404
GET  good_practice_sign begun                   in      404    404         200   404     404      404      404     404
POST good_practice_sign begun                   in      404    404         302   404     404      404      404     404
POST good_practice_sign tosign                  in      404    404         403   302     404      404      403     404
GET  good_practice_leave tosign                 in      404    404         403   200     404      404      403     404
POST good_practice_leave tosign                 in      404    404         403   302     404      404      403     404
GET  good_practice_delete begun                 in      404    404         200   404     404      404      404     404
POST good_practice_delete begun                 in      404    404         302   404     404      404      404     404
GET  good_practice_publish tocheck              in      404    404         403   404     404      404      200     404
POST good_practice_publish tocheck              in      404    404         403   404     404      404      302     404
POST good_practice_publish begun                in      404    404         403   404     404      404      404     404
GET  good_practice_refuse tocheck               in      404    404         403   404     404      404      200     404
POST good_practice_refuse tocheck               in      404    404         403   404     404      404      302     404
GET  good_practice_withdraw known               in      403    403         200   403     403      403      200     403
POST good_practice_withdraw known               in      403    403         302   403     403      403      302     403
GET  good_practice_withdraw tocheck             in      404    404         409   404     404      404      409     404
GET  resource_list                              200     200    200         200   200     200      200      200     200
GET  resource guide                             200     200    200         200   200     200      200      200     200
GET  resource proposal                          404     404    404         404   404     200      404      200     404
GET  resource ended                             410     410    410         410   410     410      410      200     410
GET  resource_open guide                        302     302    302         302   302     302      302      302     302
GET  resource_open proposal                     404     404    404         404   404     302      404      302     404
GET  resource_file guide guidefile              200     200    200         200   200     200      200      200     200
GET  resource_file proposal guidefile           404     404    404         404   404     404      404      404     404
GET  resource_new                               in      403    200         200   200     200      200      200     403
POST resource_new                               in      403    302         302   302     302      302      302     403
GET  resource_edit proposal                     in      404    404         404   404     200      404      200     404
GET  resource_edit guide                        in      403    403         403   403     403      403      200     403
POST resource_edit proposal                     in      404    404         404   404     302      404      302     404
GET  resource_files proposal                    in      404    404         404   404     200      404      200     404
POST resource_files proposal                    in      404    404         404   404     200      404      200     404
GET  resource_file_remove guide guidefile       in      403    403         403   403     403      403      200     403
POST resource_file_remove guide guidefile       in      403    403         403   403     403      403      302     403
POST resource_publish proposal                  in      404    404         404   404     403      404      302     404
GET  resource_refuse proposal                   in      404    404         404   404     403      404      200     404
POST resource_refuse proposal                   in      404    404         404   404     403      404      302     404
GET  resource_withdraw guide                    in      403    403         403   403     403      403      200     403
POST resource_withdraw guide                    in      403    403         403   403     403      403      302     403

# the review desk
GET  activity_list                              in      403    403         403   403     403      403     200     200
GET  activity_export csv                        in      403    403         403   403     403      403     200     200
GET  activity_export xlsx                       in      403    403         403   403     403      403     200     200
GET  activity_export pdf                        in      403    403         403   403     403      403     404     404
GET  activity_check                             in      403    403         403   403     403      403     200     200
POST activity_check                             in      403    403         403   403     403      403     302     302
GET  message_list                               in      403    403         403   403     403      403     200     403
POST message_decide mail                        in      403    403         403   403     403      403     302     403
GET  message mail                               in      403    403         403   403     403      403     200     403
GET  message_addresses                          in      403    403         403   403     403      403     200     403
POST message_addresses                          in      403    403         403   403     403      403     302     403
GET  request_list                               in      403    403         403   403     403      403     200     403
GET  review_queue                               in      403    403         403   403     403      200     200     403
GET  review draft                               in      404    404         403   404     404      200     200     404
GET  review submitted                           in      404    404         403   404     404      302     302     404
GET  review returned                            in      404    404         403   404     404      302     302     404
GET  review accepted                            in      404    404         403   404     404      302     302     404
GET  review foreign                             in      404    404         404   403     404      200     200     404
GET  review_area draft P                        in      404    404         403   404     404      302     302     404
GET  review_area submitted P                    in      404    404         403   404     404      200     200     404
GET  review_area submitted Z                    in      404    404         403   404     404      404     404     404
GET  review_area returned P                     in      404    404         403   404     404      200     200     404
GET  review_area accepted P                     in      404    404         403   404     404      200     200     404
GET  review_area foreign P                      in      404    404         404   403     404      302     302     404
POST review_look submitted P1                   in      404    404         403   404     404      403     302     404
POST review_look submitted Z                    in      404    404         403   404     404      404     404     404
POST review_look accepted P1                    in      404    404         403   404     404      403     409     404
POST review_evidence submitted                  in      404    404         403   404     404      409     409     404
POST review_evidence draft                      in      404    404         403   404     404      409     409     404
POST review_evidence foreign                    in      404    404         404   403     404      409     409     404
GET  review_pass_on submitted                   in      404    404         403   404     404      403     409     404
POST review_pass_on submitted                   in      404    404         403   404     404      403     409     404
POST review_disapprove submitted                in      404    404         403   404     404      403     302     404
POST review_disapprove foreign                  in      404    404         404   403     404      403     302     404
POST review_claim draft                         in      404    404         403   404     404      403     409     404
POST review_claim submitted                     in      404    404         403   404     404      403     302     404
POST review_release submitted                   in      404    404         403   404     404      403     302     404
POST review_flag submitted P1                   in      404    404         403   404     404      403     302     404
POST review_flag submitted 1                    in      404    404         403   404     404      403     404     404
POST review_flag draft P1                       in      404    404         403   404     404      403     409     404
GET  review_return draft                        in      404    404         403   404     404      403     409     404
GET  review_return submitted                    in      404    404         403   404     404      403     200     404
POST review_return submitted                    in      404    404         403   404     404      403     302     404
POST review_return returned                     in      404    404         403   404     404      403     409     404
GET  review_accept draft                        in      404    404         403   404     404      403     409     404
GET  review_accept submitted                    in      404    404         403   404     404      403     200     404
POST review_accept submitted                    in      404    404         403   404     404      403     302     404
POST review_accept accepted                     in      404    404         403   404     404      403     409     404
GET  review_reopen submitted                    in      404    404         403   404     404      403     409     404
GET  review_reopen accepted                     in      404    404         403   404     404      403     200     404
POST review_reopen accepted                     in      404    404         403   404     404      403     302     404
POST review_reopen foreign                      in      404    404         404   403     404      403     409     404
GET  review_extend draft                        in      404    404         403   404     404      403     200     404
POST review_extend draft                        in      404    404         403   404     404      403     302     404
POST review_extend accepted                     in      404    404         403   404     404      403     302     404
GET  review_refuse_extension foreign            in      404    404         404   403     404      403     200     404
GET  review_refuse_extension draft              in      404    404         403   404     404      403     409     404
POST review_refuse_extension foreign            in      404    404         404   403     404      403     302     404
GET  review_leave draft                         in      404    404         403   404     404      403     200     404
POST review_leave draft                         in      404    404         403   404     404      403     302     404
POST review_leave accepted                      in      404    404         403   404     404      403     302     404
GET  review_rejoin draft                        in      404    404         403   404     404      403     409     404
POST review_rejoin draft                        in      404    404         403   404     404      403     409     404

# the rehearsal
GET  rehearsal                                  in      403    403         403   403     403      403     200     403
POST rehearsal                                  in      403    403         403   403     403      403     302     403

# results of earlier rounds
GET  earlier_rounds                             in      403    403         403   403     403      403     200     403
GET  earlier_rounds_bring_in                    in      403    403         403   403     403      403     200     403
POST earlier_rounds_bring_in                    in      403    403         403   403     403      403     200     403
POST earlier_rounds_remember                    in      403    403         403   403     403      403     409     403
POST earlier_rounds_confirm                     in      403    403         403   403     403      403     409     403
POST earlier_rounds_forget remembered           in      403    403         403   403     403      403     302     403
GET  earlier_rounds_template 2026 csv           in      404    404         403   403     404      403     200     404
GET  earlier_rounds_undo import                 in      403    403         403   403     403      403     200     403
POST earlier_rounds_undo import                 in      403    403         403   403     403      403     302     403

# letters to governments
GET  letter_list 2026                           in      404    404         403   403     404      403     200     404
GET  letter_new 2026 thanks                     in      404    404         403   403     404      403     200     404
GET  letter_new 2026 nothing                    in      404    404         403   403     404      403     404     404
POST letter_new 2026 thanks                     in      404    404         403   403     404      403     302     404
GET  letter 2026 letter                         in      404    404         403   403     404      403     200     404
GET  letter_package 2026 letter                 in      404    404         403   403     404      403     200     404
GET  letter_pdf 2026 letter                     in      404    404         403   403     404      403     202     404

# editions
GET  edition_list                               in      403    403         403   403     403      403     200     403
GET  edition_import_file                        in      403    403         403   403     403      403     200     403
POST edition_import_file                        in      403    403         403   403     403      403     200     403
GET  edition used                               in      403    403         403   403     403      403     200     403
GET  edition unused                             in      403    403         403   403     403      403     200     403
GET  edition_compare used unused                in      403    403         403   403     403      403     200     403
GET  edition_duplicate used                     in      403    403         403   403     403      403     200     403
POST edition_duplicate used                     in      403    403         403   403     403      403     302     403
GET  edition_texts unused                       in      403    403         403   403     403      403     200     403
POST edition_texts unused                       in      403    403         403   403     403      403     200     403
GET  edition_area_texts used P                  in      403    403         403   403     403      403     200     403
POST edition_area_texts used P                  in      403    403         403   403     403      403     200     403
GET  edition_close used                         in      403    403         403   403     403      403     200     403
POST edition_close used                         in      403    403         403   403     403      403     409     403
GET  edition_export used                        in      403    403         403   403     403      403     200     403

# a group of countries side by side
GET  side_by_side                               in      200    200         200   200     200      200     200     200
GET  country_selections                         in      200    200         200   200     200      200     200     200
POST country_selections                         in      200    200         200   200     200      200     200     200

# pages over all published cycles
GET  country_list                               200     200    200         200   200     200      200     200     200
GET  country_page mt                            200     200    200         200   200     200      200     200     200
GET  country_page MT                            301     301    301         301   301     301      301     301     301
GET  country_page gr                            404     404    404         404   404     404      404     404     404
GET  country_answers mt csv                      200     200    200         200   200     200      200     200     200
GET  country_answers MT csv                      301     301    301         301   301     301      301     301     301
GET  country_answers mt json                    200     200    200         200   200     200      200     200     200
GET  country_answers mt doc                     404     404    404         404   404     404      404     404     404
GET  country_chart mt svg                       200     200    200         200   200     200      200     200     200
GET  country_chart MT svg                       301     301    301         301   301     301      301     301     301
GET  country_chart mt png                       202     202    202         202   202     202      202     202     202
GET  country_chart gr svg                       404     404    404         404   404     404      404     404     404
GET  country_chart mt other-1 svg               404     404    404         404   404     404      404     404     404
GET  country_chart mt doc                       404     404    404         404   404     404      404     404     404
GET  indicator_list                             200     200    200         200   200     200      200     200     200
GET  indicator_page P1                          200     200    200         200   200     200      200     200     200
GET  indicator_page p1                          302     302    302         302   302     302      302     302     302
GET  indicator_page harbour-1 P1                302     302    302         302   302     302      302     302     302
GET  indicator_page harbour-1 no                404     404    404         404   404     404      404     404     404
GET  indicator_answers P1 csv                    200     200    200         200   200     200      200     200     200
GET  indicator_answers P1 json                  200     200    200         200   200     200      200     200     200
GET  indicator_answers harbour-1 P1 csv         302     302    302         302   302     302      302     302     302
GET  indicator_answers P1 doc                   404     404    404         404   404     404      404     404     404
GET  area_chart P svg                           200     200    200         200   200     200      200     200     200
GET  area_chart P png                           202     202    202         202   202     202      202     202     202
GET  area_chart p svg                           302     302    302         302   302     302      302     302     302
GET  area_chart no svg                          404     404    404         404   404     404      404     404     404
GET  area_chart P doc                           404     404    404         404   404     404      404     404     404
GET  group_chart southern-europe svg            200     200    200         200   200     200      200     200     200
GET  group_chart southern-europe png            202     202    202         202   202     202      202     202     202
GET  group_chart nowhere svg                    404     404    404         404   404     404      404     404     404
GET  group_chart southern-europe doc            404     404    404         404   404     404      404     404     404
GET  group_chart southern-europe other-1 svg    404     404    404         404   404     404      404     404     404
GET  indicator_chart P1 svg                     200     200    200         200   200     200      200     200     200
GET  indicator_chart P1 png                     202     202    202         202   202     202      202     202     202
GET  indicator_chart p1 svg                     302     302    302         302   302     302      302     302     302
GET  indicator_chart no svg                     404     404    404         404   404     404      404     404     404
GET  indicator_chart P1 doc                     404     404    404         404   404     404      404     404     404
GET  area_page P                                200     200    200         200   200     200      200     200     200
GET  area_page no                               404     404    404         404   404     404      404     404     404
GET  group_page southern-europe                 200     200    200         200   200     200      200     200     200
GET  group_page nothing                         404     404    404         404   404     404      404     404     404
GET  objective_list                             200     200    200         200   200     200      200     200     200
GET  cycle_overview 2019                        200     200    200         200   200     200      200     200     200
GET  cycle_overview 2026                        404     404    404         404   404     404      302     302     404
GET  cycle_chapter 2019 area-p                  200     200    200         200   200     200      200     200     200
GET  cycle_chapter 2019 area-P                  301     301    301         301   301     301      301     301     301
GET  cycle_chapter 2019 no                      404     404    404         404   404     404      404     404     404
GET  cycle_chapter 2026 area-p                  404     404    404         404   404     404      404     404     404

# cycles
GET  cycles                                     302     302    302         302   302     302      302     302     302
GET  cycle_page_before reminders                in      301    301         301   301     301      301     301     301
GET  cycle_list                                 in      200    200         200   200     200      200     200     200
GET  cycle_new                                  in      403    403         403   403     403      403     200     403
POST cycle_new                                  in      403    403         403   403     403      403     302     403
GET  cycle_board 2026                           in      404    404         403   403     404      200     200     404
GET  cycle_board 2019                           in      404    404         403   404     404      200     200     404
GET  cycle_board 2029                           in      404    404         404   404     404      404     200     404
GET  cycle_export 2026 csv                      in      404    404         403   403     404      200     200     404
GET  cycle_export 2019 xlsx                     in      404    404         403   404     404      200     200     404
GET  cycle_export 2026 exe                      in      404    404         403   403     404      404     404     404
GET  cycle_views 2026                           in      404    404         403   403     404      200     200     404
POST cycle_views 2026                           in      404    404         403   403     404      302     302     404
GET  cycle_country 2026 mt                      in      404    404         403   403     404      403     200     404
GET  cycle_country 2026 fr                      in      404    404         403   403     404      403     404     404
POST cycle_country 2026 mt                      in      404    404         403   403     404      403     302     404
GET  cycle_remind 2026                          in      404    404         403   403     404      403     200     404
POST cycle_remind 2026                          in      404    404         403   403     404      403     302     404
GET  cycle_announce 2026                        in      404    404         403   403     404      403     200     404
POST cycle_announce 2026                        in      404    404         403   403     404      403     302     404
GET  cycle_extend 2026                          in      404    404         403   403     404      403     200     404
POST cycle_extend 2026                          in      404    404         403   403     404      403     302     404
GET  cycle_reminders 2026                       in      404    404         403   403     404      403     200     404
GET  cycle_reminders 2029                       in      404    404         404   404     404      404     200     404
POST cycle_reminders 2026                       in      404    404         403   403     404      403     302     404
GET  cycle_edit 2026                            in      404    404         403   403     404      403     200     404
GET  cycle_edit 2029                            in      404    404         404   404     404      404     200     404
POST cycle_edit 2029                            in      404    404         404   404     404      404     302     404
GET  cycle_open 2026                            in      404    404         403   403     404      403     200     404
GET  cycle_open 2029                            in      404    404         404   404     404      404     200     404
POST cycle_open 2026                            in      404    404         403   403     404      403     409     404
POST cycle_open 2029                            in      404    404         404   404     404      404     302     404
GET  cycle_effects                              in      403    403         403   403     403      403     200     403
GET  cycle_by_network                           in      403    403         403   403     403      403     200     403
GET  cycle_on_a_day 2026                        in      404    404         403   403     404      200     200     404
GET  cycle_on_a_day 2029                        in      404    404         404   404     404      404     200     404
GET  cycle_delete 2026                          in      404    404         403   403     404      403     200     404
GET  cycle_delete 2029                          in      404    404         404   404     404      404     200     404
GET  cycle_feedback 2026                        in      404    404         403   403     404      403     200     404
GET  cycle_feedback 2029                        in      404    404         404   404     404      404     200     404
POST cycle_delete 2026                          in      404    404         403   403     404      403     409     404
POST cycle_delete 2029                          in      404    404         404   404     404      404     302     404

# assessments
GET  report_list                                200     200    200         200   200     200      200     200     200
GET  press 2019                                 200     200    200         200   200     200      200     200     200
GET  press 2023                                 404     404    404         404   404     404      404     404     404
GET  explore                                    200     200    200         200   200     200      200     200     200
GET  search                                     200     200    200         200   200     200      200     200     200
GET  methodology                                200     200    200         200   200     200      200     200     200
GET  methodology_of used                        200     200    200         200   200     200      200     200     200
GET  methodology_of unused                      404     404    404         404   404     404      200     200     200
GET  methodology_of nothing                     404     404    404         404   404     404      404     404     404
GET  report everyone                            200     200    200         200   200     200      200     200     200
GET  report observers                           404     404    200         200   200     200      200     200     404
GET  report built                               404     404    404         404   404     404      200     200     404
GET  report withdrawn                           410     410    410         410   410     410      200     200     410
GET  report_part everyone area-p                200     200    200         200   200     200      200     200     200
GET  report_part everyone areas                 200     200    200         200   200     200      200     200     200
GET  report_part everyone answers               200     200    200         200   200     200      200     200     200
GET  report_part observers area-p               404     404    200         200   200     200      200     200     404
GET  report_part built area-p                   404     404    404         404   404     404      200     200     404
GET  report_part withdrawn area-p               410     410    410         410   410     410      200     200     410
GET  report_part everyone no                    404     404    404         404   404     404      404     404     404
GET  report_country everyone MT                 200     200    200         200   200     200      200     200     200
GET  report_country everyone GR                 404     404    404         404   404     404      404     404     404
GET  report_country observers MT                404     404    200         200   200     200      200     200     404
GET  report_country built MT                    404     404    404         404   404     404      200     200     404
GET  report_country withdrawn MT                410     410    410         410   410     410      200     200     410
GET  observer built                             in      404    404         404   404     404      200     200     404
GET  observer everyone                          in      404    404         404   404     404      404     404     404
GET  observer_part built area-p                 in      404    404         404   404     404      200     200     404
GET  observer_country built MT                  in      404    404         404   404     404      200     200     404
GET  observer_indicator built P1                in      404    404         404   404     404      200     200     404
GET  observer_country built GR                  in      404    404         404   404     404      404     404     404
GET  report_statements everyone                 200     200    200         200   200     200      200     200     200
GET  report_statements observers                404     404    200         200   200     200      200     200     404
GET  report_statements built                    404     404    404         404   404     404      200     200     404
GET  report_statements withdrawn                410     410    410         410   410     410      200     200     410
GET  report_pdf everyone                        200     200    200         200   200     200      200     200     200
GET  report_pdf observers                       404     404    200         200   200     200      200     200     404
GET  report_pdf built                           404     404    404         404   404     404      404     404     404
GET  report_pdf withdrawn                       410     410    410         410   410     410      200     200     410
GET  report_country_pdf everyone MT             200     200    200         200   200     200      200     200     200
GET  report_country_pdf everyone GR             404     404    404         404   404     404      404     404     404
GET  report_country_pdf observers MT            404     404    200         200   200     200      200     200     404
GET  report_country_pdf built MT                404     404    404         404   404     404      404     404     404
GET  report_country_pdf withdrawn MT            410     410    410         410   410     410      200     200     410
GET  report_indicator everyone P1               200     200    200         200   200     200      200     200     200
GET  report_indicator everyone no               404     404    404         404   404     404      404     404     404
GET  report_indicator observers P1              404     404    200         200   200     200      200     200     404
GET  report_indicator built P1                  404     404    404         404   404     404      200     200     404
GET  report_indicator withdrawn P1              410     410    410         410   410     410      200     200     410
GET  report_product everyone json               200     200    200         200   200     200      200     200     200
GET  report_product observers json              404     404    200         200   200     200      200     200     404
GET  report_product built json                  404     404    404         404   404     404      200     200     404
GET  report_product withdrawn json              410     410    410         410   410     410      200     200     410
GET  report_product everyone pdf                404     404    404         404   404     404      404     404     404
GET  report_citation everyone bib               200     200    200         200   200     200      200     200     200
GET  report_citation everyone json              200     200    200         200   200     200      200     200     200
GET  report_citation everyone pdf               404     404    404         404   404     404      404     404     404
GET  report_citation observers bib              404     404    200         200   200     200      200     200     404
GET  report_citation built bib                  404     404    404         404   404     404      404     404     404
GET  report_citation withdrawn bib              410     410    410         410   410     410      404     404     410
GET  robots                                     200     200    200         200   200     200      200     200     200
GET  sitemap                                    200     200    200         200   200     200      200     200     200
GET  embed_percentages en everyone P            200     200    200         200   200     200      200     200     200
GET  embed_percentages en everyone no           404     404    404         404   404     404      404     404     404
GET  embed_percentages xx everyone P            404     404    404         404   404     404      404     404     404
GET  embed_levels en everyone P                 200     200    200         200   200     200      200     200     200
GET  embed_levels en withdrawn P                410     410    410         410   410     410      410     410     410
GET  embed_levels en built P                    404     404    404         404   404     404      404     404     404
GET  embed_country en everyone MT               200     200    200         200   200     200      200     200     200
GET  embed_country en observers MT              404     404    404         404   404     404      404     404     404
GET  embed_country_cycles en mt                 200     200    200         200   200     200      200     200     200
GET  embed_country_cycles en gr                 404     404    404         404   404     404      404     404     404
GET  embed_country_cycles xx mt                 404     404    404         404   404     404      404     404     404
GET  embed_country_cycles en mt other-1         404     404    404         404   404     404      404     404     404
GET  embed_indicator_cycles en P1               200     200    200         200   200     200      200     200     200
GET  embed_indicator_cycles en harbour-1 P1     200     200    200         200   200     200      200     200     200
GET  embed_indicator_cycles en no               404     404    404         404   404     404      404     404     404
GET  embed_area_cycles en P                     200     200    200         200   200     200      200     200     200
GET  embed_area_cycles en harbour-1 P           200     200    200         200   200     200      200     200     200
GET  embed_area_cycles en no                    404     404    404         404   404     404      404     404     404
GET  embed_group_cycles en southern-europe      200     200    200         200   200     200      200     200     200
GET  embed_group_cycles en nowhere              404     404    404         404   404     404      404     404     404
GET  embed_group_cycles xx southern-europe      404     404    404         404   404     404      404     404     404
GET  embed_explore en                           200     200    200         200   200     200      200     200     200
GET  embed_explore xx                           404     404    404         404   404     404      404     404     404
GET  report_country_card everyone MT            200     200    200         200   200     200      200     200     200
GET  report_country_card everyone GR            404     404    404         404   404     404      404     404     404
GET  report_country_card observers MT           404     404    404         404   404     404      404     404     404
GET  report_indicator_card everyone P1          200     200    200         200   200     200      200     200     200
GET  report_indicator_card everyone no          404     404    404         404   404     404      404     404     404
GET  verify                                     200     200    200         200   200     200      200     200     200
GET  report_schema                              200     200    200         200   200     200      200     200     200

# action plans; the contributor has the first action of the one that the Secretariat sees
GET  plan_list                                  in      200    200         200   200     200      200     200     200
GET  plan_overdue                               in      200    200         200   200     200      200     200     200
GET  review_plans                               in      403    403         403   403     403      200     200     403
GET  country_plans mt                           in      404    404         200   404     404      200     200     404
GET  country_plans MT                           in      404    404         301   404     404      301     301     404
GET  plan_new mt                                in      404    404         200   404     404      403     403     404
POST plan_new mt                                in      404    404         302   404     404      403     403     404
GET  plan plan                                  in      404    200         200   404     404      200     200     404
GET  plan ownplan                               in      404    404         200   404     404      404     404     404
GET  plan_edit plan                             in      404    403         200   404     404      403     403     404
GET  plan_edit ownplan                          in      404    404         200   404     404      404     404     404
POST plan_edit plan                             in      404    403         302   404     404      403     403     404
GET  plan_readers plan                          in      404    403         200   404     404      403     403     404
GET  plan_readers ownplan                       in      404    404         200   404     404      404     404     404
POST plan_readers plan                          in      404    403         302   404     404      403     403     404
POST plan_check plan                            in      404    403         403   404     404      403     302     404
GET  plan_delete plan                           in      404    403         409   404     404      403     403     404
GET  plan_delete ownplan                        in      404    404         200   404     404      404     404     404
POST plan_delete ownplan                        in      404    404         302   404     404      404     404     404
GET  plan_history plan                          in      404    404         200   404     404      200     200     404
GET  plan_files plan                            in      404    403         200   404     404      403     403     404
POST plan_files plan                            in      404    403         302   404     404      403     403     404
GET  plan_file plan plandoc                     in      404    404         200   404     404      200     200     404
GET  plan_file plan planproof                   in      404    200         200   404     404      200     200     404
GET  plan_file ownplan planproof                in      404    404         404   404     404      404     404     404
GET  plan_file_remove plan plandoc              in      404    404         200   404     404      403     403     404
GET  plan_file_remove plan planproof            in      404    200         200   404     404      403     403     404
POST plan_file_remove plan planproof            in      404    302         302   404     404      403     403     404
GET  plan_delegate plan                         in      404    403         200   404     404      403     403     404
POST plan_delegate plan                         in      404    403         302   404     404      403     403     404
GET  plan_delegation_end plan delegation        in      404    403         200   404     404      403     403     404
POST plan_delegation_end plan delegation        in      404    403         302   404     404      403     403     404
GET  plan_action_new plan                       in      404    403         200   404     404      403     403     404
POST plan_action_new plan                       in      404    403         302   404     404      403     403     404
GET  plan_action plan 1                         in      404    200         200   404     404      200     200     404
GET  plan_action plan 2                         in      404    404         200   404     404      200     200     404
POST plan_action plan 1                         in      404    302         302   404     404      403     403     404
POST plan_action plan 2                         in      404    404         302   404     404      403     403     404
GET  plan_action_edit plan 1                    in      404    403         200   404     404      403     403     404
POST plan_action_edit plan 1                    in      404    403         302   404     404      403     403     404
GET  plan_action_remove plan 1                  in      404    403         200   404     404      403     403     404
POST plan_action_remove plan 1                  in      404    403         302   404     404      403     403     404
GET  plan_action_files plan 1                   in      404    200         200   404     404      403     403     404
POST plan_action_files plan 1                   in      404    302         302   404     404      403     403     404
GET  plan_skeleton mt                           in      404    404         200   404     404      403     403     404
POST plan_skeleton mt                           in      404    404         302   404     404      403     403     404
GET  plan_skeleton_docx mt                      in      404    404         200   404     404      403     403     404
GET  plan_copy plan                             in      404    403         200   404     404      403     403     404
POST plan_copy plan                             in      404    403         302   404     404      403     403     404
GET  plan_workbook plan                         in      404    403         200   404     404      200     200     404
GET  plan_upload plan                           in      404    403         200   404     404      403     403     404
POST plan_upload plan                           in      404    403         200   404     404      403     403     404
POST plan_take plan                             in      404    403         200   404     404      403     403     404
GET  plan_upload ownplan                        in      404    404         200   404     404      404     404     404
GET  published_plan mt publicplan               200     200    200         200   200     200      200     200     200
GET  published_plan MT publicplan               301     301    301         301   301     301      301     301     301
GET  published_plan mt plan                     404     404    404         404   404     404      404     404     404

# notices without an account, and news
GET  subscribe                                  200     200    200         200   200     200      200     200     200
POST subscribe                                  302     302    302         302   302     302      302     302     302
GET  subscribe_asked                            200     200    200         200   200     200      200     200     200
GET  subscriber subscriber                      200     200    200         200   200     200      200     200     200
GET  subscriber key                             404     404    404         404   404     404      404     404     404
POST subscriber subscriber                      302     302    302         302   302     302      302     302     302
POST subscriber key                             404     404    404         404   404     404      404     404     404
GET  subscriber_leave subscriber                200     200    200         200   200     200      200     200     200
GET  subscriber_leave key                       404     404    404         404   404     404      404     404     404
POST subscriber_leave subscriber                200     200    200         200   200     200      200     200     200
POST subscriber_leave key                       404     404    404         404   404     404      404     404     404
GET  feed                                       200     200    200         200   200     200      200     200     200
GET  feed_country mt                            200     200    200         200   200     200      200     200     200
GET  feed_country MT                            301     301    301         301   301     301      301     301     301
GET  feed_cycle 2019                            200     200    200         200   200     200      200     200     200
GET  feed_cycle 2029                            404     404    404         404   404     404      404     404     404
GET  news_list                                  in      403    403         403   403     403      403     200     403
POST news_list                                  in      403    403         403   403     403      403     302     403
POST news_remove news                           in      403    403         403   403     403      403     302     403

# the workbench
GET  workbench 2019                             in      404    404         403   404     404      200     200     404
GET  workbench 2026                             in      404    404         403   403     404      200     200     404
GET  workbench 2029                             in      404    404         404   404     404      404     200     404
POST workbench_consolidate 2019                 in      404    404         403   404     404      302     302     404
POST workbench_consolidate 2026                 in      404    404         403   403     404      409     409     404
POST workbench_build built                      in      404    404         404   404     404      302     302     404
POST workbench_build everyone                   in      403    403         403   403     403      409     409     403
GET  cycle_hearing 2014                         in      404    404         403   404     404      403     200     404
POST cycle_hearing 2014                         in      404    404         403   404     404      403     409     404
GET  cycle_hearing 2026                         in      404    404         403   403     404      403     200     404
POST cycle_public 2014                          in      404    404         403   404     404      403     302     404
GET  submission_entered earlier                 in      404    404         200   404     404      403     200     404
POST submission_entered earlier                 in      404    404         302   404     404      403     403     404
GET  submission_entered accepted                in      404    404         409   404     404      403     409     404
GET  earlier_report_list 2014                   in      404    404         403   404     404      403     200     404
POST earlier_report_list 2014                   in      404    404         403   404     404      403     302     404
GET  earlier_report_list 2019                   in      404    404         403   404     404      403     409     404
GET  earlier_report_remove 2014 oldreport       in      404    404         403   404     404      403     200     404
POST earlier_report_remove 2014 oldlink         in      404    404         403   404     404      403     302     404
GET  earlier_report_remove 2014 oldlink         in      404    404         403   404     404      403     200     404
GET  earlier_report_file oldreport              404     404    404         404   404     404      200     200     404
GET  earlier_report_file oldlink                404     404    404         404   404     404      404     404     404
GET  workbench_progress built                   in      404    404         404   404     404      302     302     404
GET  workbench_progress everyone                in      403    403         403   403     403      302     302     403
GET  workbench_preview built                    in      404    404         404   404     404      202     202     404
GET  workbench_preview everyone                 in      403    403         403   403     403      404     404     403
GET  workbench_preview_section built cover      in      404    404         404   404     404      202     202     404
GET  workbench_preview_section built nothing    in      404    404         404   404     404      404     404     404
GET  workbench_preview_section everyone cover   in      403    403         403   403     403      404     404     403
POST workbench_cancel built                     in      404    404         404   404     404      409     409     404
POST workbench_cancel everyone                  in      403    403         403   403     403      409     409     403
GET  workbench_publish built                    in      404    404         404   404     404      403     200     404
GET  workbench_publish everyone                 in      403    403         403   403     403      403     409     403
POST workbench_publish built                    in      404    404         404   404     404      403     302     404
GET  workbench_withdraw built                   in      404    404         404   404     404      403     409     404
GET  workbench_withdraw everyone                in      403    403         403   403     403      403     200     403
POST workbench_withdraw everyone                in      403    403         403   403     403      403     302     403
POST workbench_withdraw observers               in      404    403         403   403     403      403     302     404
POST consultation_prepare built                  in      404    404         404   404     404      302     302     404
GET  consultation_list                           in      200    200         200   200     200      200     200     200
GET  consultation consultation                   in      404    404         403   404     404      200     200     404
GET  consultation_passages consultation          in      404    404         403   404     404      200     200     404
GET  consultation_passage consultation 2         in      404    404         403   404     404      200     200     404
GET  consultation_passage consultation 99        in      404    404         403   404     404      404     404     404
POST consultation_passage consultation 2         in      404    404         403   404     404      409     409     404
POST consultation_decide consultation 2          in      404    404         403   404     404      403     409     404
POST consultation_open consultation              in      404    404         403   404     404      403     409     404
POST consultation_show consultation              in      404    404         403   404     404      403     409     404
GET  consultation_move consultation              in      404    404         403   404     404      403     200     404
POST consultation_move consultation              in      404    404         403   404     404      403     302     404
POST consultation_end consultation               in      404    404         403   404     404      403     302     404
GET  consultation_comment said                   in      404    404         403   404     404      200     200     404
POST consultation_comment said                   in      404    404         403   404     404      302     302     404
POST consultation_withdraw said                  in      404    404         302   404     404      403     403     404
GET  consultation_country consultation mt        in      404    404         200   404     404      200     200     404
GET  consultation_country consultation MT        in      404    404         301   404     404      301     301     404
GET  consultation_country consultation gr        in      404    404         404   404     404      404     404     404
POST consultation_country consultation mt        in      404    404         302   404     404      403     403     404
GET  chapter_list built                         in      404    404         404   404     404      200     200     404
GET  chapter_list everyone                      in      403    403         403   403     403      200     200     403
GET  chapter built area-P                       in      404    404         404   404     404      200     200     404
GET  chapter built nothing                      in      404    404         404   404     404      404     404     404
GET  chapter everyone area-P                    in      403    403         403   403     403      200     200     403
POST chapter built area-P                       in      404    404         404   404     404      302     302     404
POST chapter everyone area-P                    in      403    403         403   403     403      409     409     403
POST chapter_save built area-P                  401     404    404         404   404     404      200     200     404
POST chapter_save everyone area-P               401     403    403         403   403     403      409     409     403
GET  chapter_preview built area-P               in      404    404         404   404     404      200     200     404
GET  chapter_preview observers area-P           in      404    403         403   403     403      200     200     404
GET  chapter_history built area-P               in      404    404         404   404     404      200     200     404
GET  chapter_history everyone area-P            in      403    403         403   403     403      200     200     403
POST chapter_confirm built area-P               in      404    404         404   404     404      302     302     404
GET  chapter_approve_several built              in      404    404         404   404     404      403     200     404
POST chapter_approve_several built              in      404    404         404   404     404      403     302     404
POST chapter_approve built area-P               in      404    404         404   404     404      403     302     404
POST chapter_withdraw built area-P              in      404    404         404   404     404      403     302     404
POST workbench_withdraw withdrawn               in      404    404         404   404     404      403     409     404

# the API
GET  api-root                                   200     200    200         200   200     200      200     200     200
GET  api-schema                                 200     200    200         200   200     200      200     200     200
GET  api-missing nothing                        404     404    404         404   404     404      404     404     404
GET  api-docs                                   200     200    200         200   200     200      200     200     200
GET  edition-list                               200     200    200         200   200     200      200     200     200
GET  edition-detail used                        200     200    200         200   200     200      200     200     200
GET  edition-detail unused                      404     404    404         404   404     404      200     200     200
GET  country-list                               200     200    200         200   200     200      200     200     200
GET  country-detail MT                          200     200    200         200   200     200      200     200     200
GET  cycle-list                                 200     200    200         200   200     200      200     200     200
GET  cycle-detail 2019                          200     200    200         200   200     200      200     200     200
GET  cycle-detail 2026                          404     404    404         200   200     404      200     200     404
GET  cycle-detail 2029                          404     404    404         404   404     404      404     200     404
GET  submission-list                            401     200    200         200   200     200      200     200     200
GET  submission-detail draft                    401     404    404         200   404     404      200     200     404
GET  submission-detail accepted                 401     404    404         200   404     404      200     200     404
GET  submission-detail foreign                  401     404    404         404   200     404      200     200     404
GET  submission-check draft                     401     404    404         200   404     404      404     404     404
GET  submission-receipt accepted                401     404    404         200   404     404      200     200     404
POST submission-submit draft                    401     404    404         428   404     404      403     428     404
POST submission-recall submitted                401     404    404         428   404     404      403     403     404
POST submission-claim submitted                 401     404    404         403   404     404      403     428     404
POST submission-release submitted               401     404    404         403   404     404      403     428     404
POST submission-return submitted                401     404    404         403   404     404      403     428     404
POST submission-accept submitted                401     404    404         403   404     404      403     428     404
POST submission-extend draft                    401     404    404         403   404     404      403     428     404
GET  answer-detail draft P1                     401     404    404         200   404     404      404     404     404
PUT  answer-detail draft P1                     401     404    404         428   404     404      403     428     404
POST answer-confirmation draft P1               401     404    404         428   404     404      403     428     404
POST answer-evidence draft P1                   401     404    404         201   404     404      403     409     404
POST answer-threads submitted P1                401     404    404         403   404     404      403     201     404
POST answer-mark submitted P1                   401     404    404         403   404     404      403     200     404
GET  evidence-detail draft piece                401     404    404         200   404     404      404     404     404
DELETE evidence-detail draft piece              401     404    404         204   404     404      404     404     404
POST thread-replies returned thread             401     404    404         201   404     404      404     201     404
GET  contribution-list                          401     200    200         200   200     200      200     200     200
GET  contribution-detail part                   401     404    200         404   404     404      404     404     404
GET  suggestion-detail part P1                  401     404    200         404   404     404      404     404     404
PUT  suggestion-detail part P1                  401     404    428         404   404     404      404     404     404
POST suggestion-evidence part P1                401     404    201         404   404     404      404     404     404
POST cycle-list                                 401     403    403         403   403     403      403     400     403
GET  plan-list                                  200     200    200         200   200     200      200     200     200
GET  plan-detail publicplan                     200     200    200         200   200     200      200     200     200
GET  plan-detail plan                           404     404    404         404   404     404      404     404     404
GET  assessment-list                            200     200    200         200   200     200      200     200     200
GET  assessment-detail everyone                 200     200    200         200   200     200      200     200     200
GET  assessment-detail observers                404     404    200         200   200     200      200     200     404
GET  assessment-detail built                    404     404    404         404   404     404      200     200     404
GET  assessment-results everyone                200     200    200         200   200     200      200     200     200
GET  assessment-results observers               404     404    200         200   200     200      200     200     404
GET  assessment-results withdrawn               410     410    410         410   410     410      200     200     410
GET  assessment-products everyone               200     200    200         200   200     200      200     200     200
GET  assessment-products observers              404     404    200         200   200     200      200     200     404
GET  assessment-products built                  404     404    404         404   404     404      200     200     404
GET  published-datapackage                      200     200    200         200   200     200      200     200     200
GET  published-levels                           200     200    200         200   200     200      200     200     200
GET  published-levels-csv                       200     200    200         200   200     200      200     200     200
GET  published-comments                         200     200    200         200   200     200      200     200     200
GET  published-comments-csv                     200     200    200         200   200     200      200     200     200
GET  published-results                          200     200    200         200   200     200      200     200     200
GET  published-results-csv                      200     200    200         200   200     200      200     200     200
GET  published-distributions                    200     200    200         200   200     200      200     200     200
GET  published-distributions-csv                200     200    200         200   200     200      200     200     200
GET  published-indicators                       200     200    200         200   200     200      200     200     200
GET  published-indicators-csv                   200     200    200         200   200     200      200     200     200
GET  published-participation                    200     200    200         200   200     200      200     200     200
GET  published-participation-csv                200     200    200         200   200     200      200     200     200
GET  published-cycles                           200     200    200         200   200     200      200     200     200
GET  published-cycles-csv                       200     200    200         200   200     200      200     200     200
GET  published-products                         200     200    200         200   200     200      200     200     200
GET  published-products-csv                     200     200    200         200   200     200      200     200     200

# the administration; where a * stands, every model that it offers
GET  admin:index                                in      in     in          in    in      in       in      in      200
GET  admin:doctor                               in      in     in          in    in      in       in      in      200
GET  admin:login                                in      403    403         403   403     403      403     403     302
POST admin:logout                               in      302    302         302   302     302      302     302     200
GET  admin:password_change                      in      in     in          in    in      in       in      in      302
GET  admin:password_change_done                 in      in     in          in    in      in       in      in      200
GET  admin:autocomplete                         in      in     in          in    in      in       in      in      403
GET  admin:jsi18n                               in      in     in          in    in      in       in      in      200
GET  admin:view_on_site 1 1                     in      in     in          in    in      in       in      in      404
GET  admin:app_list scoreboard                  in      in     in          in    in      in       in      in      200
GET  admin:second_factor_remove person          in      in     in          in    in      in       in      in      200
POST admin:second_factor_remove person          in      in     in          in    in      in       in      in      302
GET  admin:person_anonymise person              in      in     in          in    in      in       in      in      200
POST admin:person_anonymise person              in      in     in          in    in      in       in      in      200
GET  admin:edition_import                       in      in     in          in    in      in       in      in      200
GET  admin:edition_export_yaml edition          in      in     in          in    in      in       in      in      200
GET  admin:edition_export_json edition          in      in     in          in    in      in       in      in      200
GET  admin:*_changelist                         in      in     in          in    in      in       in      in      200
GET  admin:scoreboard_webhook_add               in      in     in          in    in      in       in      in      200
POST admin:scoreboard_webhook_add               in      in     in          in    in      in       in      in      200
GET  admin:scoreboard_webhook_change webhook    in      in     in          in    in      in       in      in      200
POST admin:webhook_act webhook                  in      in     in          in    in      in       in      in      302
GET  admin:scoreboard_country_add               in      in     in          in    in      in       in      in      200
GET  admin:scoreboard_submission_add            in      in     in          in    in      in       in      in      403
GET  admin:scoreboard_country_change malta      in      in     in          in    in      in       in      in      200
GET  admin:scoreboard_submission_change draft   in      in     in          in    in      in       in      in      200
POST admin:scoreboard_submission_change draft   in      in     in          in    in      in       in      in      403
GET  admin:scoreboard_country_history malta     in      in     in          in    in      in       in      in      200
GET  admin:scoreboard_country_delete malta      in      in     in          in    in      in       in      in      200
GET  admin:scoreboard_submission_delete draft   in      in     in          in    in      in       in      in      403

# spaces: Malta's focal point is a member by role, the observer invited; the other focal point is of another network
GET  space_list                                 in      200    200         200   200     200      200     200     200
GET  space_new                                  in      403    403         403   403     403      403     200     403
POST space_new                                  in      403    403         403   403     403      403     302     403
GET  space_search                               in      200    200         200   200     200      200     200     200
GET  published_text_list                        200     200    200         200   200     200      200     200     200
GET  published_text public_text                 200     200    200         200   200     200      200     200     200
GET  published_text gone_text                   410     410    410         410   410     410      410     410     410
GET  published_text_file public_text            200     200    200         200   200     200      200     200     200
GET  published_text_file gone_text              410     410    410         410   410     410      410     410     410
GET  published_text_decide asking_text          in      403    403         403   403     403      403     200     403
POST published_text_decide own_text             in      403    403         403   403     403      403     302     403
GET  published_text_answer asking_text          in      404    404         200   404     404      404     404     404
POST published_text_answer asking_text          in      404    404         302   404     404      404     404     404
GET  space space                                in      404    404         200   404     200      404     200     404
GET  space old_space                            in      404    404         200   404     404      404     200     404
GET  space elsewhere                            in      404    404         404   404     404      404     200     404
GET  space_edit space                           in      404    404         403   404     403      404     200     404
POST space_edit space                           in      404    404         403   404     403      404     302     404
GET  space_members space                        in      404    404         200   404     200      404     200     404
POST space_members space                        in      404    404         403   404     403      404     302     404
GET  space_member space spacemember             in      404    404         403   404     403      404     200     404
POST space_member space spacemember             in      404    404         403   404     403      404     302     404
POST space_mail space                           in      404    404         302   404     302      404     302     404
GET  space_archive space                        in      404    404         403   404     403      404     200     404
POST space_archive space                        in      404    404         403   404     403      404     302     404
GET  space_delete old_space                     in      404    404         403   404     404      404     200     404
POST space_delete old_space                     in      404    404         403   404     404      404     302     404
POST space_delete space                         in      404    404         403   404     403      404     409     404
GET  space_archive_file space                   in      404    404         200   404     200      404     200     404
GET  discussion_new space                       in      404    404         200   404     200      404     200     404
POST discussion_new space                       in      404    404         302   404     302      404     302     404
POST discussion_new old_space                   in      404    404         409   404     404      404     409     404
GET  discussion discussion                      in      404    404         200   404     200      404     200     404
POST discussion discussion                      in      404    404         302   404     302      404     302     404
GET  discussion_moderate discussion             in      404    404         403   404     403      404     200     404
POST discussion_moderate discussion             in      404    404         403   404     403      404     302     404
GET  post post                                  in      404    404         302   404     302      404     302     404
GET  post_take_back post                        in      404    404         200   404     200      404     200     404
POST post_take_back post                        in      404    404         302   404     403      404     403     404
GET  post_moderate post                         in      404    404         403   404     403      404     200     404
POST post_moderate post                         in      404    404         403   404     403      404     302     404
GET  post_publish post                          in      404    404         403   404     403      404     200     404
POST post_publish post                          in      404    404         403   404     403      404     200     404
GET  space_papers space                         in      404    404         200   404     200      404     200     404
GET  paper_new space                            in      404    404         200   404     200      404     200     404
POST paper_new space                            in      404    404         200   404     200      404     200     404
GET  paper workplan                             in      404    404         200   404     200      404     200     404
POST paper workplan                             in      404    404         200   404     403      404     200     404
GET  paper_file workplan 1                      in      404    404         200   404     200      404     200     404
GET  paper_moderate workplan                    in      404    404         403   404     403      404     200     404
POST paper_moderate workplan                    in      404    404         403   404     403      404     302     404
GET  paper_publish workplan 1                   in      404    404         403   404     403      404     200     404
POST paper_publish workplan 1                   in      404    404         403   404     403      404     302     404
GET  meeting_new space                          in      404    404         403   404     403      404     200     404
POST meeting_new space                          in      404    404         403   404     403      404     302     404
GET  meeting meeting                            in      404    404         200   404     200      404     200     404
GET  meeting_edit meeting                       in      404    404         403   404     403      404     200     404
POST meeting_edit meeting                       in      404    404         403   404     403      404     302     404
GET  agenda_new meeting                         in      404    404         403   404     403      404     200     404
POST agenda_new meeting                         in      404    404         403   404     403      404     302     404
GET  agenda_edit item                           in      404    404         403   404     403      404     200     404
POST agenda_edit item                           in      404    404         403   404     403      404     302     404
POST agenda_up second                           in      404    404         403   404     403      404     302     404
GET  agenda_remove second                       in      404    404         403   404     403      404     200     404
POST agenda_remove second                       in      404    404         403   404     403      404     302     404
POST agenda_remove item                         in      404    404         403   404     403      404     409     404
GET  agenda_decision item                       in      404    404         403   404     403      404     200     404
POST agenda_decision item                       in      404    404         403   404     403      404     302     404
GET  minutes meeting                            in      404    404         403   404     403      404     200     404
POST minutes meeting                            in      404    404         403   404     403      404     302     404
POST minutes_share meeting                      in      404    404         403   404     403      404     302     404
GET  minutes_publish meeting                    in      404    404         403   404     403      404     200     404
POST minutes_publish meeting                    in      404    404         403   404     403      404     200     404
"""

RESOURCE = {
    **{"kind": "law", "title": "A law", "url": "https://example.org/law", "summary": "", "email": ""},
    **{"language": "", "audience": "everybody", "licence": "", "seen": "0"},
}

# {word} is filled as in an address, in names of fields too.
CYCLE = {
    **{"title_0": "Scoreboard 2029", "edition": "{edition}", "countries": "{malta}"},
    **{"opens": "2029-01-01", "deadline": "2029-02-01", "closes": "2029-03-01"},
    **{"time_zone": "Europe/Berlin", "basis": "answered", "statement_days": "21"},
}
SUCCESSOR = {"email": "successor@example.org", "name": "Sam Successor"}
POSTED = {
    "space_new": {"kind": "meeting", "name": "Spring meeting", "audiences": "focal"},
    "space_edit": {"kind": "meeting", "name": "Spring meeting", "moderator": "{officer}"},
    "space_members": SUCCESSOR | {"until": "{until}"},
    "space_member": {"until": "{until}"},
    "space_mail": {"mail": "none"},
    "discussion_new": {"title": "Baits", "text": "Who has seen some?"},
    "discussion": {"text": "We have."},
    "discussion_moderate": {"act": "close", "reason": "It is answered."},
    "post_moderate": {"act": "hide", "reason": "A name."},
    "post_publish": {"title": "Patrols"},
    "paper_moderate": {"act": "hide", "reason": "A name."},
    "paper_publish": {"title": "Work plan"},
    "meeting_new": {"title": "Autumn meeting", "starts": "{until}", "ends": "{until}"},
    "meeting_edit": {"title": "Autumn meeting", "starts": "{until}", "ends": "{until}"},
    "agenda_new": {"title": "Welcome"},
    "agenda_edit": {"title": "Welcome"},
    "agenda_decision": {"decision": "Agreed."},
    "minutes": {"text": "All were there, and on time.", "seen": "1"},
    "minutes_share": {"seen": "1"},
    "minutes_publish": {"title": "Minutes"},
    "published_text_decide": {"names_nobody": "on"},
    "published_text_answer": {"answer": "agree"},
    "access": SUCCESSOR | {"role": "focal", "country": "{malta}", "reason": "The ministry has named me."},
    "country_join": {"group": "{network_pk}", "kind": "member", "since": "2020-01-01"},
    "organisation_join": {"group": "{network_pk}", "kind": "observer", "since": "2030-01-01"},
    "organisation_new": {"name": "Another Society", "kind": "ngo"},
    "organisation_edit": {"name": "A Society", "kind": "ngo"},
    "network_membership": {"kind": "observer", "since": "2021-01-01"},
    "people_invite": SUCCESSOR | {"role": "focal", "country": "{malta}"},
    "role": {"until": "{later}"},
    "role_end": {"when": "now"},
    "role_hand_over": SUCCESSOR | {"last_day": "{until}"},
    "country_focal_points": SUCCESSOR,
    "access_request": {"answer": "refuse", "reason": "The ministry has named somebody else."},
    "set_language": {"language": "en"},
    "subscribe": {"email": "reader@example.org", "about": "country:mt"},
    "news_list": {"text": "The next meeting is in May."},
    "account_reauthenticate": {"password": "correct horse battery staple"},
    "account_email": {"email": "new@example.org"},
    "profile": {"name": "New Name", "mails": "handed_in"},
    "session_list": {"session": "others"},
    "submission-submit": {"declared_by": "Dr. A. Person", "capacity": "Head of unit"},
    "submission-return": {"comment": "Two things are missing."},
    "submission-extend": {"to": "{later}", "reason": "Elections."},
    "answer-evidence": {"url": "https://example.org/law"},
    "answer-threads": {"text": "Which law?", "shared": "true"},
    "answer-mark": {"text": "Name the source."},
    "thread-replies": {"text": "This one."},
    "suggestion-evidence": {"url": "https://example.org/law"},
    "token_list": {"name": "Statistics office", "scopes": "read", "days": "90"},
    "mfa_edit_webauthn": {"name": "Office"},
    "admin:second_factor_remove": {"reason": "The phone was stolen."},
    "admin:scoreboard_webhook_add": {"address": "https://other.example.org/", "purpose": "Another system"},
    "admin:webhook_act": {"act": "off"},
    "invitation_role": {"answer": "accept"},
    "invitation_part": {"answer": "decline"},
    "invitation_administration": {"answer": "accept"},
    "account_change_password": {
        "oldpassword": "correct horse battery staple",
        "password1": "a long and unlikely passphrase",
        "password2": "a long and unlikely passphrase",
    },
    "account_reset_password": {"email": "somebody@example.org"},
    "message_decide": {"decision": "try_again"},
    "message_addresses": {"add": "yes", "address": "gone@example.org"},
    "review_refuse_extension": {"reason": "The report is due."},
    "submission_ask_for_extension": {"until": "{later}", "reason": "Elections."},
    "cycle_views": {"save": "yes", "name": "Mine"},
    "country_selections": {"save": "yes", "name": "Mine"},
    "cycle_country": {"note": "Call on Monday.", "lead": "", "seen": ""},
    "cycle_remind": {"country": "MT", "comment": "", "token": "one", "send": "yes"},
    "cycle_announce": {
        "country": "MT",
        "groups": "focal",
        "subject": "Meeting",
        "comment": "Come.",
        "token": "one",
        "send": "yes",
    },
    "cycle_extend": {"country": "MT", "to": "{later}", "reason": "Elections.", "send": "yes"},
    "cycle_reminders": {"add": "yes", "about": "deadline", "days": "14", "side": "before", "to": "all"},
    "submission_area": {"iP1-seen": "1", "iP1-answer": "level:2", "iP1-comment": "A comment.", "iP1-why": "A slip."},
    "submission_figures": {"r1-year": "2020", "r1-species": "Some mussel", "r1-place": "quay"},
    "submission_evidence": {"url": "https://example.org/law"},
    "submission_save": {"person": "{person}", "iP1-seen": "1", "iP1-answer": "level:2", "iP1-why": "A slip."},
    "submission_submit": {"declared_by": "Dr. A. Person", "capacity": "Head of unit", "confirmed": "on"},
    "submission_enter_on_behalf": {"reason": "They sent it on paper."},
    "review_flag": {"text": "Please name the source."},
    "review_accept": {"version": "1"},
    "review_return": {"comment": "Please correct it.", "version": "1"},
    "review_reopen": {"comment": "Please correct it."},
    "review_refuse_reopen": {"reason": "The report is printed."},
    "review_thread": {"text": "Which law?", "shared": "yes"},
    "thread": {"text": "This one."},
    "submission_ask": {"about": "P1", "text": "Which law?"},
    "enquiry": {"text": "The first one."},
    "enquiry_share": {"question": "Which law counts?", "answer": "The first one."},
    "workshop_admit": {"participant": "{waits}"},
    "workshop_ask": {"indicator": "P2"},
    "workshop_show": {"indicator": "P1"},
    "workshop_record": {"level": "2", "reasons": "A new plan.", "seen": "0"},
    "workshop_door": {"code": "{room}"},
    "workshop_room": {"name": "Nina New", "agency": "Courts"},
    "workshop_rate": {"indicator": "P1", "level": "1"},
    "commitment": {"status": "done", "words": "All of it.", "seen": "0"},
    "commitment_publication": {"to": "public"},
    "submission_commitment": {"status": "done", "seen": "0"},
    "submission_feedback": {"rating": "4"},
    "plan_new": {"status": "adopted", "kind": "plan", "title": "Plan of 2030"},
    "plan_skeleton": {"title": "From the gaps", "kind": "list", "indicators": "R1"},
    "plan_copy": {"title": "Plan of 2036", "begins": "2031", "ends": "2036"},
    "plan_edit": {"status": "adopted", "kind": "plan", "title": "Plan of 2030", "seen": "0"},
    "plan_readers": {"audience": "everybody"},
    "plan_check": {"note": "Complete.", "seen": "{planchange}"},
    "plan_files": {"url": "https://example.org/plan"},
    "plan_delegate": {"email": "dora@example.org", "name": "Dora", "actions": "{planaction}", "until": "{until}"},
    "plan_action_new": {"text": "Train judges", "status": "planned"},
    "plan_action": {"status": "under_way", "text": "The first course took place.", "seen": "1"},
    "plan_action_edit": {"number": "1", "text": "Train judges", "status": "planned", "seen": "1"},
    "plan_action_files": {"url": "https://example.org/course"},
    "statement_new": {"country": "{draft}", "subject": ""},
    "statement_edit": {"text": "What we saw since.", "level": "1", "seen": "1"},
    "statement_pieces": {"url": "https://example.org/report"},
    "statement_file": {"seen": "1"},
    "statement_withdraw": {"reason": "We were wrong."},
    "statement_reply": {"text": "We see it differently.", "seen": "1"},
    "statement_publish": {"names_nobody": "on", "seen": "1"},
    "statement_refuse": {"reason": "It names a person."},
    "peer_question": {"text": "And how long did it take?"},
    "peer_question_decline": {"reason": "It is too early to say."},
    "peer_question_close": {"reason": "It is not about the indicator."},
    "peer_question_offer": {"title": "Training", "text": "We trained.", "subjects": "indicator-{first}", "seen": "0"},
    "good_practice_new": {"title": "Training", "text": "We trained.", "subjects": "indicator-{first}", "seen": "0"},
    "good_practice_edit": {"title": "Training", "text": "Again.", "subjects": "indicator-{first}", "seen": "1"},
    "good_practice_sign": {"seen": "1"},
    "good_practice_leave": {"reason": "These are not our words."},
    "good_practice_publish": {"names_nobody": "on", "seen": "1"},
    "good_practice_refuse": {"reason": "It names a person."},
    "good_practice_withdraw": {"reason": "It changed."},
    "resource_new": RESOURCE,
    "resource_edit": RESOURCE | {"seen": "1"},
    "resource_publish": {"seen": "1"},
    "resource_refuse": {"reason": "It is here already."},
    "resource_withdraw": {"reason": "It is out of date."},
    "submission_ask_to_reopen": {"reason": "A new law."},
    "submission_contributors": {
        "email": "ben@ministry.example",
        "name": "Ben",
        "until": "{until}",
        "indicators": "{first}",
    },
    "submission_contributor": {"until": "{until}", "indicators": "{first}"},
    "submission_suggestion": {"decision": "decline", "note": "Too early.", "at": "{suggested}"},
    "contribution_figures": {"r1-year": "2020", "r1-species": "Some mussel", "r1-place": "quay"},
    "contribution_evidence": {"url": "https://example.org/law"},
    "contribution_save": {"person": "{person}", "iP1-seen": "", "iP1-answer": "level:1"},
    "contribution_indicator": {"iP1-seen": "0", "iP1-answer": "level:1"},
    "review_extend": {"to": "{later}", "reason": "Elections."},
    "review_leave": {"reason": "A state of emergency."},
    "review_rejoin": {"reason": "It is over."},
    "letter_new": {"text": "Thank you.", "submissions": "{draft}"},
    "edition_duplicate": {"code": "other-2030", "year": "2030"},
    "rehearsal": {"edition": "{edition}"},
    "cycle_new": CYCLE | {"code": "2030"},
    "cycle_edit": CYCLE | {"code": "2029"},
    "cycle_hearing": {"until": "{later}"},
    "cycle_public": {"public": "names"},
    "submission_entered": {"read": "yes"},
    "earlier_report_list": {"title": "Annex of 2014", "url": "https://example.org/annex-2014.pdf"},
    "chapter": {"i{chapter}-seen": "1", "i{chapter}-text": "Another text."},
    "chapter_save": {"person": "{person}", "i{chapter}-seen": "1", "i{chapter}-text": "Another text."},
    "chapter_confirm": {"snapshot": "{snapshot}"},
    "chapter_approve": {"seen": "1"},
    "chapter_approve_several": {"approve": "area-P", "seen-area-P": "1"},
    "workbench_publish": {
        **{"audience": "everyone", "snapshot": "{snapshot}", "file": "{pdf}"},
        **{"before_closing": "on", "early": "The meeting is near.", "unheard": "It is right."},
    },
    "workbench_withdraw": {"reason": "A figure was wrong."},
    "consultation_passage": {"countries": "MT"},
    "consultation_decide": {"decision": "all"},
    "consultation_open": {"build": "1", "until": "{until}"},
    "consultation_show": {"build": "1"},
    "consultation_move": {"until": "{until}"},
    "consultation_comment": {"outcome": "corrected", "text": "The mean is right now."},
    "consultation_country": {"build": "1", "about": "area-P", "text": "The level is another one."},
}

COLUMNS, *LINES = [line for line in TABLE.splitlines() if line.strip() and not line.startswith("#")]
ROLES = COLUMNS.split()


@dataclass(frozen=True)
class Row:
    """A line of the table: a request, and what each role gets."""

    method: str
    name: str
    words: tuple[str, ...]
    statuses: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join([self.method, self.name, *self.words])

    def address(self, world: World, *, name: str = "", first: object = None) -> str:
        """Return where it goes, filled from the world; `first` stands in the place of the first word."""
        values = [world.words.get(word, word) for word in self.words]
        return reverse(name or self.name, args=values if first is None else [first, *values[1:]])

    def data(self, world: World, role: str) -> dict[str, str] | None:
        """Return what the role posts; {person} is its own number."""
        if self.method != "POST":
            return None
        person = world.people[role]
        words = world.words | {"person": person.pk if person else ""}
        posted = POSTED.get(self.name, {}).items()
        return {field.format_map(words): value.format_map(words) for field, value in posted}


def read_row(line: str) -> Row:
    method, name, *rest = line.split()
    return Row(method, name, tuple(rest[: -len(ROLES)]), tuple(rest[-len(ROLES) :]))


ROWS = [read_row(line) for line in LINES]


def named_urls() -> set[str]:
    """Return the names of all addresses."""

    def walk(patterns, namespace=""):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else namespace)
            elif pattern.name:
                yield namespace + pattern.name

    return set(walk(get_resolver().url_patterns))
