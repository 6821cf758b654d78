import pytest

from tests.messaging.hub import SECRET, running_hub


@pytest.fixture
def hub(settings):
    """SMS go to a hub that runs here; the other channels stay with the development gateway."""
    with running_hub() as running:
        settings.MESSAGE_GATEWAYS = {
            "sms": "messaging.gateways.http.gateway",
            "*": "messaging.gateways.development.gateway",
        }
        settings.MESSAGE_HTTP_URL, settings.MESSAGE_HTTP_SECRET = running.url, SECRET
        yield running
