"""What a process that runs a plugin is told at its start."""

from typing import NamedTuple, cast

from dataflare_lsp.runtime.host.surroundings import Grants, Preopen
from dataflare_lsp.runtime.limits import CallLimits
from dataflare_lsp.runtime.messages import Broken, Message
from dataflare_lsp.runtime.world import Allowance


class Setup(NamedTuple):
    """A compiled component, what it may take, and what it is given.

    `record`: the file for a trace. `replay`: a trace to run along. `digest` and `component` are the component's SHA-256
    and path, for traces.
    """

    artefact: str
    digest: str
    limits: CallLimits
    allowance: Allowance
    record: str | None = None
    replay: str | None = None
    component: str = ""


def to_message(setup: Setup) -> Message:
    """The setup as a message."""
    grants = setup.allowance.grants
    return (
        "setup",
        setup.artefact,
        setup.digest,
        tuple(setup.limits),
        (tuple(sorted(grants.host)), tuple(sorted(grants.wasi)), *grants[2:]),
        dict(setup.allowance.configuration),
        setup.allowance.output,
        setup.allowance.seed,
        setup.record,
        setup.replay,
        setup.component,
    )


def from_message(message: Message | None) -> Setup:
    """The setup that a message holds. Raises `Broken`."""
    match message:
        case (
            "setup",
            str(artefact),
            str(digest),
            (float() | int() | None as seconds, int() | None as memory, int() | None as fuel),
            (tuple(host), tuple(wasi), tuple(network), tuple(filesystem), tuple(environment), tuple(arguments)),
            dict(configuration),
            int() | None as output,
            int() | None as seed,
            str() | None as record,
            str() | None as replay,
            str(component),
        ):
            grants = Grants(
                frozenset(map(str, host)),
                frozenset(map(str, wasi)),
                tuple(map(str, network)),
                tuple(Preopen(*cast("tuple[str, str, bool]", one)) for one in filesystem),
                tuple(cast("tuple[tuple[str, str], ...]", environment)),
                tuple(map(str, arguments)),
            )
            settings = {str(key): str(value) for key, value in configuration.items()}
            allowance = Allowance(grants, settings, output, seed)
            return Setup(artefact, digest, CallLimits(seconds, memory, fuel), allowance, record, replay, component)
    raise Broken("the first message is no setup")
