--- Components: validated, and shown as WIT in buffers of the scheme `dataflare-wit`.

local M = {}

---@return vim.lsp.Client|nil client for a path: of its workspace, or else any
local function client_for(path)
  local clients = vim.lsp.get_clients({ name = "dataflare" })
  for _, client in ipairs(clients) do
    if client.root_dir and vim.startswith(path, client.root_dir) then
      return client
    end
  end
  return clients[1]
end

--- The path of a file, or of the binary that a buffer shows.
local function path_of(name)
  if vim.startswith(name, "dataflare-wit:") then
    return vim.uri_to_fname((name:gsub("^dataflare%-wit:", "file:"):gsub("%.wit$", "")))
  end
  return name
end

--- Fill a buffer with the WIT of the binary that its name stands for.
---@param buffer integer
function M.read(buffer)
  local name = vim.api.nvim_buf_get_name(buffer)
  local client = client_for(path_of(name))
  if not client then
    vim.notify("dataflare: no server is running that could read " .. name, vim.log.levels.WARN)
    return
  end
  local answer, failure = client:request_sync("dataflare/componentWit", { uri = name }, 10000, buffer)
  local found = answer and answer.result
  if not found or type(found.text) ~= "string" then
    vim.notify("dataflare: " .. (found and found.message or failure or "no answer"), vim.log.levels.WARN)
    return
  end
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split(found.text:gsub("\n$", ""), "\n"))
  vim.bo[buffer].buftype = "nofile"
  vim.bo[buffer].swapfile = false
  vim.bo[buffer].modified = false
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].filetype = "wit"
  vim.lsp.buf_attach_client(buffer, client.id)
end

--- What the commands are about: the file that is named, or the manifest that the current buffer belongs to.
local function subject(file)
  if file ~= "" then
    return vim.fs.normalize(vim.fn.fnamemodify(file, ":p"))
  end
  local path = path_of(vim.api.nvim_buf_get_name(0))
  local root = vim.fs.root(path, "dataflare.toml")
  return root and vim.fs.joinpath(root, "dataflare.toml")
end

local function execute(command, file, options, handler)
  local path = subject(file)
  local client = path and client_for(path)
  if not client then
    vim.notify("dataflare: there is no dataflare.toml above this file, or no server is running", vim.log.levels.WARN)
    return
  end
  local arguments = { vim.uri_from_fname(path), options }
  client:request("workspace/executeCommand", { command = command, arguments = arguments }, handler)
end

---@param file string a component or a manifest; "" for that of the current buffer
---@param instantiate boolean whether to start it, too
function M.validate(file, instantiate)
  execute("dataflare.validate", file, instantiate and { instantiate = true } or nil, function(failure, result)
    local message = result and result.message or failure and failure.message or "no answer"
    vim.notify("dataflare: " .. message, result and result.ok and vim.log.levels.INFO or vim.log.levels.WARN)
  end)
end

---@param file string a component, package or manifest; "" for that of the current buffer
function M.show_wit(file)
  execute("dataflare.showWit", file, nil, function(failure, result)
    if failure or not result or type(result.text) ~= "string" then
      vim.notify("dataflare: " .. (result and result.message or failure and failure.message), vim.log.levels.WARN)
    end
  end)
end

return M
