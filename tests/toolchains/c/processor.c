// A processor that writes payloads in capitals, and logs what it does.

#include "bindings/plugin.h"

void exports_dataflare_core_data_processor_process(
    exports_dataflare_core_data_processor_data_record_t *input,
    exports_dataflare_core_data_processor_processing_result_t *result)
{
    if (input->payload.len == 0) {
        exports_dataflare_core_data_processor_data_record_free(input);
        result->tag = EXPORTS_DATAFLARE_CORE_DATA_PROCESSOR_PROCESSING_RESULT_SKIP;
        return;
    }
    plugin_string_t level;
    plugin_string_set(&level, "debug");
    dataflare_core_logging_log(&level, &input->id);
    for (size_t i = 0; i < input->payload.len; i++) {
        uint8_t *byte = &input->payload.ptr[i];
        if (*byte >= 'a' && *byte <= 'z') *byte -= 'a' - 'A';
    }
    result->tag = EXPORTS_DATAFLARE_CORE_DATA_PROCESSOR_PROCESSING_RESULT_SUCCESS;
    result->val.success = *input;
}
