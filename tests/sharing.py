"""How several processes share the tests, and what each of them saves itself."""

import gc

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


def pytest_collection_finish():
    # What has been imported by now stays: looking through it again and again costs a tenth.
    gc.freeze()
