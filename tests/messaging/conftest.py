import pytest

from messaging import gateways
from tests.messaging.hub import SECRET, running_hub


@pytest.fixture
def hub(settings):
    """SMS go to a hub that runs here; the other channels stay with the development gateway."""
    with running_hub() as running:
        settings.MESSAGING_GATEWAYS = {"sms": "messaging.gateways.hub.HubGateway"}
        settings.MESSAGING_HUB_URL, settings.MESSAGING_HUB_SECRET = running.url, SECRET
        gateways._made.cache_clear()
        yield running
