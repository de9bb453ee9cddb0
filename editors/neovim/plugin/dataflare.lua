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

vim.api.nvim_create_user_command("DataflareValidate", function(given)
  require("dataflare.component").validate(given.args, given.bang)
end, { nargs = "?", bang = true, complete = "file", desc = "Validate a component; with ! also start it" })

vim.api.nvim_create_user_command("DataflareShowWit", function(given)
  require("dataflare.component").show_wit(given.args)
end, { nargs = "?", complete = "file", desc = "Show the WIT of a component or package" })
