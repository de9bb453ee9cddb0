// A filter that drops records without a payload.

#include "bindings/plugin.h"

bool exports_dataflare_core_data_filter_keep(
    exports_dataflare_core_data_filter_data_record_t *input, bool *keep, plugin_string_t *error)
{
    (void)error;
    *keep = input->payload.len > 0;
    exports_dataflare_core_data_filter_data_record_free(input);
    return true;
}
