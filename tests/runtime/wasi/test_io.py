"""`wasi:io`, `clocks`, `random` and `cli`, called as the engine would call them."""

import pytest
from support.world import Plugin

from dataflare_lsp.runtime.host.surroundings import Denied, Exit, Grants, Trap
from dataflare_lsp.runtime.limits import LimitHit
from dataflare_lsp.values.types import Case

ALL = frozenset({"cli", "clocks", "random"})


def ok(value: object = None) -> Case:
    return Case("ok", value)


CLOSED = Case("err", Case("closed"))
WRITE = "io/streams#[method]output-stream"
READ = "io/streams#[method]input-stream"


class TestStandardStreams:
    def test_output_is_captured_as_it_comes(self):
        call = Plugin()
        stdout, stderr = call("cli/stdout#get-stdout"), call("cli/stderr#get-stderr")
        assert call(f"{WRITE}.check-write", stdout) == ok(65536)
        assert call(f"{WRITE}.write", stdout, b"one") == ok()
        assert call(f"{WRITE}.blocking-write-and-flush", stderr, b"two") == ok()
        assert call(f"{WRITE}.write-zeroes", stdout, 2) == ok()
        assert call(f"{WRITE}.blocking-write-zeroes-and-flush", stdout, 1) == ok()
        assert call(f"{WRITE}.flush", stdout) == call(f"{WRITE}.blocking-flush", stdout) == ok()
        assert (call.world.stdout, call.world.stderr) == (b"one\0\0\0", b"two")

    @pytest.mark.parametrize(("function", "most"), [("write", 65536), ("blocking-write-and-flush", 4096)])
    def test_writing_more_than_is_allowed_ends_the_call(self, function: str, most: int):
        call = Plugin()
        stdout = call("cli/stdout#get-stdout")
        assert call(f"{WRITE}.{function}", stdout, bytes(most)) == ok()
        with pytest.raises(Trap, match=f"{most + 1:,} bytes at once, where {most:,} are allowed"):
            call(f"{WRITE}.{function}", stdout, bytes(most + 1))
        assert call.world.stdout == bytes(most)

    @pytest.mark.parametrize(("function", "most"), [("write-zeroes", 65536), ("blocking-write-zeroes-and-flush", 4096)])
    def test_no_zeroes_are_made_that_may_not_be_written(self, function: str, most: int):
        call = Plugin()
        stdout = call("cli/stdout#get-stdout")
        with pytest.raises(Trap, match="at once"):
            call(f"{WRITE}.{function}", stdout, 1 << 60)

    def test_input_is_at_its_end(self):
        call = Plugin()
        stdin, stdout = call("cli/stdin#get-stdin"), call("cli/stdout#get-stdout")
        for function in ("read", "blocking-read", "skip", "blocking-skip"):
            assert call(f"{READ}.{function}", stdin, 10) == CLOSED
        for function in ("splice", "blocking-splice"):
            assert call(f"{WRITE}.{function}", stdout, stdin, 10) == CLOSED
        pollable = call(f"{READ}.subscribe", stdin)
        assert call("io/poll#[method]pollable.ready", pollable) is True

    def test_none_is_a_terminal(self):
        call = Plugin()
        for stream in ("stdin", "stdout", "stderr"):
            assert call(f"cli/terminal-{stream}#get-terminal-{stream}") is None


class TestHandles:
    def test_a_dropped_handle_is_gone(self):
        call = Plugin()
        stdout = call("cli/stdout#get-stdout")
        call("io/streams#[resource-drop]output-stream", stdout)
        with pytest.raises(Trap, match="stands for no OutputStream"):
            call(f"{WRITE}.check-write", stdout)

    def test_a_handle_of_another_kind_is_refused(self):
        call = Plugin()
        stdout = call("cli/stdout#get-stdout")
        with pytest.raises(Trap, match="stands for no InputStream"):
            call(f"{READ}.read", stdout, 1)

    def test_endless_handles_end_with_their_cause(self):
        call = Plugin()
        for _ in range(10_000):
            call("cli/stdout#get-stdout")
        with pytest.raises(LimitHit, match=r"it holds 10,000 handles of WASI's resources and asks for another"):
            call("cli/stdout#get-stdout")

    def test_handles_that_are_given_back_do_not_count(self):
        call = Plugin()
        for _ in range(20_001):
            call("io/streams#[resource-drop]output-stream", call("cli/stdout#get-stdout"))


