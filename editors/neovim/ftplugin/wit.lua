if vim.b.did_ftplugin then
  return
end
vim.b.did_ftplugin = true

vim.bo.commentstring = "// %s"
vim.bo.comments = "s1:/*,mb:*,ex:*/,:///,://"
-- `a-b` is one word in WIT, and so is `%a`.
vim.opt_local.iskeyword:append({ "-", "%" })
vim.opt_local.formatoptions:append("croql")
vim.opt_local.formatoptions:remove("t")
vim.bo.expandtab = true
vim.bo.shiftwidth = 4
vim.bo.softtabstop = 4

vim.b.undo_ftplugin = "setlocal commentstring< comments< iskeyword< formatoptions< expandtab< shiftwidth< softtabstop<"
