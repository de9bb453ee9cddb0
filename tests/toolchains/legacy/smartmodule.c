// A filter to the interface of Fluvio's SmartModules: the host allocates, copies encoded records in, and calls;
// the module hands encoded records back through `copy_records`. This one keeps what it is given.

#include <stddef.h>
#include <stdint.h>

__attribute__((import_module("env"), import_name("copy_records"))) void copy_records(const uint8_t *records, size_t length);

static uint8_t memory[1 << 16];
static size_t used;

__attribute__((export_name("alloc"))) uint8_t *alloc(size_t size)
{
    uint8_t *block = memory + used;
    used += (size + 7) & ~(size_t)7;
    return block;
}

__attribute__((export_name("dealloc"))) void dealloc(uint8_t *block, size_t size)
{
    (void)block, (void)size;
}

__attribute__((export_name("init"))) int32_t init(uint8_t *parameters, size_t length, int16_t version)
{
    (void)parameters, (void)length, (void)version;
    return 0;
}

__attribute__((export_name("filter"))) int32_t filter(uint8_t *records, size_t length, int16_t version)
{
    (void)version;
    copy_records(records, length);
    return 1;
}
