import pytest

from tests.web.api.plant import Plant


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Plant:
    """Make a plant with its models deployed, one for a module: tests make cases of their own."""
    made = Plant(tmp_path_factory.mktemp("plant"))
    made.deploy()
    return made
