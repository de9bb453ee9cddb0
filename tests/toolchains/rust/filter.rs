//! A filter that drops records without a payload.

wit_bindgen::generate!({ path: "wit", world: "plugin", generate_all });

use exports::dataflare::core::data_filter::{DataRecord, Guest};

struct Plugin;

impl Guest for Plugin {
    fn keep(input: DataRecord) -> Result<bool, String> {
        Ok(!input.payload.is_empty())
    }
}

export!(Plugin);
