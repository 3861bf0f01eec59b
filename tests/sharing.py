"""Which tests one process runs alone, so that several together take no longer than they must."""

from xdist.scheduler import LoadScopeScheduling

# One browser at a time; and what takes long to set up is set up once.
TOGETHER = (
    "tests/browser/",
    "tests/web/test_crawl.py::TestEveryLink",
    "tests/web/test_demo.py::TestTheDemonstration",
)


class Sharing(LoadScopeScheduling):
    """Give out tests one by one, and what belongs together whole and first."""

    def _split_scope(self, nodeid):
        return next((place for place in TOGETHER if nodeid.startswith(place)), nodeid)


def pytest_xdist_make_scheduler(config, log):
    return Sharing(config, log)
