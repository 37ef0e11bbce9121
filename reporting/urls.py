"""Addresses of the read side: published assessments for everyone, the workbench, and consultations of drafts."""

from django.urls import path

import scoreboard.converters  # noqa: F401 gives addresses their numbers
from reporting.views import (
    catalogue,
    chapters,
    charts,
    consultation,
    consulting,
    earlier_reports,
    earlier_rounds,
    embeds,
    feeds,
    good_practice,
    learning,
    letters,
    ministers_page,
    news,
    observers,
    pdfs,
    plans,
    public,
    published,
    questionnaires,
    report_parts,
    resources,
    side_by_side,
    subscriptions,
    texts_of_spaces,
    web,
    workbench,
)

urlpatterns = [
    path("", catalogue.report_list, name="report_list"),
    path("press/<slug:code>/", catalogue.press, name="press"),
    path("methodology/", catalogue.methodology_page, name="methodology"),
    path("methodology/<slug:code>/", catalogue.methodology_page, name="methodology_of"),
    path("<number:pk>/", public.report, name="report"),
    path("<number:pk>/results/<str:part>/", report_parts.report_part, name="report_part"),
    path("<number:pk>/countries/<str:iso2>/", public.country, name="report_country"),
    path("<number:pk>/indicators/<str:code>/", public.indicator, name="report_indicator"),
    path("<number:pk>/countries/<str:iso2>/pdf/", public.country_pdf, name="report_country_pdf"),
    path("<number:pk>/statements/", public.statements, name="report_statements"),
    path("<number:pk>/pdf/", public.pdf, name="report_pdf"),
    path("<number:pk>/citation.<str:kind>", web.cite, name="report_citation"),
    path("<number:pk>/cards/countries/<str:iso2>.png", public.country_card, name="report_country_card"),
    path("<number:pk>/cards/indicators/<str:code>.png", public.indicator_card, name="report_indicator_card"),
    path("<number:pk>/files/<slug:kind>/", public.product, name="report_product"),
    path("verify/", public.verify, name="verify"),
    path("snapshot.schema.json", public.schema, name="report_schema"),
    path("questionnaires/", questionnaires.questionnaire_list, name="questionnaire_list"),
    path("questionnaires/<slug:code>/<str:language>.pdf", questionnaires.pdf, name="questionnaire_pdf"),
    path("questionnaires/<slug:code>/<str:language>.xlsx", questionnaires.xlsx, name="questionnaire_xlsx"),
    path("questionnaires/<slug:code>/<str:language>.docx", questionnaires.docx, name="questionnaire_docx"),
    path("submissions/<number:pk>/answers.pdf", pdfs.submission_pdf, name="submission_pdf"),
    path("submissions/<number:pk>/answers.json", pdfs.submission_json, name="submission_json"),
    path("submissions/<number:pk>/receipts/<number:number>.pdf", pdfs.receipt_pdf, name="receipt_pdf"),
    path("submissions/<number:pk>/summary/<str:language>.pdf", ministers_page.pdf, name="ministers_page_pdf"),
    path("submissions/<number:pk>/summary/<str:language>.docx", ministers_page.docx, name="ministers_page_docx"),
    path("plans/<str:code>/from-answers.docx", plans.skeleton_docx, name="plan_skeleton_docx"),
    path("letters/<slug:code>/", letters.letter_list, name="letter_list"),
    path("letters/<slug:code>/new/<slug:kind>/", letters.new, name="letter_new"),
    path("letters/<slug:code>/<number:pk>/", letters.letter, name="letter"),
    path("letters/<slug:code>/<number:pk>/letters.zip", letters.package, name="letter_package"),
    path("letters/<slug:code>/<number:pk>/letters.pdf", letters.pdf, name="letter_pdf"),
    path("earlier-rounds/<number:pk>/undo/", earlier_rounds.undo, name="earlier_rounds_undo"),
    path("workbench/<slug:code>/", workbench.cycle, name="workbench"),
    path("workbench/<slug:code>/consolidate/", workbench.consolidate, name="workbench_consolidate"),
    path("workbench/<slug:code>/earlier/", earlier_reports.earlier_report_list, name="earlier_report_list"),
    path(
        "workbench/<slug:code>/earlier/<number:pk>/remove/",
        earlier_reports.earlier_report_remove,
        name="earlier_report_remove",
    ),
    path("earlier/<number:pk>.pdf", earlier_reports.earlier_report_file, name="earlier_report_file"),
    path("<number:pk>/observer/", observers.report, name="observer"),
    path("<number:pk>/observer/results/<str:part>/", observers.part, name="observer_part"),
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
    path("<number:pk>/consultation/", consulting.prepare, name="consultation_prepare"),
    path("<number:pk>/publish/", workbench.publish, name="workbench_publish"),
    path("<number:pk>/withdraw/", workbench.withdraw, name="workbench_withdraw"),
]

