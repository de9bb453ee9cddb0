set -e
clang --target=wasm32-wasi -Os -Wl,--strip-all -o core.wasm program.c
wasm-tools component new core.wasm --adapt "wasi_snapshot_preview1=$WASI_PREVIEW1_ADAPTER" -o plugin.wasm