class TestClocks:
    def test_a_granted_clock_is_exact(self):
        call = Plugin(Grants(wasi=ALL))
        call.world.time += 1_234_567
        assert call("clocks/monotonic-clock#now") == 1_234_567
        assert call("clocks/monotonic-clock#resolution") == 1
        assert call("clocks/wall-clock#now") == divmod(call.world.now(), 10**9)
        assert call("clocks/wall-clock#resolution") == (0, 1)

    def test_without_the_grant_the_clock_goes_in_steps_and_the_time_of_day_is_denied(self):
        call = Plugin()
        call.world.time += 1_234_567
        assert call("clocks/monotonic-clock#now") == 1_000_000
        assert call("clocks/monotonic-clock#resolution") == 1_000_000
        with pytest.raises(Denied, match=r'`wasi:clocks/wall-clock#now` is not granted.*capabilities.wasi: "clocks"'):
            call("clocks/wall-clock#now")

    @pytest.mark.parametrize("granted", [frozenset(), ALL])
    def test_waiting_ends_when_the_clock_shows_the_time(self, granted: frozenset[str]):
        call = Plugin(Grants(wasi=granted))
        call.world.time += 700_000
        start = call("clocks/monotonic-clock#now")
        pollable = call("clocks/monotonic-clock#subscribe-duration", 2_000_000)
        assert call("io/poll#[method]pollable.ready", pollable) is False
        call("io/poll#[method]pollable.block", pollable)
        assert call("clocks/monotonic-clock#now") - start >= 2_000_000
        when = call("clocks/monotonic-clock#now") + 1_500_000
        call("io/poll#[method]pollable.block", call("clocks/monotonic-clock#subscribe-instant", when))
        assert call("clocks/monotonic-clock#now") >= when
        assert call.world.waited == pytest.approx([0.002 if granted else 0.0023, 0.0015 if granted else 0.002])

    def test_poll_waits_for_the_first_and_names_all_that_are_ready(self):
        call = Plugin(Grants(wasi=ALL))
        pollables = tuple(call("clocks/monotonic-clock#subscribe-duration", n) for n in (9 * 10**9, 10**9, 10**9))
        assert call("io/poll#poll", pollables) == (1, 2)
        assert call.world.waited == [1.0]
        stdin = call(f"{READ}.subscribe", call("cli/stdin#get-stdin"))
        assert call("io/poll#poll", (pollables[0], stdin)) == (1,)

    def test_the_end_of_time_is_a_time(self):
        call = Plugin(Grants(wasi=ALL))
        pollable = call("clocks/monotonic-clock#subscribe-duration", (1 << 64) - 1)
        soon = call("clocks/monotonic-clock#subscribe-duration", 1)
        assert call("io/poll#poll", (pollable, soon)) == (1,)

    def test_polling_nothing_ends_the_call(self):
        call = Plugin()
        with pytest.raises(Trap, match="empty list"):
            call("io/poll#poll", ())


class TestRandom:
    def test_granted(self):
        call = Plugin(Grants(wasi=ALL))
        assert call("random/random#get-random-bytes", 4) == bytes(range(4))
        assert len(call("random/random#get-random-bytes", 1 << 20)) == 1 << 20
        assert call("random/insecure#get-insecure-random-bytes", 0) == b""
        for function in ("random/random#get-random-u64", "random/insecure#get-insecure-random-u64"):
            assert call(function) == int.from_bytes(bytes(range(8)), "little")
        first, second = call("random/insecure-seed#insecure-seed")
        assert 0 <= first < 1 << 64
        assert 0 <= second < 1 << 64
        with pytest.raises(Trap, match="1,048,577 bytes at once"):
            call("random/random#get-random-bytes", (1 << 20) + 1)

    def test_without_the_grant_there_is_enough_for_a_start(self):
        call = Plugin()
        call("random/insecure-seed#insecure-seed")
        assert len(call("random/random#get-random-bytes", 4096 - 16)) == 4096 - 16
        with pytest.raises(Denied, match=r'random-u64` is not granted; the manifest .* capabilities.wasi: "random"'):
            call("random/random#get-random-u64")
        with pytest.raises(Denied, match="insecure-seed"):
            call("random/insecure-seed#insecure-seed")


class TestCommandLine:
    def test_arguments_and_environment_are_what_is_granted(self):
        grants = Grants(wasi=ALL, environment=(("TOKEN", "1"),), arguments=("plugin", "-v"))
        call = Plugin(grants)
        assert call("cli/environment#get-environment") == (("TOKEN", "1"),)
        assert call("cli/environment#get-arguments") == ("plugin", "-v")
        assert call("cli/environment#initial-cwd") is None

    def test_they_need_cli(self):
        call = Plugin(Grants(environment=(("TOKEN", "1"),), arguments=("plugin",)))
        assert call("cli/environment#get-environment") == call("cli/environment#get-arguments") == ()

    @pytest.mark.parametrize(
        ("function", "status", "code"), [("exit", Case("ok"), 0), ("exit", Case("err"), 1), ("exit-with-code", 7, 7)]
    )
    def test_exit(self, function: str, status: object, code: int):
        call = Plugin()
        with pytest.raises(Exit) as caught:
            call(f"cli/exit#{function}", status)
        assert caught.value.status == code


class TestInstances:
    def test_a_new_instance_has_nothing_of_the_one_before(self):
        call = Plugin()
        stdout = call("cli/stdout#get-stdout")
        call("random/random#get-random-bytes", 4096)
        call.world.time += 10**9
        call.wasi.begin()
        with pytest.raises(Trap, match="stands for no OutputStream"):
            call(f"{WRITE}.check-write", stdout)
        assert len(call("random/random#get-random-bytes", 4096)) == 4096
        assert call("clocks/monotonic-clock#now") == 0
