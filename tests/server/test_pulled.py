"""Diagnostics as clients ask for them, file by file and for the workspace."""

import asyncio
from pathlib import Path
from typing import Any

from lsprotocol import types
from support.editor import PULLS, Editor, capabilities, editor, lines, write

WRONG = "package a:b;\ninterface i { f: func() -> nothing; }\n"
RIGHT = "package a:b;\ninterface i { f: func(); }\n"
AT_NOTHING = ["2:28-2:35 unresolved-name"]


async def of_workspace(it: Editor, previous: dict[str, str], token: str | None = None) -> Any:
    ids = [types.PreviousResultId(it.uri(name), value) for name, value in previous.items()]
    return await it.client.workspace_diagnostic_async(
        types.WorkspaceDiagnosticParams(ids, identifier="dataflare", partial_result_token=token)
    )


async def test_a_file_is_reported_when_it_is_asked_about_and_nothing_is_published(tmp_path: Path) -> None:
    async with editor(tmp_path, PULLS) as it:
        it.open("a.wit", WRONG)
        report = await it.pulled("a.wit")
        assert lines(report.items) == AT_NOTHING
        it.type("a.wit", "nothing", "u8")
        assert lines((await it.pulled("a.wit", report.result_id)).items) == []
        assert it.published == []


async def test_a_report_that_is_known_is_not_sent_again(tmp_path: Path) -> None:
    async with editor(tmp_path, PULLS) as it:
        it.open("a.wit", WRONG)
        first = await it.pulled("a.wit")
        it.type("a.wit", "f:", "g:")
        again = await it.pulled("a.wit", first.result_id)
        assert (again.kind, again.result_id) == ("unchanged", first.result_id)
        it.type("a.wit", "interface", "\ninterface")
        assert lines((await it.pulled("a.wit", first.result_id)).items) == ["3:28-3:35 unresolved-name"]


async def test_the_client_is_told_to_ask_again_when_others_changed(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a.wit": "package a:b;\ninterface types { type id = u64; }\n",
            "b.wit": "interface users { use types.{id}; f: func() -> id; }\n",
        },
    )
    async with editor(tmp_path, capabilities(pull=True, refresh=True)) as it:
        it.open("a.wit")
        it.open("b.wit")
        assert lines((await it.pulled("b.wit")).items) == []
        it.type("a.wit", "u64", "u32")
        it.type("a.wit", "type id", "type key")
        await it.eventually(lambda: it.client.diagnostic_refresh_count or None)
        assert lines((await it.pulled("b.wit")).items) == ["1:30-1:32 unresolved-name"]


async def test_the_workspace_is_reported_once_it_is_read(tmp_path: Path) -> None:
    write(tmp_path, {"one/a.wit": WRONG, "two/b.wit": RIGHT.replace("a:b", "c:d")})
    async with editor(tmp_path, PULLS) as it:
        report = await of_workspace(it, {})
        assert [(one.uri, one.kind, lines(one.items)) for one in report.items] == [
            (it.uri("one/a.wit"), "full", AT_NOTHING)
        ]


async def test_what_the_client_knows_of_the_workspace_is_unchanged(tmp_path: Path) -> None:
    write(tmp_path, {"one/a.wit": WRONG})
    async with editor(tmp_path, PULLS) as it:
        (first,) = (await of_workspace(it, {})).items
        (again,) = (await of_workspace(it, {"one/a.wit": first.result_id})).items
        assert (again.kind, again.result_id) == ("unchanged", first.result_id)


async def test_mistakes_that_are_gone_are_reported_as_an_empty_list(tmp_path: Path) -> None:
    write(tmp_path, {"a.wit": WRONG})
    async with editor(tmp_path, PULLS) as it:
        (first,) = (await of_workspace(it, {})).items
        it.open("a.wit", RIGHT)
        (report,) = (await of_workspace(it, {"a.wit": first.result_id})).items
        assert (report.kind, report.version, list(report.items)) == ("full", 1, [])


async def test_where_nothing_is_new_a_stream_waits_for_news(tmp_path: Path) -> None:
    write(tmp_path, {"a.wit": WRONG})
    async with editor(tmp_path, PULLS) as it:
        (first,) = (await of_workspace(it, {}, "one")).items
        waiting = asyncio.ensure_future(of_workspace(it, {"a.wit": first.result_id}, "two"))
        it.open("a.wit", WRONG)
        await it.pulled("a.wit")
        assert not waiting.done()
        it.type("a.wit", "nothing", "u8")
        assert [lines(one.items) for one in (await waiting).items] == [[]]


async def test_a_stream_has_its_parts_before_its_end(tmp_path: Path) -> None:
    write(tmp_path, {f"p{number}/a.wit": WRONG.replace("a:b", f"a:p{number}") for number in range(150)})
    async with editor(tmp_path, PULLS) as it:
        parts: list[Any] = []
        it.client.protocol.fm.features[types.PROGRESS] = lambda params: parts.append(params.value)
        report = await of_workspace(it, {}, "token")
        assert list(report.items) == []
        found = [one["uri"] for part in parts for one in part["items"]]
        assert sorted(found) == sorted(it.uri(f"p{number}/a.wit") for number in range(150))


async def test_a_stream_that_is_cancelled_ends(tmp_path: Path) -> None:
    async with editor(tmp_path, PULLS) as it:
        params = types.WorkspaceDiagnosticParams([], identifier="dataflare", partial_result_token="t")
        request = it.client.protocol.send_request(types.WORKSPACE_DIAGNOSTIC, params, msg_id="held")
        await it.pulled("a.wit")
        it.client.cancel_request(types.CancelParams("held"))
        error = (await it.eventually(lambda: request.done() or None)) and request.exception()
        assert getattr(error, "code", None) == -32800


async def test_a_client_that_pulls_is_offered_it_and_others_are_not(tmp_path: Path) -> None:
    async with editor(tmp_path, PULLS) as it:
        offered = it.offered.diagnostic_provider
        assert isinstance(offered, types.DiagnosticOptions)
        assert offered.inter_file_dependencies
        assert offered.workspace_diagnostics
    async with editor(tmp_path) as it:
        assert it.offered.diagnostic_provider is None
