set -e
wit-bindgen c wit --world plugin --out-dir bindings
clang --target=wasm32-wasi -mexec-model=reactor -Os -Wl,--strip-all -o core.wasm \
    processor.c bindings/plugin.c bindings/plugin_component_type.o
wasm-tools component new core.wasm -o plugin.wasm
