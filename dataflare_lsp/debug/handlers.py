"""One function for each request of the protocol: it reads what it needs of the session, and gives the answer's body."""

from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias, TypeVar, cast

from dataflare_lsp.debug import evaluate, messages, stack, tree, variables
from dataflare_lsp.debug.breakpoints import FILTERS, Wanted
from dataflare_lsp.debug.codec import Malformed, Table, decoded
from dataflare_lsp.debug.debuggee import Debuggee, How, Refused
from dataflare_lsp.debug.evaluate import NoMeaning
from dataflare_lsp.debug.messages import Request
from dataflare_lsp.debug.session import THREAD, Refuse, Session, State
from dataflare_lsp.debug.tree import NotRead
from dataflare_lsp.debug.variables import NotHere, Place
from dataflare_lsp.features.sites import Site, Sites
from dataflare_lsp.runtime.kinds import is_error
from dataflare_lsp.text import Lines
from dataflare_lsp.values.types import Value
from dataflare_lsp.workspace.launch import CannotLaunch

Body: TypeAlias = "tuple[object, ...] | None | _Later"
A = TypeVar("A", bound=tuple[object, ...])


class _Later(NamedTuple):
    """The session answers the request when it can."""


LATER: Final = _Later()


class Nothing(NamedTuple):
    """The arguments of a request that has none."""


class Given(NamedTuple):
    """The arguments of a request that are the editor's own to name."""

    table: Table


class Handler(NamedTuple):
    """What answers a request: its arguments' type, the states in which it may come, and a function."""

    type: type[tuple[object, ...]]
    states: frozenset[State]
    function: Callable[[Session, tuple[object, ...], Request], Body]


HANDLERS: Final[dict[str, Handler]] = {}

_ANY: Final[tuple[State, ...]] = ("initialized", "loading", "configuring", "running", "stopped", "idle", "over")
_ORDER: Final[tuple[State, ...]] = ("new", *_ANY)
_STANDS: Final[tuple[State, ...]] = ("stopped", "idle")


def _on(
    command: str, type: type[A], states: Sequence[State] = _ANY
) -> Callable[[Callable[[Session, A, Request], Body]], Callable[[Session, A, Request], Body]]:
    def register(function: Callable[[Session, A, Request], Body]) -> Callable[[Session, A, Request], Body]:
        plain = cast("Callable[[Session, tuple[object, ...], Request], Body]", function)
        HANDLERS[command] = Handler(type, frozenset(states), plain)
        return function

    return register


def handle(session: Session, request: Request) -> Body:
    """The answer to a request. Raises `Refuse`."""
    handler = HANDLERS.get(request.command)
    if handler is None:
        raise Refuse(f"there is no request `{request.command[:100]}` here", "notSupported")
    if session.state not in handler.states:
        raise Refuse(*_untimely(session.state, request.command, handler))
    try:
        if handler.type is Given:
            if not isinstance(request.arguments, dict):
                raise Malformed("`arguments`: expected an object")
            arguments: tuple[object, ...] = Given(request.arguments)
        else:
            arguments = decoded(handler.type, {} if request.arguments is None else request.arguments, "arguments")
        return handler.function(session, arguments, request)
    except (Malformed, Refused, NotHere, NotRead, NoMeaning) as error:
        raise Refuse(str(error)) from None
    except CannotLaunch as error:
        raise Refuse(str(error), "failed", is_shown=True) from None


def _untimely(state: State, command: str, handler: Handler) -> tuple[str, str]:
    if state == "new":
        return "the first request is `initialize`", "notInitialized"
    if handler.states <= {"stopped", "idle"}:
        return "the plugin does not stand still; pause it first", "notStopped"
    fitting = " or ".join([one for one in _ORDER if one in handler.states])
    return f"`{command}` is for a session that is {fitting}; this one is {state}", "wrongState"


# Start and end -----------------------------------------------------------------------------------------------------


@_on("initialize", messages.InitializeArguments, ("new",))
def _initialize(session: Session, client: messages.InitializeArguments, request: Request) -> Body:
    if client.path_format not in ("path", "uri"):
        raise Refuse(f"paths are written as `path` or `uri`, not as `{client.path_format}`")
    session.client = client
    session.sources.uses_uris = client.path_format == "uri"
    session.state = "initialized"
    return capabilities()


