--- Where the language server is, and whether it is new enough.

local M = {}

--- The oldest server that this configuration works with.
M.minimum = "0.1.0"

M.install_hint = "dataflare-lsp was not found. Install it with `pipx install .` in a clone of its repository, "
  .. "or set vim.g.dataflare_lsp to its path."

local windows = vim.fn.has("win32") == 1

--- A command that is given as a list may name what is run at its end; for the debugger that is another.
local function with_task(command, task)
  local given = vim.deepcopy(command)
  if given[#given] == "serve" then
    table.remove(given)
  end
  return vim.list_extend(given, { task })
end

---@param root string|nil the workspace's folder
---@param task string|nil what to run: "serve", the language server, or "dap", the debug adapter
---@return string[]|nil command that starts it, nil where there is none
function M.find(root, task)
  task = task or "serve"
  local chosen = vim.g.dataflare_lsp
  if type(chosen) == "string" and chosen ~= "" then
    return { vim.fn.expand(chosen), task }
  elseif type(chosen) == "table" then
    return task == "serve" and chosen or with_task(chosen, task)
  end
  if root then
    local program = vim.fs.joinpath(root, ".venv", windows and "Scripts/dataflare-lsp.exe" or "bin/dataflare-lsp")
    if vim.fn.executable(program) == 1 then
      return { program, task }
    end
  end
  local program = vim.fn.exepath("dataflare-lsp")
  return program ~= "" and { program, task } or nil
end

---@param info table|nil what the server says of itself
---@return string|nil warning for the user, nil where all is well
function M.check_version(info)
  local version = info and info.version and vim.version.parse(info.version)
  if not version then
    return "dataflare-lsp does not say which version it is; this configuration needs " .. M.minimum .. " or newer."
  end
  if vim.version.lt(version, M.minimum) then
    return ("dataflare-lsp %s is older than %s, which this configuration needs. Update it."):format(
      info.version,
      M.minimum
    )
  end
end

return M
