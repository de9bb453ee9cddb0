--- `:checkhealth dataflare`

local M = {}

function M.check()
  local health = vim.health
  local server = require("dataflare.server")
  health.start("dataflare")

  if vim.fn.has("nvim-0.11") == 1 then
    health.ok("Neovim has vim.lsp.config")
  else
    health.error("Neovim 0.11 or newer is needed", { "Update Neovim, or configure the server through nvim-lspconfig." })
    return
  end

  local command = server.find(vim.uv.cwd())
  if not command then
    health.error("the server was not found", { server.install_hint })
    return
  end
  local said = vim.system({ command[1], "--version" }, { text = true }):wait(10000)
  local version = said.code == 0 and vim.trim(said.stdout):match("%S+$")
  if not version then
    health.error(command[1] .. " does not run", { vim.trim(said.stderr or "") })
    return
  end
  local warning = server.check_version({ version = version })
  if warning then
    health.warn(warning)
  else
    health.ok(("server %s at %s"):format(version, command[1]))
  end

  local clients = vim.lsp.get_clients({ name = "dataflare" })
  if #clients > 0 then
    health.ok(("the server is running for %d workspace%s"):format(#clients, #clients == 1 and "" or "s"))
  elseif vim.lsp.is_enabled and not vim.lsp.is_enabled("dataflare") then
    health.warn("the server is not enabled", { 'Add vim.lsp.enable("dataflare") to your configuration.' })
  else
    health.info("the server starts when a .wit file is opened")
  end

  if require("dataflare.dap").setup() then
    health.ok("nvim-dap knows the debugger: :DapNew in a .wit file or a manifest")
  else
    health.info("nvim-dap is not installed; with it, plugins are debugged in Neovim")
  end

  if pcall(vim.treesitter.language.add, "wit") then
    health.ok("the tree-sitter parser for WIT is installed")
  else
    health.info("no tree-sitter parser for WIT; highlighting comes from the server's semantic tokens")
  end
end

return M