def capabilities() -> messages.Capabilities:
    """What the adapter can do."""
    filters = [
        messages.ExceptionFilter(
            one.name, one.label, one.docs, one.is_default, True, "a CEL expression, such as `record_index > 10`"
        )
        for one in FILTERS
    ]
    return messages.Capabilities(
        supports_configuration_done_request=True,
        supports_function_breakpoints=True,
        supports_conditional_breakpoints=True,
        supports_hit_conditional_breakpoints=True,
        supports_evaluate_for_hovers=True,
        exception_breakpoint_filters=tuple(filters),
        supports_step_back=True,
        supports_set_variable=True,
        supports_restart_frame=True,
        supports_goto_targets_request=True,
        supports_completions_request=True,
        completion_trigger_characters=(".", "(", "{", ","),
        supports_restart_request=True,
        supports_value_formatting_options=True,
        supports_exception_info_request=True,
        support_terminate_debuggee=True,
        supports_delayed_stack_trace_loading=True,
        supports_loaded_sources_request=True,
        supports_log_points=True,
        supports_set_expression=True,
        supports_terminate_request=True,
        supports_breakpoint_locations_request=True,
        supports_cancel_request=True,
        supports_exception_filter_options=True,
    )


@_on("launch", Given, ("initialized",))
def _launch(session: Session, given: Given, request: Request) -> Body:
    session.launch(given.table, request)
    return LATER


@_on("attach", Given, ("initialized",))
def _attach(session: Session, given: Given, request: Request) -> Body:
    if session.attached is None:
        why = 'there is nothing to attach to: start a plugin with `run --debug`, or use `"request": "launch"`'
        raise Refuse(why, is_shown=True)
    given_here = {name: value for name, value in given.table.items() if name in ("stopOnEntry", "stopOnExit")}
    session.launch({**session.attached, **given_here}, request)
    return LATER


@_on("configurationDone", Nothing, ("configuring",))
def _configuration_done(session: Session, arguments: Nothing, request: Request) -> Body:
    session.configured()
    return None


@_on("restart", messages.RestartArguments, ("running", "stopped", "idle", "over"))
def _restart(session: Session, arguments: messages.RestartArguments, request: Request) -> Body:
    session.restart(arguments.arguments)
    return None


@_on("terminate", Nothing)
def _terminate(session: Session, arguments: Nothing, request: Request) -> Body:
    session.out.answer(request)
    session.terminate()
    return LATER


@_on("cancel", messages.CancelArguments)
def _cancel(session: Session, arguments: messages.CancelArguments, request: Request) -> Body:
    session.cancel(arguments.request_id, arguments.progress_id)
    return None


# Breakpoints -------------------------------------------------------------------------------------------------------


_LONGEST_PATH = 4096


@_on("setBreakpoints", messages.SetBreakpointsArguments)
def _set_breakpoints(session: Session, arguments: messages.SetBreakpointsArguments, request: Request) -> Body:
    source, base = arguments.source, _base(session)
    if len(source.path or source.name or "") > _LONGEST_PATH:
        raise Refuse(f"the source's path is longer than {_LONGEST_PATH} characters: no file has such a one")
    sites = session.sources.read(source)
    wanted = [
        Wanted(
            one.line - base,
            _column(session, sites, one.line - base, one.column),
            "",
            one.condition,
            one.hit_condition,
            one.log_message,
        )
        for one in arguments.breakpoints
    ]
    placed = session.breakpoints.on_lines(session.sources.file(source), sites, wanted)
    session.watch()
    return messages.BreakpointsBody(tuple([session.breakpoint(one, source) for one in placed]))


@_on("setFunctionBreakpoints", messages.SetFunctionBreakpointsArguments)
def _set_function_breakpoints(
    session: Session, arguments: messages.SetFunctionBreakpointsArguments, request: Request
) -> Body:
    wanted = [Wanted(name=one.name, condition=one.condition, hits=one.hit_condition) for one in arguments.breakpoints]
    placed = session.breakpoints.on_functions(wanted)
    session.watch()
    return messages.BreakpointsBody(tuple([session.breakpoint(one) for one in placed]))


@_on("setExceptionBreakpoints", messages.SetExceptionBreakpointsArguments)
def _set_exception_breakpoints(
    session: Session, arguments: messages.SetExceptionBreakpointsArguments, request: Request
) -> Body:
    plain: list[tuple[str, str | None]] = [(name, None) for name in arguments.filters]
    with_options = [(one.filter_id, one.condition) for one in arguments.filter_options]
    placed = session.breakpoints.on_failures([*plain, *with_options])
    session.watch()
    return messages.BreakpointsBody(tuple([session.breakpoint(one) for one in placed]))


