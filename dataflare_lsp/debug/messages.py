"""The messages of the Debug Adapter Protocol that this adapter takes and gives, as values.

Of each, the fields that are looked at or filled in. Tests hold every one against the protocol's own schema.
Specification: Debug Adapter Protocol 1.x, "Specification"; the names are its own.
"""

from typing import Literal, NamedTuple

from dataflare_lsp.debug.codec import Table
from dataflare_lsp.values.json import Json

# Envelopes -------------------------------------------------------------------------------------------------------


class Request(NamedTuple):
    """What a client asks for."""

    seq: int
    type: Literal["request"]
    command: str
    arguments: Json = None


class Response(NamedTuple):
    """An answer. `message` says in a word why there is none, and `body` then is an `ErrorBody`."""

    seq: int
    type: Literal["response"]
    request_seq: int
    success: bool
    command: str
    message: str | None = None
    body: Json = None


class Event(NamedTuple):
    """What the adapter says unasked."""

    seq: int
    type: Literal["event"]
    event: str
    body: Json = None


class ErrorMessage(NamedTuple):
    """What went wrong, for the user where `show_user` says so."""

    id: int
    format: str
    show_user: bool = False


class ErrorBody(NamedTuple):
    error: ErrorMessage


# What several messages have ----------------------------------------------------------------------------------------


class Source(NamedTuple):
    """A file by `path` (or its URI), or a text of the adapter's by `source_reference`, which then is not 0."""

    name: str | None = None
    path: str | None = None
    source_reference: int | None = None
    presentation_hint: Literal["normal", "emphasize", "deemphasize"] | None = None
    origin: str | None = None


class Breakpoint(NamedTuple):
    """What became of a breakpoint. `message` says why it is not `verified`, or what it stands for."""

    verified: bool
    id: int | None = None
    message: str | None = None
    source: Source | None = None
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    reason: Literal["pending", "failed"] | None = None


class Thread(NamedTuple):
    id: int
    name: str


class StackFrame(NamedTuple):
    id: int
    name: str
    line: int
    column: int
    source: Source | None = None
    can_restart: bool | None = None
    presentation_hint: Literal["normal", "label", "subtle"] | None = None


class Scope(NamedTuple):
    name: str
    variables_reference: int
    expensive: bool
    presentation_hint: str | None = None
    named_variables: int | None = None
    indexed_variables: int | None = None


class VariablePresentationHint(NamedTuple):
    kind: str | None = None
    attributes: tuple[str, ...] | None = None


class Variable(NamedTuple):
    name: str
    value: str
    variables_reference: int
    type: str | None = None
    presentation_hint: VariablePresentationHint | None = None
    evaluate_name: str | None = None
    named_variables: int | None = None
    indexed_variables: int | None = None


class ValueFormat(NamedTuple):
    """How the client wants values written."""

    hex: bool = False


# Start and end -----------------------------------------------------------------------------------------------------


class InitializeArguments(NamedTuple):
    """What the client can do, and how it counts lines and names files."""

    adapter_id: str = ""
    lines_start_at1: bool = True
    columns_start_at1: bool = True
    path_format: str = "path"
    supports_variable_type: bool = False
    supports_progress_reporting: bool = False
    supports_invalidated_event: bool = False
    supports_start_debugging_request: bool = False


class StartDebuggingArguments(NamedTuple):
    """A session that the client is asked to begin beside this one."""

    configuration: Table
    request: Literal["launch", "attach"] = "attach"


class ExceptionFilter(NamedTuple):
    """A kind of failure to stop at."""

    filter: str
    label: str
    description: str | None = None
    default: bool | None = None
    supports_condition: bool | None = None
    condition_description: str | None = None


