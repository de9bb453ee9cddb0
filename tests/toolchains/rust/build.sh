set -e
cargo build --release --target wasm32-unknown-unknown
cp "${CARGO_TARGET_DIR:-target}/wasm32-unknown-unknown/release/capitals.wasm" core.wasm
wasm-tools component new core.wasm -o plugin.wasm
