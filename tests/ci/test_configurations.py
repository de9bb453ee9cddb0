"""What is written for CI services is as they want it: our own workflows, and what the pages show to be copied."""

import copy
import re
from typing import Any

import jsonschema
import pytest
import yaml
from support import schemas
from support.shared import REPOSITORY

PAGE = (REPOSITORY / "docs" / "how-to" / "ci.md").read_text(encoding="utf-8")
WORKFLOWS = sorted((REPOSITORY / ".github" / "workflows").iterdir())
SCHEMAS = {
    "workflow": "https://json.schemastore.org/github-workflow.json",
    "gitlab": "https://gitlab.com/gitlab-org/gitlab/-/raw/master/app/assets/javascripts/editor/schema/ci.json",
    "pre-commit": "https://json.schemastore.org/pre-commit-config.json",
}


def kind_of(configuration: dict[Any, Any]) -> str:
    """Which service a configuration is for. YAML 1.1 reads the key `on` as true."""
    return "workflow" if True in configuration else "pre-commit" if "repos" in configuration else "gitlab"


def validate(configuration: dict[Any, Any], kind: str) -> None:
    named = {"on" if key is True else key: value for key, value in configuration.items()}
    schema = copy.deepcopy(schemas.schema(SCHEMAS[kind]))
    if kind == "workflow":
        # What is carried is older than this permission.
        permissions = schema["definitions"]["permissions-event"]["properties"]
        permissions["attestations"] = permissions["contents"]
    jsonschema.Draft7Validator(schema).validate(named)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_our_workflows_are_valid(path):
    validate(yaml.safe_load(path.read_text(encoding="utf-8")), "workflow")


SHOWN = [yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)]


@pytest.mark.parametrize("configuration", SHOWN, ids=kind_of)
def test_what_the_page_shows_is_valid(configuration: dict[Any, Any]):
    validate(configuration, kind_of(configuration))


def test_the_page_has_something_for_each_service():
    assert {kind_of(configuration) for configuration in SHOWN} == set(SCHEMAS)


def test_the_page_uses_the_action_and_its_inputs():
    inputs = yaml.safe_load((REPOSITORY / "action.yml").read_text(encoding="utf-8"))["inputs"]
    steps = [step for one in SHOWN if True in one for job in one["jobs"].values() for step in job["steps"]]
    ours = [step for step in steps if step.get("uses", "").startswith("OWNER/dataflare-lsp@")]
    assert ours
    for step in ours:
        assert set(step.get("with", {})) <= set(inputs)


def test_the_page_uses_the_hooks_that_there_are():
    hooks = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    (shown,) = [one for one in SHOWN if "repos" in one]
    assert [hook["id"] for hook in shown["repos"][0]["hooks"]] == [hook["id"] for hook in hooks]


def test_the_schemas_are_judges():
    for url in SCHEMAS.values():
        assert not jsonschema.Draft7Validator(schemas.schema(url)).is_valid({"jobs": 1, "repos": 1, "wit": 1})