class Capabilities(NamedTuple):
    """What the adapter can do."""

    supports_configuration_done_request: bool | None = None
    supports_function_breakpoints: bool | None = None
    supports_conditional_breakpoints: bool | None = None
    supports_hit_conditional_breakpoints: bool | None = None
    supports_evaluate_for_hovers: bool | None = None
    exception_breakpoint_filters: tuple[ExceptionFilter, ...] | None = None
    supports_step_back: bool | None = None
    supports_set_variable: bool | None = None
    supports_restart_frame: bool | None = None
    supports_goto_targets_request: bool | None = None
    supports_completions_request: bool | None = None
    completion_trigger_characters: tuple[str, ...] | None = None
    supports_restart_request: bool | None = None
    supports_value_formatting_options: bool | None = None
    supports_exception_info_request: bool | None = None
    support_terminate_debuggee: bool | None = None
    supports_delayed_stack_trace_loading: bool | None = None
    supports_loaded_sources_request: bool | None = None
    supports_log_points: bool | None = None
    supports_set_expression: bool | None = None
    supports_terminate_request: bool | None = None
    supports_breakpoint_locations_request: bool | None = None
    supports_cancel_request: bool | None = None
    supports_exception_filter_options: bool | None = None


class RestartArguments(NamedTuple):
    """The launch configuration as it is now, where the client has one."""

    arguments: Table | None = None


class DisconnectArguments(NamedTuple):
    restart: bool = False
    terminate_debuggee: bool | None = None


class CancelArguments(NamedTuple):
    request_id: int | None = None
    progress_id: str | None = None


# Breakpoints -------------------------------------------------------------------------------------------------------


class SourceBreakpoint(NamedTuple):
    line: int
    column: int | None = None
    condition: str | None = None
    hit_condition: str | None = None
    log_message: str | None = None


class SetBreakpointsArguments(NamedTuple):
    source: Source
    breakpoints: tuple[SourceBreakpoint, ...] = ()
    source_modified: bool = False


class BreakpointsBody(NamedTuple):
    breakpoints: tuple[Breakpoint, ...]


class FunctionBreakpoint(NamedTuple):
    name: str
    condition: str | None = None
    hit_condition: str | None = None


class SetFunctionBreakpointsArguments(NamedTuple):
    breakpoints: tuple[FunctionBreakpoint, ...]


class FilterOptions(NamedTuple):
    filter_id: str
    condition: str | None = None


class SetExceptionBreakpointsArguments(NamedTuple):
    filters: tuple[str, ...]
    filter_options: tuple[FilterOptions, ...] = ()


class BreakpointLocationsArguments(NamedTuple):
    source: Source
    line: int
    column: int | None = None
    end_line: int | None = None


class BreakpointLocation(NamedTuple):
    line: int
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None


class BreakpointLocationsBody(NamedTuple):
    breakpoints: tuple[BreakpointLocation, ...]


class ExceptionInfoArguments(NamedTuple):
    thread_id: int


class ExceptionDetails(NamedTuple):
    message: str | None = None
    type_name: str | None = None
    stack_trace: str | None = None


class ExceptionInfoBody(NamedTuple):
    exception_id: str
    break_mode: Literal["never", "always", "unhandled", "userUnhandled"]
    description: str | None = None
    details: ExceptionDetails | None = None


# Running -----------------------------------------------------------------------------------------------------------


class ThreadArguments(NamedTuple):
    """Of `continue`, `next`, `stepIn`, `stepOut`, `stepBack`, `reverseContinue` and `pause`."""

    thread_id: int


class ContinueBody(NamedTuple):
    all_threads_continued: bool = True


class RestartFrameArguments(NamedTuple):
    frame_id: int


class GotoTargetsArguments(NamedTuple):
    source: Source
    line: int
    column: int | None = None


class GotoTarget(NamedTuple):
    id: int
    label: str
    line: int


class GotoTargetsBody(NamedTuple):
    targets: tuple[GotoTarget, ...]


class GotoArguments(NamedTuple):
    thread_id: int
    target_id: int


# Looking -----------------------------------------------------------------------------------------------------------


class ThreadsBody(NamedTuple):
    threads: tuple[Thread, ...]


class StackTraceArguments(NamedTuple):
    """`levels` 0 means all."""

    thread_id: int
    start_frame: int = 0
    levels: int = 0


class StackTraceBody(NamedTuple):
    stack_frames: tuple[StackFrame, ...]
    total_frames: int | None = None


