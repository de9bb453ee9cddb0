---@brief
---
--- https://pypi.org/project/dataflare-lsp
---
--- Language server for WIT, the WebAssembly Interface Type language.
--- It is looked for in the setting `vim.g.dataflare_lsp`, then in the workspace's `.venv`, then on PATH.

local server = require("dataflare.server")

---@type vim.lsp.Config
return {
  cmd = function(dispatchers, config)
    local root = config and config.root_dir or vim.uv.cwd()
    local command = server.find(root)
    if not command then
      vim.notify_once(server.install_hint, vim.log.levels.WARN)
      command = { "dataflare-lsp", "serve" }
    end
    return vim.lsp.rpc.start(command, dispatchers, { cwd = root })
  end,
  filetypes = { "wit" },
  root_markers = { "dataflare.toml", "wit", ".git" },
  settings = {},
  on_init = function(client)
    local warning = server.check_version(client.server_info)
    if warning then
      vim.notify_once(warning, vim.log.levels.WARN)
    end
  end,
}
