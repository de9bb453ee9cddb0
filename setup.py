"""Compile the committed tree-sitter parser into the package; everything else is in pyproject.toml."""

import sysconfig

from setuptools import Extension, setup

# The stable ABI makes one wheel serve every Python; free-threaded builds do not have it.
stable_abi = not sysconfig.get_config_var("Py_GIL_DISABLED")
msvc = sysconfig.get_platform().startswith("win")

setup(
    ext_modules=[
        Extension(
            "dataflare_lsp.wit._grammar",
            sources=[
                "dataflare_lsp/wit/_grammar.c",
                "grammars/tree-sitter-wit/src/parser.c",
                "grammars/tree-sitter-wit/src/scanner.c",
            ],
            depends=[
                "grammars/tree-sitter-wit/src/tree_sitter/parser.h",
            ],
            include_dirs=["grammars/tree-sitter-wit/src"],
            define_macros=[("Py_LIMITED_API", "0x030A0000")] if stable_abi else [],
            extra_compile_args=["/std:c11", "/utf-8"] if msvc else ["-std=c11", "-fvisibility=hidden"],
            py_limited_api=stable_abi,
        )
    ],
    options={"bdist_wheel": {"py_limited_api": "cp310"}} if stable_abi else {},
)