class ScopesArguments(NamedTuple):
    frame_id: int


class ScopesBody(NamedTuple):
    scopes: tuple[Scope, ...]


class VariablesArguments(NamedTuple):
    """Some children of a value: `count_` of them from `start`, all where it is 0."""

    variables_reference: int
    filter: Literal["indexed", "named"] | None = None
    start: int = 0
    count_: int = 0
    format: ValueFormat = ValueFormat()


class VariablesBody(NamedTuple):
    variables: tuple[Variable, ...]


class SetVariableArguments(NamedTuple):
    variables_reference: int
    name: str
    value: str
    format: ValueFormat = ValueFormat()


class SetValueBody(NamedTuple):
    """Of `setVariable` and `setExpression`."""

    value: str
    type: str | None = None
    variables_reference: int | None = None
    named_variables: int | None = None
    indexed_variables: int | None = None


class SetExpressionArguments(NamedTuple):
    expression: str
    value: str
    frame_id: int | None = None
    format: ValueFormat = ValueFormat()


class EvaluateArguments(NamedTuple):
    expression: str
    frame_id: int | None = None
    context: str = "repl"
    format: ValueFormat = ValueFormat()


class EvaluateBody(NamedTuple):
    result: str
    variables_reference: int
    type: str | None = None
    named_variables: int | None = None
    indexed_variables: int | None = None


class CompletionsArguments(NamedTuple):
    text: str
    column: int
    frame_id: int | None = None
    line: int = 1


CompletionKind = Literal["field", "function", "interface", "keyword", "value", "variable"]


class CompletionItem(NamedTuple):
    label: str
    text: str | None = None
    detail: str | None = None
    type: CompletionKind | None = None
    start: int | None = None
    length: int | None = None


class CompletionsBody(NamedTuple):
    targets: tuple[CompletionItem, ...]


class SourceArguments(NamedTuple):
    source_reference: int
    source: Source | None = None


class SourceBody(NamedTuple):
    content: str
    mime_type: str | None = None


class LoadedSourcesBody(NamedTuple):
    sources: tuple[Source, ...]


# Events ------------------------------------------------------------------------------------------------------------


class StoppedBody(NamedTuple):
    reason: str
    description: str | None = None
    thread_id: int | None = None
    text: str | None = None
    all_threads_stopped: bool | None = None
    hit_breakpoint_ids: tuple[int, ...] | None = None


class ContinuedBody(NamedTuple):
    thread_id: int
    all_threads_continued: bool | None = None


class ExitedBody(NamedTuple):
    exit_code: int


class ThreadBody(NamedTuple):
    reason: Literal["started", "exited"]
    thread_id: int


class OutputBody(NamedTuple):
    output: str
    category: str | None = None
    variables_reference: int | None = None
    source: Source | None = None
    line: int | None = None


class BreakpointBody(NamedTuple):
    reason: Literal["changed", "new", "removed"]
    breakpoint: Breakpoint


class ProcessBody(NamedTuple):
    name: str
    system_process_id: int | None = None
    is_local_process: bool | None = None
    start_method: Literal["launch", "attach"] | None = None


class InvalidatedBody(NamedTuple):
    areas: tuple[str, ...]


class ProgressStartBody(NamedTuple):
    progress_id: str
    title: str
    request_id: int | None = None
    cancellable: bool | None = None
    message: str | None = None
    percentage: float | None = None


class ProgressUpdateBody(NamedTuple):
    progress_id: str
    message: str | None = None
    percentage: float | None = None


class ProgressEndBody(NamedTuple):
    progress_id: str
    message: str | None = None


class MetricsBody(NamedTuple):
    """Of the event `dataflare/metrics`, which is this adapter's own.

    Seconds and bytes; `throughput` is records per second, `error_rate` a share from 0 to 1.
    """

    state: str
    records: int
    errors: int
    throughput: float
    error_rate: float
    load_time: float
    init_time: float
    mean_time: float
    p50_time: float
    p99_time: float
    memory: int | None = None
