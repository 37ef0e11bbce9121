"""Addresses of the read side: published assessments for everyone, and the workbench that makes them."""

from django.urls import path

from reporting.views import public, workbench

urlpatterns = [
    path("", public.report_list, name="report_list"),
    path("<int:pk>/", public.report, name="report"),
    path("<int:pk>/countries/<str:iso2>/", public.country, name="report_country"),
    path("<int:pk>/pdf/", public.pdf, name="report_pdf"),
    path("<int:pk>/files/<slug:kind>/", public.product, name="report_product"),
    path("verify/", public.verify, name="verify"),
    path("snapshot.schema.json", public.schema, name="report_schema"),
    path("workbench/<slug:code>/", workbench.cycle, name="workbench"),
    path("workbench/<slug:code>/consolidate/", workbench.consolidate, name="workbench_consolidate"),
    path("<int:pk>/build/", workbench.build, name="workbench_build"),
    path("<int:pk>/progress/", workbench.progress, name="workbench_progress"),
    path("<int:pk>/preview/", workbench.preview, name="workbench_preview"),
    path("<int:pk>/publish/", workbench.publish, name="workbench_publish"),
    path("<int:pk>/withdraw/", workbench.withdraw, name="workbench_withdraw"),
]
