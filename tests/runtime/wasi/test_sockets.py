"""`wasi:sockets`: everything is refused, with the code that WASI has for it."""

import pytest
from support.world import Plugin

from dataflare_lsp.runtime.host.surroundings import Grants
from dataflare_lsp.values.types import Case


@pytest.mark.parametrize("granted", [(), ("sockets",)])
def test_sockets_and_names_are_refused(granted: tuple[str, ...]):
    plugin = Plugin(Grants(wasi=frozenset(granted), network=("localhost:80",)))
    network = plugin("sockets/instance-network#instance-network")
    calls = [
        ("sockets/tcp-create-socket#create-tcp-socket", "ipv4"),
        ("sockets/udp-create-socket#create-udp-socket", "ipv6"),
        ("sockets/ip-name-lookup#resolve-addresses", network, "localhost"),
    ]
    for function, *arguments in calls:
        assert plugin(function, *arguments) == Case("err", "access-denied")
    grant = 'capabilities.wasi: "http", as there are no sockets here'
    assert plugin.world.refused == [(f"wasi:{function}", grant) for function, *_ in calls]
    plugin("sockets/network#[resource-drop]network", network)
