// A plugin from before components: a bare module that takes and gives bytes at addresses.

#include <stddef.h>
#include <stdint.h>

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

__attribute__((export_name("process"))) uint64_t process(uint8_t *input, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (input[i] >= 'a' && input[i] <= 'z') input[i] -= 'a' - 'A';
    return (uint64_t)(uintptr_t)input << 32 | length;
}
