// A processor to be debugged: what it does with a record is what the record's payload says.
//
// `loop` never ends, `trap` ends badly after a word on stderr, `memory` takes more and more. Any other payload gets the
// prefix that the configuration has.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bindings/plugin.h"

static int is(const exports_dataflare_core_data_processor_data_record_t *record, const char *word)
{
    return record->payload.len == strlen(word) && memcmp(record->payload.ptr, word, record->payload.len) == 0;
}

static void fail(void)
{
    fprintf(stderr, "cannot go on\n");
    fflush(stderr);
    __builtin_trap();
}

void exports_dataflare_core_data_processor_process(
    exports_dataflare_core_data_processor_data_record_t *input,
    exports_dataflare_core_data_processor_processing_result_t *result)
{
    char text[256];
    plugin_string_t level, message, key, prefix;
    snprintf(text, sizeof text, "processing %.*s", (int)input->id.len, (const char *)input->id.ptr);
    plugin_string_set(&level, "info");
    plugin_string_set(&message, text);
    dataflare_core_logging_log(&level, &message);
    if (is(input, "loop"))
        for (volatile int forever = 1; forever;)
            ;
    if (is(input, "trap"))
        fail();
    if (is(input, "memory"))
        for (;;) {
            // Volatile, or the compiler sees that nobody uses it.
            void *volatile more = malloc(1 << 20);
            if (!more)
                abort();
            memset(more, 1, 1 << 20);
        }
    result->tag = EXPORTS_DATAFLARE_CORE_DATA_PROCESSOR_PROCESSING_RESULT_SUCCESS;
    result->val.success = *input;
    plugin_string_set(&key, "prefix");
    if (dataflare_core_configuration_get(&key, &prefix)) {
        size_t size = prefix.len + input->payload.len;
        uint8_t *both = malloc(size);
        memcpy(both, prefix.ptr, prefix.len);
        memcpy(both + prefix.len, input->payload.ptr, input->payload.len);
        result->val.success.payload.ptr = both;
        result->val.success.payload.len = size;
    }
}
