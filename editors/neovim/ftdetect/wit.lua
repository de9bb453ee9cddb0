vim.filetype.add({ extension = { wit = "wit" } })
