--- Components: validated, and shown as WIT in buffers of the scheme `dataflare-wit`.

local M = {}

---@return vim.lsp.Client|nil client whose workspace a path is in
local function client_around(path)
  return vim.iter(vim.lsp.get_clients({ name = "dataflare" })):find(function(client)
    return client.root_dir and vim.startswith(path, client.root_dir)
  end)
end

---@return vim.lsp.Client|nil client for a path: of its workspace, or else any
local function client_for(path)
  return client_around(path) or vim.lsp.get_clients({ name = "dataflare" })[1]
end

--- Start the server for the workspace of a file, unless it runs, and wait until it answers.
---@return vim.lsp.Client|nil
local function started_for(path)
  local client = client_around(path)
  if not client then
    local root = vim.fs.root(path, { "dataflare.toml", ".git" }) or vim.fs.dirname(path)
    local config = vim.tbl_extend("force", vim.lsp.config.dataflare, { name = "dataflare", root_dir = root })
    local id = vim.lsp.start(config, { attach = false })
    client = id and vim.lsp.get_client_by_id(id)
  end
  return client
    and vim.wait(10000, function()
      return client.initialized == true
    end, 10)
    and client
    or nil
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

--- Show the WIT of a binary that is opened, in the place of its bytes. A file that has none is opened as it is.
---@param buffer integer
function M.open(buffer)
  local path = vim.fs.normalize(vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buffer), ":p"))
  local client = vim.uv.fs_stat(path) and started_for(path)
  local uri = { uri = vim.uri_from_fname(path) }
  local answer = client and client:request_sync("dataflare/componentWit", uri, 10000, buffer)
  local found = answer and answer.result
  -- Neovim still works at reading the file: what is shown in its place comes after that.
  vim.schedule(function()
    if not vim.api.nvim_buf_is_valid(buffer) then
      return
    end
    if found and type(found.text) == "string" then
      local shown = vim.fn.bufadd(found.uri)
      vim.bo[shown].buflisted = true
      vim.fn.bufload(shown)
      for _, window in ipairs(vim.fn.win_findbuf(buffer)) do
        vim.api.nvim_win_set_buf(window, shown)
      end
      vim.api.nvim_buf_delete(buffer, { force = true })
      return
    end
    if found and type(found.message) == "string" then
      vim.notify("dataflare: " .. found.message, vim.log.levels.INFO)
    end
    vim.api.nvim_buf_call(buffer, function()
      vim.cmd("noautocmd edit ++bin")
    end)
  end)
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
