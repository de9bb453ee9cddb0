--- The debugger, for nvim-dap: an adapter `dataflare`, and what `:DapNew` offers in WIT files and manifests.

local M = {}

M.configuration = {
  type = "dataflare",
  request = "launch",
  name = "Debug plugin",
  --- The folder of the plugin that the current file belongs to.
  program = function()
    return vim.fs.root(0, "dataflare.toml") or vim.uv.cwd()
  end,
}

--- How nvim-dap starts the adapter.
function M.adapter(callback, configuration)
  local program = type(configuration.program) == "string" and configuration.program or nil
  local command = require("dataflare.server").find(program or vim.uv.cwd(), "dap")
  if not command then
    vim.notify(require("dataflare.server").install_hint, vim.log.levels.ERROR)
    return
  end
  callback({ type = "executable", command = command[1], args = vim.list_slice(command, 2) })
end

--- Tell nvim-dap of it, where that is installed. What the user has configured stays.
---@return boolean whether it is
function M.setup()
  local found, dap = pcall(require, "dap")
  if not found then
    return false
  end
  dap.adapters.dataflare = dap.adapters.dataflare or M.adapter
  for _, filetype in ipairs({ "wit", "toml" }) do
    local configurations = dap.configurations[filetype] or {}
    local ours = vim.iter(configurations):any(function(one)
      return one.type == "dataflare"
    end)
    if not ours then
      table.insert(configurations, M.configuration)
    end
    dap.configurations[filetype] = configurations
  end
  return true
end

return M
