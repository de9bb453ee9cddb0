---@brief
---
--- https://pypi.org/project/dataflare-lsp
---
--- Language server for WIT, the WebAssembly Interface Type language, and for the manifests of DataFlare plugins.
--- It is looked for in the setting `vim.g.dataflare_lsp`, then in the workspace's `.venv`, then on PATH.

local lenses = require("dataflare.lenses")
local server = require("dataflare.server")

-- Neovim 0.11 pulls diagnostics but cannot be told to pull again, so what changes in another file or on disk would
-- not be seen. Newer versions can; theirs is used where there is one.
local refresh = "workspace/diagnostic/refresh"
local handlers = {}
if not vim.lsp.handlers[refresh] then
  handlers[refresh] = function(_, _, context)
    local client = assert(vim.lsp.get_client_by_id(context.client_id))
    for buffer in pairs(client.attached_buffers) do
      local document = vim.lsp.util.make_text_document_params(buffer)
      client:request("textDocument/diagnostic", { textDocument = document }, nil, buffer)
    end
    return vim.NIL
  end
end

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
  filetypes = { "wit", "toml" },
  root_dir = function(buffer, start)
    local file = vim.api.nvim_buf_get_name(buffer)
    if vim.bo[buffer].filetype == "toml" and vim.fs.basename(file) ~= "dataflare.toml" then
      return -- of TOML, only the manifests of plugins
    end
    start(vim.fs.root(buffer, { "dataflare.toml", "wit", ".git" }))
  end,
  init_options = { virtualDocuments = true, commands = vim.tbl_keys(lenses.commands) },
  commands = lenses.commands,
  settings = {},
  capabilities = { workspace = { diagnostics = { refreshSupport = true } } },
  handlers = handlers,
  on_init = function(client)
    local warning = server.check_version(client.server_info)
    if warning then
      vim.notify_once(warning, vim.log.levels.WARN)
    end
  end,
}
