package main

import "unsafe"

// held is what the host wrote for a call, or reads after it: the collector must not take it meanwhile.
var held []any

// reallocate is how the host gets memory for the arguments of a call.
//
//go:wasmexport cabi_realloc
func reallocate(old unsafe.Pointer, oldSize, align, size uint32) unsafe.Pointer {
	// Words, because no value is aligned more strictly.
	block := make([]uint64, size/8+1)
	start := unsafe.Pointer(&block[0])
	copy(unsafe.Slice((*byte)(start), size), unsafe.Slice((*byte)(old), oldSize))
	held = append(held, block)
	return start
}

// list is a string or a list, as it lies in the host's view of memory, where addresses have 32 bits. Go's have 64.
type list struct {
	start  uint32
	length uint32
}

func listAt(start unsafe.Pointer, length uint32) list { return list{uint32(uintptr(start)), length} }

func main() {}
