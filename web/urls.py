"""Every address of the house, on one screen."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from web import (
    applicant,
    asked,
    beside,
    bulletin,
    calendar,
    caseworker,
    counter,
    demands,
    directing,
    documents,
    drafts,
    health,
    inbox,
    openings,
    overview,
    own_case,
    proposals,
    public,
    ratings,
    route,
    search,
    statistics,
    styleguide,
    supervisor,
    uploads,
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
    path("cases/<str:reference>/withdraw/", own_case.withdraw, name="withdraw"),
    path("cases/<str:reference>/recuse/", own_case.recuse, name="recuse"),
    path("cases/<str:reference>/rate/", ratings.rate, name="rate"),
    path("asked/<int:item_id>/", asked.asked, name="asked"),
    path("drafts/", drafts.save, name="draft-save"),
    path("drafts/<int:draft_id>/drop/", drafts.drop, name="draft-drop"),
    path("messages/", documents.messages, name="messages"),
    path("letters/<int:letter_id>/", documents.letter, name="letter"),
    path("letters/<int:letter_id>/view/", documents.letter_view, name="letter-view"),
    path("letters/<int:letter_id>.pdf", documents.letter_pdf, name="letter-pdf"),
    path("files/", uploads.receive, name="upload"),
    path("files/<int:attachment_id>/", documents.file, name="file"),
    path("files/<int:attachment_id>/view/", documents.file_view, name="file-view"),
    path("track/", documents.track, name="track"),
    path("public/", public.search, name="public"),
    path("public/<str:credit_code>/", public.records, name="public-records"),
]

desk = [
    path("", inbox.inbox, name="desk"),
    path("release/", inbox.release_ticked, name="release-ticked"),
    path("queue/", inbox.queue, name="queue"),
    path("queue/next/", inbox.claim_next, name="claim-next"),
    path("queue/claim/", inbox.claim_ticked, name="claim-ticked"),
    path("views/", inbox.keep_view, name="view-keep"),
    path("views/<int:view_id>/share/", inbox.share_view, name="view-share"),
    path("views/<int:view_id>/drop/", inbox.drop_view, name="view-drop"),
    path("search/", search.cases, name="desk-search"),
    path("work/<int:item_id>/", caseworker.step, name="work"),
    path("work/<int:item_id>/preview/", caseworker.preview, name="work-preview"),
    path("work/<int:item_id>/claim/", inbox.claim, name="work-claim"),
    path("work/<int:item_id>/release/", inbox.release, name="work-release"),
    path("work/<int:item_id>/ask/", beside.ask, name="work-ask"),
    path("work/<int:item_id>/asked/<int:aside_id>/", beside.take_back, name="work-take-back"),
    path("work/<int:item_id>/transfer/", beside.transfer, name="work-transfer"),
    path("work/<int:item_id>/return/", beside.send_back, name="work-return"),
    path("counter/", counter.search, name="counter"),
    path("counter/asked/<int:item_id>/", counter.asked, name="counter-asked"),
    path("counter/cases/<str:reference>/receipt/", counter.receipt, name="counter-receipt"),
    path("counter/cases/<str:reference>/withdraw/", counter.withdraw, name="counter-withdraw"),
    path("counter/<str:credit_code>/", counter.organisation, name="counter-organisation"),
    path("counter/<str:credit_code>/<slug:kind>/<slug:door>/", counter.enter, name="counter-enter"),
    path("open/", openings.doors, name="desk-open"),
    path("open/<slug:kind>/<slug:door>/", openings.open_for_unit, name="desk-open-door"),
    path("cases/<str:reference>/", caseworker.case, name="desk-case"),
    path("cases/<str:reference>/propose/<slug:kind>/", proposals.propose, name="propose"),
    path("demands/", demands.asked, name="demands"),
    path("demands/<int:urging_id>/answer/", demands.answer, name="demand-answer"),
    path("cases/<str:reference>/route/", route.at_the_desk, name="desk-route"),
    path("cases/<str:reference>/what-if/", what_if.case, name="case-what-if"),
    path("proposals/", proposals.listed, name="proposals"),
    path("proposals/<int:proposal_id>/decide/", proposals.decide, name="proposal-decide"),
    path("terms/<int:proposal_id>/decide/", what_if.decide, name="term-decide"),
    path("calendar/<int:proposal_id>/decide/", calendar.decide, name="calendar-decide"),
]

oversight = [
    path("", overview.overview, name="oversight"),
    path("steps/", overview.steps, name="steps"),
    path("steps/together/", directing.together, name="steps-together"),
    path("steps/<int:item_id>/reassign/", directing.reassign, name="step-reassign"),
    path("steps/<int:item_id>/demand/", directing.demand, name="step-demand"),
    path("demands/", demands.listed, name="oversight-demands"),
    path("workload/", supervisor.workload, name="workload"),
    path("statistics/", statistics.statistics_page, name="statistics"),
    path("statistics/download/", statistics.download, name="statistics-download"),
    path("bulletin/", bulletin.page, name="bulletin"),
    path("bulletin/download/", bulletin.download, name="bulletin-download"),
    path("ratings/", ratings.listed, name="ratings"),
    path("ratings/download/", ratings.download, name="ratings-download"),
    path("ratings/<int:rating_id>/follow-up/", ratings.follow_up, name="rating-follow-up"),
    path("what-if/", what_if.stock, name="what-if"),
    path("terms/propose/", what_if.propose, name="term-propose"),
    path("calendar/", calendar.year, name="calendar"),
    path("calendar/propose/", calendar.propose, name="calendar-propose"),
    path("cases/<str:reference>/", supervisor.case, name="oversight-case"),
    path("cases/<str:reference>/log/", supervisor.log, name="oversight-log"),
    path("cases/<str:reference>/route/", route.in_oversight, name="oversight-route"),
]

watch = [
    path("live", health.live, name="health-live"),
    path("ready", health.ready, name="health-ready"),
    path("clock", health.clock, name="health-clock"),
]

# One door for all, with one limit on wrong passwords.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler403 = "web.errors.forbidden"
handler404 = "web.errors.missing"
handler500 = "web.errors.fault"

urlpatterns = [
    path("", include(applicants)),
    path("desk/", include(desk)),
    path("oversight/", include(oversight)),
    path("api/v1/", api.urls),
    path("api/<path:rest>", nothing_here),
    path("health/", include(watch)),
    path("styleguide/", styleguide.page, name="styleguide"),
    path("styleguide/schemes.css", styleguide.schemes, name="styleguide-schemes"),
    path("accounts/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]
