if vim.g.loaded_dataflare then
  return
end
vim.g.loaded_dataflare = true

vim.api.nvim_create_autocmd("BufReadCmd", {
  pattern = "dataflare-wit://*",
  desc = "Show the WIT of a binary",
  callback = function(event)
    require("dataflare.component").read(event.buf)
  end,
})

if vim.g.dataflare_show_wit ~= false then
  vim.api.nvim_create_autocmd("BufReadCmd", {
    pattern = "*.wasm",
    desc = "Show the WIT of a component in the place of its bytes",
    callback = function(event)
      require("dataflare.component").open(event.buf)
    end,
  })
end

-- nvim-dap may be loaded later than this file, when it is first needed.
vim.api.nvim_create_autocmd("FileType", {
  pattern = { "wit", "toml" },
  desc = "Tell nvim-dap of the debugger",
  callback = function()
    return require("dataflare.dap").setup()
  end,
})

vim.api.nvim_create_user_command("DataflareValidate", function(given)
  require("dataflare.component").validate(given.args, given.bang)
end, { nargs = "?", bang = true, complete = "file", desc = "Validate a component; with ! also start it" })

vim.api.nvim_create_user_command("DataflareShowWit", function(given)
  require("dataflare.component").show_wit(given.args)
end, { nargs = "?", complete = "file", desc = "Show the WIT of a component or package" })
