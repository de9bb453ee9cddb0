//! Starts `dataflare-lsp` for Zed: as language server, and as debug adapter. All else is in the server.

use zed_extension_api::{
    self as zed, serde_json, settings::LspSettings, DebugAdapterBinary, DebugConfig, DebugRequest,
    DebugScenario, DebugTaskDefinition, LanguageServerId, Result, StartDebuggingRequestArguments,
    StartDebuggingRequestArgumentsRequest, Worktree,
};

const PROGRAM: &str = "dataflare-lsp";
const NOT_FOUND: &str =
    "dataflare-lsp was not found; install it with `pipx install .` in a clone of its repository, \
                         or name it in the setting `lsp.dataflare-lsp.binary.path`";

struct DataFlare;

/// The program: that of the settings, or that on PATH, which Zed takes from the worktree's shell.
fn program(worktree: &Worktree) -> Result<String> {
    LspSettings::for_worktree(PROGRAM, worktree)
        .ok()
        .and_then(|settings| settings.binary?.path)
        .or_else(|| worktree.which(PROGRAM))
        .ok_or_else(|| NOT_FOUND.to_string())
}

impl zed::Extension for DataFlare {
    fn new() -> Self {
        DataFlare
    }

    fn language_server_command(
        &mut self,
        _id: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<zed::Command> {
        Ok(zed::Command {
            command: program(worktree)?,
            args: vec!["serve".to_string()],
            env: worktree.shell_env(),
        })
    }

    fn language_server_workspace_configuration(
        &mut self,
        _id: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<serde_json::Value>> {
        let settings = LspSettings::for_worktree(PROGRAM, worktree)?.settings;
        Ok(Some(
            serde_json::json!({ "dataflare": settings.unwrap_or_default() }),
        ))
    }

    fn get_dap_binary(
        &mut self,
        adapter: String,
        task: DebugTaskDefinition,
        user_provided: Option<String>,
        worktree: &Worktree,
    ) -> Result<DebugAdapterBinary, String> {
        let command = match user_provided {
            Some(path) => path,
            None => program(worktree)?,
        };
        let configuration = serde_json::from_str(&task.config)
            .map_err(|error| format!("the debug configuration is not JSON: {error}"))?;
        let request = self.dap_request_kind(adapter, configuration)?;
        Ok(DebugAdapterBinary {
            command: Some(command),
            arguments: vec!["dap".to_string()],
            envs: worktree.shell_env(),
            cwd: Some(worktree.root_path()),
            connection: None,
            request_args: StartDebuggingRequestArguments {
                configuration: task.config,
                request,
            },
        })
    }

    fn dap_request_kind(
        &mut self,
        _adapter: String,
        configuration: serde_json::Value,
    ) -> Result<StartDebuggingRequestArgumentsRequest, String> {
        match configuration
            .get("request")
            .and_then(|request| request.as_str())
        {
            None | Some("launch") => Ok(StartDebuggingRequestArgumentsRequest::Launch),
            Some("attach") => Ok(StartDebuggingRequestArgumentsRequest::Attach),
            Some(other) => Err(format!(
                "`request` is `{other}`; expected `launch` or `attach`"
            )),
        }
    }

    fn dap_config_to_scenario(&mut self, given: DebugConfig) -> Result<DebugScenario, String> {
        let DebugRequest::Launch(launch) = given.request else {
            return Err("a plugin is launched; to attach, write `.zed/debug.json`".to_string());
        };
        let configuration = serde_json::json!({ "request": "launch", "program": launch.program });
        Ok(DebugScenario {
            label: given.label,
            adapter: given.adapter,
            build: None,
            config: configuration.to_string(),
            tcp_connection: None,
        })
    }
}

zed::register_extension!(DataFlare);
