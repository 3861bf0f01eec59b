"""Every address of the house, on one screen."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from web import (
    applicant,
    beside,
    bulletin,
    caseworker,
    documents,
    health,
    openings,
    overview,
    proposals,
    statistics,
    supervisor,
    what_if,
)
from web.api import api, nothing_here

applicants = [
    path("", applicant.home, name="home"),
    path("records/", applicant.records, name="records"),
    path("records/<int:record_id>/", applicant.record, name="record"),
    path("records/<int:record_id>/apply/<slug:kind>/", openings.apply, name="apply"),
    path("records/<int:record_id>/apply/<slug:kind>/<slug:door>/", openings.apply, name="apply"),
    path("begin/<slug:kind>/<slug:door>/", openings.begin, name="begin"),
    path("cases/<str:reference>/follow/<slug:door>/", openings.follow, name="follow"),
    path("cases/", applicant.cases, name="cases"),
    path("cases/<str:reference>/", applicant.case, name="case"),
    path("cases/<str:reference>/receipt/", applicant.receipt, name="receipt"),
    path("cases/<str:reference>/withdraw/", applicant.withdraw, name="withdraw"),
    path("cases/<str:reference>/recuse/", applicant.recuse, name="recuse"),
    path("asked/<int:item_id>/", applicant.asked, name="asked"),
    path("messages/", documents.messages, name="messages"),
    path("letters/<int:letter_id>/", documents.letter, name="letter"),
    path("letters/<int:letter_id>.pdf", documents.letter_pdf, name="letter-pdf"),
    path("files/<int:attachment_id>/", documents.file, name="file"),
    path("track/", documents.track, name="track"),
]

desk = [
    path("", caseworker.inbox, name="desk"),
    path("queue/", caseworker.queue, name="queue"),
    path("work/<int:item_id>/", caseworker.step, name="work"),
    path("work/<int:item_id>/claim/", caseworker.claim, name="work-claim"),
    path("work/<int:item_id>/release/", caseworker.release, name="work-release"),
    path("work/<int:item_id>/ask/", beside.ask, name="work-ask"),
    path("work/<int:item_id>/asked/<int:aside_id>/", beside.take_back, name="work-take-back"),
    path("work/<int:item_id>/transfer/", beside.transfer, name="work-transfer"),
    path("work/<int:item_id>/return/", beside.send_back, name="work-return"),
    path("open/", openings.doors, name="desk-open"),
    path("open/<slug:kind>/<slug:door>/", openings.open_for_unit, name="desk-open-door"),
    path("cases/<str:reference>/", caseworker.case, name="desk-case"),
    path("cases/<str:reference>/propose/<slug:kind>/", proposals.propose, name="propose"),
    path("demands/", caseworker.demands, name="demands"),
    path("demands/<int:urging_id>/answer/", caseworker.answer, name="demand-answer"),
    path("cases/<str:reference>/what-if/", what_if.case, name="case-what-if"),
    path("proposals/", proposals.listed, name="proposals"),
    path("proposals/<int:proposal_id>/decide/", proposals.decide, name="proposal-decide"),
    path("terms/<int:proposal_id>/decide/", what_if.decide, name="term-decide"),
]

oversight = [
    path("", overview.overview, name="oversight"),
    path("steps/", overview.steps, name="steps"),
    path("workload/", supervisor.workload, name="workload"),
    path("statistics/", statistics.statistics_page, name="statistics"),
    path("statistics/download/", statistics.download, name="statistics-download"),
    path("bulletin/", bulletin.page, name="bulletin"),
    path("bulletin/download/", bulletin.download, name="bulletin-download"),
    path("what-if/", what_if.stock, name="what-if"),
    path("terms/propose/", what_if.propose, name="term-propose"),
    path("cases/<str:reference>/", supervisor.case, name="oversight-case"),
    path("cases/<str:reference>/log/", supervisor.log, name="oversight-log"),
]

watch = [
    path("live", health.live, name="health-live"),
    path("ready", health.ready, name="health-ready"),
    path("clock", health.clock, name="health-clock"),
]

# One door for all, with one limit on wrong passwords.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", include(applicants)),
    path("desk/", include(desk)),
    path("oversight/", include(oversight)),
    path("api/v1/", api.urls),
    path("api/<path:rest>", nothing_here),
    path("health/", include(watch)),
    path("accounts/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]
