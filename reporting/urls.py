"""Addresses of the read side: published assessments for everyone, and the workbench that makes them."""

from django.urls import path

import scoreboard.converters  # noqa: F401 gives addresses their numbers
from reporting.views import chapters, letters, observers, pdfs, public, workbench

urlpatterns = [
    path("", public.report_list, name="report_list"),
    path("<number:pk>/", public.report, name="report"),
    path("<number:pk>/countries/<str:iso2>/", public.country, name="report_country"),
    path("<number:pk>/indicators/<str:code>/", public.indicator, name="report_indicator"),
    path("<number:pk>/countries/<str:iso2>/pdf/", public.country_pdf, name="report_country_pdf"),
    path("<number:pk>/pdf/", public.pdf, name="report_pdf"),
    path("<number:pk>/files/<slug:kind>/", public.product, name="report_product"),
    path("verify/", public.verify, name="verify"),
    path("snapshot.schema.json", public.schema, name="report_schema"),
    path("questionnaires/<slug:code>/<str:language>.pdf", pdfs.questionnaire_pdf, name="questionnaire_pdf"),
    path("questionnaires/<slug:code>/<str:language>.xlsx", pdfs.questionnaire_xlsx, name="questionnaire_xlsx"),
    path("submissions/<number:pk>/answers.pdf", pdfs.submission_pdf, name="submission_pdf"),
    path("submissions/<number:pk>/answers.json", pdfs.submission_json, name="submission_json"),
    path("submissions/<number:pk>/receipts/<number:number>.pdf", pdfs.receipt_pdf, name="receipt_pdf"),
    path("letters/<slug:code>/", letters.letter_list, name="letter_list"),
    path("letters/<slug:code>/new/<slug:kind>/", letters.new, name="letter_new"),
    path("letters/<slug:code>/<number:pk>/", letters.letter, name="letter"),
    path("letters/<slug:code>/<number:pk>/letters.zip", letters.package, name="letter_package"),
    path("letters/<slug:code>/<number:pk>/letters.pdf", letters.pdf, name="letter_pdf"),
    path("workbench/<slug:code>/", workbench.cycle, name="workbench"),
    path("workbench/<slug:code>/consolidate/", workbench.consolidate, name="workbench_consolidate"),
    path("<number:pk>/observer/", observers.report, name="observer"),
    path("<number:pk>/observer/indicators/<str:code>/", observers.indicator, name="observer_indicator"),
    path("<number:pk>/observer/countries/<str:iso2>/", observers.country, name="observer_country"),
    path("<number:pk>/build/", workbench.build, name="workbench_build"),
    path("<number:pk>/progress/", workbench.progress, name="workbench_progress"),
    path("<number:pk>/cancel/", workbench.cancel, name="workbench_cancel"),
    path("<number:pk>/preview/", workbench.preview, name="workbench_preview"),
    path("<number:pk>/preview/<str:anchor>/", workbench.preview_section, name="workbench_preview_section"),
    path("<number:pk>/chapters/", chapters.chapter_list, name="chapter_list"),
    path("<number:pk>/approve/", chapters.approve_several, name="chapter_approve_several"),
    path("<number:pk>/chapters/<str:key>/", chapters.chapter, name="chapter"),
    path("<number:pk>/chapters/<str:key>/save/", chapters.save, name="chapter_save"),
    path("<number:pk>/chapters/<str:key>/preview/", chapters.preview, name="chapter_preview"),
    path("<number:pk>/chapters/<str:key>/history/", chapters.history, name="chapter_history"),
    path("<number:pk>/chapters/<str:key>/confirm/", chapters.confirm, name="chapter_confirm"),
    path("<number:pk>/chapters/<str:key>/approve/", chapters.approve, name="chapter_approve"),
    path("<number:pk>/chapters/<str:key>/withdraw/", chapters.withdraw_approval, name="chapter_withdraw"),
    path("<number:pk>/publish/", workbench.publish, name="workbench_publish"),
    path("<number:pk>/withdraw/", workbench.withdraw, name="workbench_withdraw"),
]