@_on("breakpointLocations", messages.BreakpointLocationsArguments)
def _breakpoint_locations(session: Session, arguments: messages.BreakpointLocationsArguments, request: Request) -> Body:
    sites = session.sources.read(arguments.source)
    if not isinstance(sites, Sites):
        return messages.BreakpointLocationsBody(())
    base = _base(session)
    last = arguments.line if arguments.end_line is None else arguments.end_line
    lines = _lines(sites)
    return messages.BreakpointLocationsBody(
        tuple(
            [
                messages.BreakpointLocation(
                    session.line(one.start.line), lines.units(one.start, "utf-16") + _first_column(session)
                )
                for one in sites.between(arguments.line - base, last - base)
            ]
        )
    )


def _base(session: Session) -> int:
    return 1 if session.client.lines_start_at1 else 0


def _first_column(session: Session) -> int:
    return 1 if session.client.columns_start_at1 else 0


def _lines(sites: Sites) -> Lines:
    return sites.snapshot.source(sites.file).lines


def _column(session: Session, sites: object, line: int, column: int | None) -> int | None:
    """A column in code points from 0, as a client counts them."""
    if column is None or not isinstance(sites, Sites):
        return None
    return _lines(sites).from_units(line, column - _first_column(session), "utf-16").column


# Running -----------------------------------------------------------------------------------------------------------


def _resume(how: How) -> Callable[[Debuggee], None]:
    return lambda debuggee: debuggee.resume(how)


def _on_step(command: str, how: How, states: Sequence[State] = _STANDS) -> None:
    @_on(command, messages.ThreadArguments, states)
    def step(session: Session, arguments: messages.ThreadArguments, request: Request) -> Body:
        _check_thread(arguments.thread_id)
        session.resume(_resume(how))
        return messages.ContinueBody() if command == "continue" else None


_on_step("continue", "continue")
_on_step("next", "next")
_on_step("stepIn", "step-in")
_on_step("stepOut", "step-out")
_on_step("stepBack", "step-back")
_on_step("reverseContinue", "reverse-continue")


def _check_thread(thread: int) -> None:
    if thread != THREAD:
        raise Refuse(f"there is no thread {thread}; the plugin is thread {THREAD}")


@_on("pause", messages.ThreadArguments, ("running",))
def _pause(session: Session, arguments: messages.ThreadArguments, request: Request) -> Body:
    _check_thread(arguments.thread_id)
    session.debuggee.pause()
    return None


@_on("restartFrame", messages.RestartFrameArguments, ("stopped",))
def _restart_frame(session: Session, arguments: messages.RestartFrameArguments, request: Request) -> Body:
    frame, entry = _frame(session, arguments.frame_id), session.stop.entry
    if frame.kind != "entry":
        raise Refuse("only the function that the plugin was entered by can begin again")
    session.resume(lambda debuggee: debuggee.goto(entry))
    return None


_TARGETS = 20
"""Records on each side of the present one that can be gone to."""
_MOST_RECORDS = 1 << 53


@_on("gotoTargets", messages.GotoTargetsArguments, _STANDS)
def _goto_targets(session: Session, arguments: messages.GotoTargetsArguments, request: Request) -> Body:
    """The records that can be gone to, on the line of a function that the plugin exports."""
    sites = session.sources.read(arguments.source)
    found = sites.at(arguments.line - _base(session)) if isinstance(sites, Sites) else None
    if not isinstance(found, Site):
        return messages.GotoTargetsBody(())
    present = session.stopped.stop.entry if session.stopped is not None and session.stopped.stop is not None else 0
    first = max(0, present - _TARGETS)
    line = session.line(found.start.line)
    return messages.GotoTargetsBody(
        tuple([messages.GotoTarget(entry, f"record {entry}", line) for entry in range(first, present + _TARGETS + 1)])
    )


@_on("goto", messages.GotoArguments, _STANDS)
def _goto(session: Session, arguments: messages.GotoArguments, request: Request) -> Body:
    _check_thread(arguments.thread_id)
    if not 0 <= arguments.target_id < _MOST_RECORDS:
        raise Refuse(f"there is no record {arguments.target_id}: they are numbered from 0, as `gotoTargets` has them")
    session.resume(lambda debuggee: debuggee.goto(arguments.target_id))
    return None


# Looking -----------------------------------------------------------------------------------------------------------


