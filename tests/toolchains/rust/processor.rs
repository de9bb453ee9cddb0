//! A processor that writes payloads in capitals, and logs what it does.

wit_bindgen::generate!({ path: "wit", world: "plugin", generate_all });

use dataflare::core::logging;
use exports::dataflare::core::data_processor::{DataRecord, Guest, ProcessingResult};

struct Plugin;

impl Guest for Plugin {
    fn process(input: DataRecord) -> ProcessingResult {
        if input.payload.is_empty() {
            return ProcessingResult::Skip;
        }
        logging::log("debug", &input.id);
        ProcessingResult::Success(DataRecord { payload: input.payload.to_ascii_uppercase(), ..input })
    }
}

export!(Plugin);
