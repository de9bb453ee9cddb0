// A filter that drops records without a payload.
package main

import "unsafe"

var result struct {
	isError uint8
	keep    uint32
	_       uint32
}

//go:wasmexport dataflare:core/data-filter@1.0.0#keep
func keep(
	id unsafe.Pointer, idLength uint32,
	timestamp uint64,
	payload unsafe.Pointer, payloadLength uint32,
	metadata unsafe.Pointer, metadataLength uint32,
) unsafe.Pointer {
	result.keep = 0
	if payloadLength > 0 {
		result.keep = 1
	}
	held = nil
	return unsafe.Pointer(&result)
}
