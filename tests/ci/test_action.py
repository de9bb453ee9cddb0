"""`action.yml`: valid, and its steps' scripts run as a runner of GitHub would run them.

The service itself and the actions of others are not to be had in a test; what is between is: inputs with their defaults,
the environment of each step, outputs, `if`, and bash with the options that runners give it.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml
from support import clone, schemas
from support.others import other
from support.shared import REPOSITORY

ACTION = yaml.safe_load((REPOSITORY / "action.yml").read_text(encoding="utf-8"))
WRONG = "package corp:app;\n\ninterface api {\n    get: func() -> nothing;\n}\n"
LOOSE = "package corp:app;\ninterface  api{}\n"
WARNED = "package corp:app;\n\nuse api as unused;\n\ninterface api {}\n"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the `bash` on PATH may be that of another system")


class Runner:
    """A job that uses the action on a folder. Its program is installed once, by the action's own step."""

    def __init__(self, folder: Path, temporary: Path) -> None:
        self.folder = folder
        self.temporary = temporary
        self.program = ""

    def step(self, step: dict, inputs: dict[str, str], variables: dict[str, str]) -> tuple[int, str]:
        """The exit code of a step's script, and what it prints."""
        values = {f"inputs.{name}": value for name, value in inputs.items()}
        values |= {"steps.python.outputs.python-path": sys.executable, "steps.install.outputs.program": self.program}

        def evaluated(text: str) -> str:
            return re.sub(r"\$\{\{ (.+?) \}\}", lambda found: values[found[1]], text)

        given = {name: evaluated(value) for name, value in step.get("env", {}).items()}
        done = subprocess.run(
            [other("bash"), "--noprofile", "--norc", "-eo", "pipefail", "-c", evaluated(step["run"])],
            cwd=self.folder,
            env={**os.environ, "RUNNER_TEMP": str(self.temporary), **given, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=600,
        )
        return done.returncode, done.stdout

    def run(self, **given: str) -> tuple[int, str]:
        """The action with these inputs, once it is installed: the first exit code that is not 0, and all that is printed."""
        inputs = {name: given.get(name, spec["default"]) for name, spec in ACTION["inputs"].items()}
        printed = ""
        for step in ACTION["runs"]["steps"]:
            if "run" not in step or step.get("id") == "install" or not condition(step.get("if"), inputs):
                continue
            code, said = self.step(step, inputs, {})
            printed += said
            if code:
                return code, printed
        return 0, printed


def condition(expression: str | None, inputs: dict[str, str]) -> bool:
    """What `if` says: the two forms that the action uses."""
    if expression is None:
        return True
    found = re.fullmatch(r"\$\{\{ inputs\.(\w+) (==|!=) '(\w*)' \}\}", expression)
    assert found, f"a form of `if` that this test does not know: {expression}"
    return (inputs[found[1]] == found[3]) == (found[2] == "==")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    temporary = tmp_path_factory.mktemp("runner")
    action = tmp_path_factory.mktemp("action")
    clone.copy(action)
    runner = Runner(action, temporary)
    output = temporary / "output"
    step = next(step for step in ACTION["runs"]["steps"] if step.get("id") == "install")
    code, said = runner.step(step, {}, {"GITHUB_ACTION_PATH": str(action), "GITHUB_OUTPUT": str(output)})
    assert code == 0, said
    runner.program = output.read_text().strip().removeprefix("program=")
    assert Path(runner.program).is_relative_to(temporary)
    return runner


@pytest.fixture
def runner(installed: Runner, tmp_path: Path) -> Runner:
    runner = Runner(tmp_path / "repository", installed.temporary)
    runner.folder.mkdir()
    runner.program = installed.program
    return runner


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_the_action_is_as_github_wants_it():
    jsonschema.Draft7Validator(schemas.schema("https://json.schemastore.org/github-action.json")).validate(ACTION)


def test_inputs_reach_scripts_by_the_environment_alone():
    """An expression in a script would let an input be a program."""
    assert [step["run"] for step in ACTION["runs"]["steps"] if "${{" in step.get("run", "")] == []


def test_a_mistake_is_an_annotation_and_fails_the_job(runner: Runner):
    write(runner.folder, "wit/app.wit", WRONG)
    code, printed = runner.run()
    assert code == 1
    assert "::error file=wit/app.wit,line=4,endLine=4,col=20,endColumn=26,title=unresolved-name::" in printed


def test_options_and_paths_are_passed_on(runner: Runner):
    write(runner.folder, "one/app.wit", WARNED)
    write(runner.folder, "two/app.wit", WRONG)
    assert runner.run(paths="one")[0] == 0
    assert runner.run(paths="one", options="--deny warnings")[0] == 1
    code, printed = runner.run(paths="one two")
    assert code == 1
    assert "two/app.wit" in printed


def test_the_layout_is_checked_where_that_is_asked_for(runner: Runner):
    write(runner.folder, "app.wit", LOOSE)
    assert runner.run()[0] == 0
    assert runner.run(format="true")[0] == 1


def test_a_sarif_report_is_there_although_the_job_fails(runner: Runner):
    write(runner.folder, "app.wit", WRONG)
    assert runner.run(sarif="wit.sarif")[0] == 1
    report = json.loads((runner.folder / "wit.sarif").read_text(encoding="utf-8"))
    assert [result["ruleId"] for result in report["runs"][0]["results"]] == ["unresolved-name"]
    assert runner.run(sarif="wit.sarif", paths="nowhere")[0] == 2
