"""Those who run the service, for the tests of their desk."""

import pytest

from accounts.models import User
from web.management.operators import make_group


@pytest.fixture
def operator(db):
    """An operator as the service makes them: no superuser, and no duty in any unit."""
    user = User.objects.create_user("operator", display_name="运维（示例）", is_staff=True)
    user.groups.add(make_group())
    return User.objects.get(pk=user.pk)


@pytest.fixture
def desk(client, operator):
    """The operator's browser."""
    client.force_login(operator)
    return client