@_on("threads", Nothing)
def _threads(session: Session, arguments: Nothing, request: Request) -> Body:
    configuration = session.configuration
    if configuration is None or session.state == "over":
        return messages.ThreadsBody(())
    name = configuration.launch.component.replace("\\", "/").rpartition("/")[2]
    return messages.ThreadsBody((messages.Thread(THREAD, name),))


@_on("stackTrace", messages.StackTraceArguments, _STANDS)
def _stack_trace(session: Session, arguments: messages.StackTraceArguments, request: Request) -> Body:
    _check_thread(arguments.thread_id)
    stop = session.stopped.stop if session.stopped is not None else None
    known = stack.known(stop)
    if (
        stop is not None
        and known
        and arguments.start_frame == 0
        and arguments.levels == 1
        and not session.are_frames_known
    ):
        # The guest is asked for its frames only when they are wanted: a stop costs nothing.
        return messages.StackTraceBody((_stack_frame(session, 0, known[0]),), stack.least(stop))
    frames = _frames(session)
    last = arguments.start_frame + arguments.levels if arguments.levels else len(frames)
    found = [
        _stack_frame(session, number, frame)
        for number, frame in enumerate(frames)
        if arguments.start_frame <= number < last
    ]
    return messages.StackTraceBody(tuple(found), len(frames))


def _frames(session: Session) -> tuple[stack.Shown, ...]:
    if session.state == "idle":
        return (stack.Shown("idle", "idle: all records are through"),)
    return stack.all_of(session.stopped.stop if session.stopped is not None else None, session.frames())


def _frame(session: Session, identifier: int) -> stack.Shown:
    """The frame of an id. Raises `Refuse`."""
    number = identifier - session.first_frame
    known = stack.known(session.stopped.stop) if session.stopped is not None else ()
    frames = known if 0 <= number < len(known) else _frames(session)
    if not 0 <= number < len(frames):
        raise Refuse("this frame is of a stop that is over")
    return frames[number]


def _stack_frame(session: Session, number: int, frame: stack.Shown) -> messages.StackFrame:
    identifier = session.first_frame + number
    found = session.sources.find(frame.function) if frame.function else None
    if found is not None:
        column = found.site.start.column + _first_column(session)
        line, source = session.line(found.site.start.line), session.sources.source(found.file)
    elif frame.file:
        name = frame.file.replace("\\", "/").rpartition("/")[2]
        line, column, source = frame.line, 0, messages.Source(name, frame.file)
    else:
        hint: Literal["subtle"] | None = "subtle" if frame.kind == "guest" else None
        return messages.StackFrame(identifier, frame.name, 0, 0, presentation_hint=hint)
    return messages.StackFrame(identifier, frame.name, line, column, source, frame.kind == "entry")


@_on("scopes", messages.ScopesArguments, _STANDS)
def _scopes(session: Session, arguments: messages.ScopesArguments, request: Request) -> Body:
    frame = _frame(session, arguments.frame_id)
    stop = session.stopped.stop if session.stopped is not None else None
    known = session.variables
    scopes = []
    if stop is not None and frame == stack.concerned(stop):
        scopes.append(known.scope("Arguments", variables.arguments(stop), "arguments"))
        if rows := variables.results(stop):
            scopes.append(known.scope("Result", rows, "locals"))
    if stop is not None and frame.kind != "guest":
        scopes.append(known.scope("Record", variables.records(stop)))
    if frame.kind != "guest":
        scopes.append(known.scope("Plugin", variables.plugin(session.metrics)))
        if session.configuration is not None:
            given = session.configuration.launch.allowance.configuration
            scopes.append(known.scope("Configuration", variables.settings(given)))
    return messages.ScopesBody(tuple(scopes))


@_on("variables", messages.VariablesArguments, _STANDS)
def _variables(session: Session, arguments: messages.VariablesArguments, request: Request) -> Body:
    found = session.variables.children(
        arguments.variables_reference,
        arguments.filter,
        arguments.start,
        arguments.count_,
        is_hex=arguments.format.hex,
    )
    return messages.VariablesBody(found)


@_on("setVariable", messages.SetVariableArguments, ("stopped",))
def _set_variable(session: Session, arguments: messages.SetVariableArguments, request: Request) -> Body:
    place = session.variables.find(arguments.variables_reference, arguments.name)
    return _change(session, place, arguments.value, is_hex=arguments.format.hex)


