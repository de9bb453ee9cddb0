--- What the code lenses of plugins stand for: running one in a terminal, and debugging it with nvim-dap.

local M = {}

--- The folder of the plugin whose manifest a lens is about.
local function folder_of(command)
  return vim.fs.dirname(vim.uri_to_fname(command.arguments[1]))
end

--- Feed the records to the plugin that its manifest names. The server shows then what was called.
function M.run(command)
  local folder = folder_of(command)
  local program = require("dataflare.server").find(folder, "run")
  if not program then
    vim.notify(require("dataflare.server").install_hint, vim.log.levels.ERROR)
    return
  end
  vim.cmd.new()
  vim.fn.jobstart(vim.list_extend(vim.list_slice(program), { ".", "--remember" }), { term = true, cwd = folder })
end

local function debug(command, more)
  if not require("dataflare.dap").setup() then
    vim.notify("dataflare: nvim-dap is needed to debug plugins", vim.log.levels.WARN)
    return
  end
  local configuration = { program = folder_of(command) }
  require("dap").run(vim.tbl_extend("force", require("dataflare.dap").configuration, configuration, more))
end

function M.debug(command)
  debug(command, {})
end

--- Debug the last recorded run again.
function M.replay(command)
  debug(command, { replay = true })
end

--- By the names that the server has for them.
M.commands = {
  ["dataflare.runPlugin"] = M.run,
  ["dataflare.debugPlugin"] = M.debug,
  ["dataflare.replayPlugin"] = M.replay,
}

return M