# Below /consultations/: what countries read of a built draft, and what they say about it.
consultations = [
    path("", consultation.consultation_list, name="consultation_list"),
    path("<number:pk>/", consulting.overview, name="consultation"),
    path("<number:pk>/passages/", consulting.passages, name="consultation_passages"),
    path("<number:pk>/passages/<number:position>/", consulting.passage, name="consultation_passage"),
    path("<number:pk>/passages/<number:position>/decide/", consulting.decide, name="consultation_decide"),
    path("<number:pk>/open/", consulting.open_consultation, name="consultation_open"),
    path("<number:pk>/show/", consulting.show, name="consultation_show"),
    path("<number:pk>/until/", consulting.move, name="consultation_move"),
    path("<number:pk>/end/", consulting.end, name="consultation_end"),
    path("comments/<number:pk>/", consulting.comment, name="consultation_comment"),
    path("comments/<number:pk>/withdraw/", consultation.withdraw, name="consultation_withdraw"),
    path("<number:pk>/<str:iso2>/", consultation.country, name="consultation_country"),
]

# Below /subscriptions/: notices by e-mail, without an account.
subscription_urls = [
    path("", subscriptions.subscribe, name="subscribe"),
    path("asked/", subscriptions.asked, name="subscribe_asked"),
    path("own/<str:key>/", subscriptions.subscriber, name="subscriber"),
    path("own/<str:key>/leave/", subscriptions.leave, name="subscriber_leave"),
]

# Below /feeds/: the same notices as Atom.
feed_urls = [
    path("", feeds.everything, name="feed"),
    path("countries/<str:iso2>/", feeds.country, name="feed_country"),
    path("cycles/<slug:code>/", feeds.cycle, name="feed_cycle"),
]

# Below /embed/: charts in frames of other sites.
embed_urls = [
    path(
        "<str:language>/reports/<number:pk>/areas/<str:code>/percentages/", embeds.percentages, name="embed_percentages"
    ),
    path("<str:language>/reports/<number:pk>/areas/<str:code>/levels/", embeds.distributions, name="embed_levels"),
    path("<str:language>/reports/<number:pk>/countries/<str:code>/", embeds.profile, name="embed_country"),
    path("<str:language>/countries/<str:iso2>/", embeds.country, name="embed_country_cycles"),
    path("<str:language>/countries/<str:iso2>/<slug:instrument>/", embeds.country, name="embed_country_cycles"),
    path("<str:language>/indicators/<str:code>/", embeds.indicator, name="embed_indicator_cycles"),
    path("<str:language>/indicators/<slug:instrument>/<str:code>/", embeds.indicator, name="embed_indicator_cycles"),
    path("<str:language>/areas/<str:code>/", embeds.area, name="embed_area_cycles"),
    path("<str:language>/areas/<slug:instrument>/<str:code>/", embeds.area, name="embed_area_cycles"),
    path("<str:language>/groups/<slug:slug>/", embeds.group_areas, name="embed_group_cycles"),
    path("<str:language>/groups/<slug:slug>/<slug:instrument>/", embeds.group_areas, name="embed_group_cycles"),
    path("<str:language>/explore/", embeds.explore, name="embed_explore"),
]

