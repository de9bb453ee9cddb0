set -e
GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -ldflags=-s -o go.wasm processor.go memory.go
wasm-tools component embed wit go.wasm --world plugin -o core.wasm
# Go's runtime cannot hand out memory before it has started, and the adapter asks for some before that.
wasm-tools component new core.wasm --realloc-via-memory-grow \
    --adapt "wasi_snapshot_preview1=$WASI_PREVIEW1_ADAPTER" -o plugin.wasm
