"""`wasi:sockets`: refused. A plugin gets no sockets, whatever is granted; it reaches hosts by `wasi:http`.

A socket knows addresses, and a grant names hosts; which of them an address stands for is the plugin's word alone.
"""

from collections.abc import Mapping
from typing import Final

from dataflare_lsp.runtime.host.surroundings import HostFunction, Interface
from dataflare_lsp.runtime.host.wasi.host import Host, Refusal, Resource, fallible, grant_of
from dataflare_lsp.values.types import Value

_GRANT: Final = f"{grant_of('http')}, as there are no sockets here"

_TCP: Final = """
    start-bind finish-bind start-connect finish-connect start-listen finish-listen accept local-address remote-address
    is-listening address-family set-listen-backlog-size keep-alive-enabled set-keep-alive-enabled keep-alive-idle-time
    set-keep-alive-idle-time keep-alive-interval set-keep-alive-interval keep-alive-count set-keep-alive-count hop-limit
    set-hop-limit receive-buffer-size set-receive-buffer-size send-buffer-size set-send-buffer-size subscribe shutdown
"""
_UDP: Final = """
    start-bind finish-bind stream local-address remote-address address-family unicast-hop-limit set-unicast-hop-limit
    receive-buffer-size set-receive-buffer-size send-buffer-size set-send-buffer-size subscribe
"""


class Network(Resource):
    """`network`: a handle of it gives nothing yet."""


def interfaces(host: Host) -> Mapping[str, Interface]:
    """`wasi:sockets`."""

    def refused(function: str) -> HostFunction:
        @fallible
        def answer(*_: Value) -> Value:
            host.denied(f"wasi:sockets/{function}", _GRANT)
            raise Refusal("access-denied")

        return answer

    return {
        "wasi:sockets/network": {**host.resource("network", Network), "network-error-code": lambda _: None},
        "wasi:sockets/instance-network": {"instance-network": lambda: host.add(Network())},
        "wasi:sockets/tcp-create-socket": {"create-tcp-socket": refused("tcp-create-socket#create-tcp-socket")},
        "wasi:sockets/udp-create-socket": {"create-udp-socket": refused("udp-create-socket#create-udp-socket")},
        "wasi:sockets/ip-name-lookup": {
            "resolve-addresses": refused("ip-name-lookup#resolve-addresses"),
            **host.absent("resolve-address-stream", "resolve-next-address subscribe"),
        },
        "wasi:sockets/tcp": host.absent("tcp-socket", _TCP),
        "wasi:sockets/udp": {
            **host.absent("udp-socket", _UDP),
            **host.absent("incoming-datagram-stream", "receive subscribe"),
            **host.absent("outgoing-datagram-stream", "check-send send subscribe"),
        },
    }