@_on("setExpression", messages.SetExpressionArguments, ("stopped",))
def _set_expression(session: Session, arguments: messages.SetExpressionArguments, request: Request) -> Body:
    place = evaluate.place_of(arguments.expression, session.stop)
    if place is None:
        raise Refuse(f"`{arguments.expression[:100]}` does not mean a value that could be changed")
    return _change(session, place, arguments.value, is_hex=arguments.format.hex)


def _change(session: Session, place: Place, written: str, *, is_hex: bool) -> messages.SetValueBody:
    """Put what a client has written in the place of a value."""
    stop = session.stop
    values: dict[variables.Root, Value] = {"result": stop.result, **dict(enumerate(stop.arguments))}
    root, value = variables.changed(place, written, values)
    if root == "result":
        session.debuggee.answer(value)
        # Answered for, the host is not called: all the same as if it had answered.
        stop = stop._replace(moment="answer", result=value)
    else:
        given = tuple([value if number == root else one for number, one in enumerate(stop.arguments)])
        session.debuggee.arguments(given)
        stop = stop._replace(arguments=given)
    session.change(stop)
    changed = evaluate.place_of(place.written, stop) if place.written is not None else None
    return variables.set_body(session.variables, changed or place, is_hex=is_hex)


@_on("evaluate", messages.EvaluateArguments, _STANDS)
def _evaluate(session: Session, arguments: messages.EvaluateArguments, request: Request) -> Body:
    text = arguments.expression
    if session.state == "idle":
        called = evaluate.call(text, session.exports) if arguments.context == "repl" else None
        if called is None:
            raise Refuse("all records are through; a call such as `data-filter.keep({…})` can be made in the console")
        session.call(*called, request)
        return LATER
    if evaluate.is_call(text, session.exports):
        raise Refuse("functions can be called when all records are through: see `stopOnExit`")
    place = evaluate.meaning(text, session.stop)
    if arguments.context == "clipboard":
        return messages.EvaluateBody(tree.copied(place.content), 0)
    reference, size = session.variables.reference(place, text)
    return messages.EvaluateBody(
        tree.text(place.content, is_hex=arguments.format.hex),
        reference,
        tree.type_text(place.content) or None,
        size.named or None,
        size.indexed or None,
    )


@_on("completions", messages.CompletionsArguments, _STANDS)
def _completions(session: Session, arguments: messages.CompletionsArguments, request: Request) -> Body:
    lines = Lines(arguments.text)
    base = _first_column(session)
    at = lines.from_units(arguments.line - _base(session), arguments.column - base, "utf-16")
    offset = lines.offset(at)
    stop = session.stopped.stop if session.state == "stopped" and session.stopped is not None else None
    return messages.CompletionsBody(
        tuple(
            [
                messages.CompletionItem(
                    one.label,
                    one.label,
                    one.detail or None,
                    one.kind,
                    lines.units(lines.position(one.begun.start), "utf-16") + base,
                    one.begun.end - one.begun.start,
                )
                for one in evaluate.candidates(arguments.text, offset, stop, session.exports)
            ]
        )
    )


@_on("exceptionInfo", messages.ExceptionInfoArguments, ("stopped",))
def _exception_info(session: Session, arguments: messages.ExceptionInfoArguments, request: Request) -> Body:
    _check_thread(arguments.thread_id)
    stop = session.stop
    if stop.error is not None:
        failure = stop.error
        said = (
            f"{failure.reason}\n\nWhat it wrote last to stderr:\n{session.last_words}"
            if session.last_words
            else failure.reason
        )
        details = messages.ExceptionDetails(said, failure.cause, "\n".join(failure.backtrace) or None)
        return messages.ExceptionInfoBody(failure.cause, "always", failure.reason, details)
    if stop.moment == "return" and is_error(stop.result, stop.type):
        text = tree.text(variables.results(stop)[0].place.content)
        return messages.ExceptionInfoBody("error", "always", f"the function returned {text}")
    raise Refuse("nothing has failed at this stop")


@_on("source", messages.SourceArguments)
def _source(session: Session, arguments: messages.SourceArguments, request: Request) -> Body:
    text = session.sources.text(arguments.source_reference)
    if text is None:
        raise Refuse("there is no text of this number")
    return messages.SourceBody(text, "text/x-wit")


@_on("loadedSources", Nothing)
def _loaded_sources(session: Session, arguments: Nothing, request: Request) -> Body:
    return messages.LoadedSourcesBody(session.sources.listed())