# What programs read, at the addresses where they look.
web_urls = [
    path("robots.txt", web.robots, name="robots"),
    path("sitemap.xml", web.sitemap, name="sitemap"),
]

# Below /side-by-side/: a group of countries, as far as whoever is signed in sees them.
side_by_side_urls = [
    path("", side_by_side.countries, name="side_by_side"),
    path("selections/", side_by_side.selection_list, name="country_selections"),
]

# Below /review/news/: officers write news.
news_urls = [
    path("", news.news_list, name="news_list"),
    path("<number:pk>/remove/", news.remove, name="news_remove"),
]

# Below /learning/, /good-practice/, /resources/ and /spaces/: what people learn from each other, and what is published
# of spaces; scoreboard/urls.py has the rest.
learning_pages = [
    path("learning/<number:pk>/<str:code>/", learning.climbers, name="learning"),
    path("learning/<number:pk>/<str:code>/<str:iso2>/", learning.ask, name="learning_ask"),
    path("good-practice/", good_practice.practice_list, name="good_practice_list"),
    path("good-practice/<number:pk>/", good_practice.practice, name="good_practice"),
    path("resources/", resources.resource_list, name="resource_list"),
    path("resources/<number:pk>/", resources.resource, name="resource"),
    path("resources/<number:pk>/open/", resources.open_link, name="resource_open"),
    path("resources/<number:pk>/files/<number:piece>/", resources.file, name="resource_file"),
    path("spaces/published/", texts_of_spaces.text_list, name="published_text_list"),
    path("spaces/published/<number:pk>/", texts_of_spaces.text, name="published_text"),
    path("spaces/published/<number:pk>/file/", texts_of_spaces.text_file, name="published_text_file"),
]

# Countries, indicators, areas, groups and cycles over all published cycles.
published_pages = [
    path("countries/", published.country_list, name="country_list"),
    path("countries/<str:iso2>/", published.country, name="country_page"),
    path("countries/<str:iso2>/plans/<number:pk>/", plans.plan, name="published_plan"),
    path("countries/<str:iso2>/answers.<str:kind>", published.country_answers, name="country_answers"),
    path("countries/<str:iso2>/areas.<str:kind>", charts.country, name="country_chart"),
    path("countries/<str:iso2>/<slug:instrument>/areas.<str:kind>", charts.country, name="country_chart"),
    path("indicators/", published.indicator_list, name="indicator_list"),
    path("indicators/<str:code>/answers.<str:kind>", published.indicator_answers, name="indicator_answers"),
    path(
        "indicators/<slug:instrument>/<str:code>/answers.<str:kind>",
        published.indicator_answers,
        name="indicator_answers",
    ),
    path("indicators/<str:code>/levels.<str:kind>", charts.indicator, name="indicator_chart"),
    path("indicators/<slug:instrument>/<str:code>/levels.<str:kind>", charts.indicator, name="indicator_chart"),
    path("indicators/<str:code>/", published.indicator, name="indicator_page"),
    path("indicators/<slug:instrument>/<str:code>/", published.indicator, name="indicator_page"),
    path("areas/<str:code>/median.<str:kind>", charts.area, name="area_chart"),
    path("areas/<slug:instrument>/<str:code>/median.<str:kind>", charts.area, name="area_chart"),
    path("areas/<str:code>/", published.area, name="area_page"),
    path("areas/<slug:instrument>/<str:code>/", published.area, name="area_page"),
    path("groups/<slug:slug>/", published.group_page, name="group_page"),
    path("groups/<slug:slug>/areas.<str:kind>", charts.group_chart, name="group_chart"),
    path("groups/<slug:slug>/<slug:instrument>/areas.<str:kind>", charts.group_chart, name="group_chart"),
    path("objectives/", published.objective_list, name="objective_list"),
    path("cycles/", published.cycles, name="cycles"),
    path("cycles/<slug:code>/", published.cycle, name="cycle_overview"),
    path("cycles/<slug:code>/chapters/<str:slug>/", published.chapter, name="cycle_chapter"),
]
