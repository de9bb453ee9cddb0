// A processor that writes payloads in capitals, and logs what it does.
//
// Bindings for Go's own compiler were not to be had, so the canonical ABI is spelled out as far as it is needed here.
package main

import (
	"bytes"
	"unsafe"
)

//go:wasmimport dataflare:core/logging@1.0.0 log
func log(level unsafe.Pointer, levelLength uint32, message unsafe.Pointer, messageLength uint32)

type record struct {
	id        list
	timestamp uint64
	payload   list
	metadata  list
}

const debug = "debug"

const (
	success = 0
	skip    = 2
)

var result struct {
	tag   uint8
	value record
}

//go:wasmexport dataflare:core/data-processor@1.0.0#process
func process(
	id unsafe.Pointer, idLength uint32,
	timestamp uint64,
	payload unsafe.Pointer, payloadLength uint32,
	metadata unsafe.Pointer, metadataLength uint32,
) unsafe.Pointer {
	if payloadLength == 0 {
		result.tag = skip
		return unsafe.Pointer(&result)
	}
	log(unsafe.Pointer(unsafe.StringData(debug)), uint32(len(debug)), id, idLength)
	capitals := bytes.ToUpper(unsafe.Slice((*byte)(payload), payloadLength))
	held = append(held, capitals)
	result.tag = success
	result.value = record{
		listAt(id, idLength),
		timestamp,
		listAt(unsafe.Pointer(unsafe.SliceData(capitals)), uint32(len(capitals))),
		listAt(metadata, metadataLength),
	}
	return unsafe.Pointer(&result)
}

// release is called when the host has read the result.
//
//go:wasmexport cabi_post_dataflare:core/data-processor@1.0.0#process
func release(unsafe.Pointer) { held = nil }
