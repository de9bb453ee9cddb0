//! Says what the crate `wasm-wave` makes of texts: for each line of input, a request in JSON, one line of JSON.
//!
//! `{"type": TYPE, "text": TEXT}` and `{"parameters": [TYPE, …], "text": CALL}` are answered by `{"ok": [TEXT, …]}`, the
//! values as the crate writes them, or by `{"error": MESSAGE}`. A type is the name of a primitive one, or an array of its
//! kind and what it is made of.

use std::io::{BufRead, Write};

use serde_json::{Value as Json, json};
use wasm_wave::untyped::UntypedFuncCall;
use wasm_wave::value::{Type, Value};

fn main() {
    if std::env::args().nth(1).as_deref() == Some("--version") {
        println!("wave-reference {}", env!("CARGO_PKG_VERSION"));
        return;
    }
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let request = serde_json::from_str(&line.expect("input is UTF-8")).expect("a request is JSON");
        let answer = match answer(&request) {
            Ok(texts) => json!({ "ok": texts }),
            Err(message) => json!({ "error": message }),
        };
        writeln!(output, "{answer}").and_then(|()| output.flush()).expect("somebody reads the answers");
    }
}

fn answer(request: &Json) -> Result<Vec<String>, String> {
    let text = request["text"].as_str().expect("a request has a text");
    let values: Vec<Value> = match request["parameters"].as_array() {
        Some(parameters) => {
            let types: Vec<Type> = parameters.iter().map(read_type).collect();
            let call = UntypedFuncCall::parse(text).map_err(|error| error.to_string())?;
            call.to_wasm_params(&types).map_err(|error| error.to_string())?
        }
        None => vec![wasm_wave::from_str(&read_type(&request["type"]), text).map_err(|error| error.to_string())?],
    };
    values.iter().map(|value| wasm_wave::to_string(value).map_err(|error| error.to_string())).collect()
}

fn read_type(json: &Json) -> Type {
    match json {
        Json::String(name) => primitive(name),
        Json::Array(parts) => composite(parts[0].as_str().expect("a kind is a name"), &parts[1..]),
        other => panic!("no type: {other}"),
    }
}

fn primitive(name: &str) -> Type {
    match name {
        "bool" => Type::BOOL,
        "s8" => Type::S8,
        "u8" => Type::U8,
        "s16" => Type::S16,
        "u16" => Type::U16,
        "s32" => Type::S32,
        "u32" => Type::U32,
        "s64" => Type::S64,
        "u64" => Type::U64,
        "f32" => Type::F32,
        "f64" => Type::F64,
        "char" => Type::CHAR,
        "string" => Type::STRING,
        other => panic!("no primitive type: {other}"),
    }
}

fn composite(kind: &str, parts: &[Json]) -> Type {
    let made = match kind {
        "list" => Some(Type::list(read_type(&parts[0]))),
        "map" => Type::map(read_type(&parts[0]), read_type(&parts[1])),
        "record" => Type::record(parts.iter().map(|field| (name(&field[0]), read_type(&field[1])))),
        "tuple" => Type::tuple(parts.iter().map(read_type).collect::<Vec<_>>()),
        "variant" => Type::variant(parts.iter().map(|case| (name(&case[0]), optional(&case[1])))),
        "enum" => Type::enum_ty(parts.iter().map(name)),
        "flags" => Type::flags(parts.iter().map(name)),
        "option" => Some(Type::option(read_type(&parts[0]))),
        "result" => Some(Type::result(optional(&parts[0]), optional(&parts[1]))),
        other => panic!("no kind of type: {other}"),
    };
    made.expect("a type has members, and maps have keys")
}

fn optional(json: &Json) -> Option<Type> {
    (!json.is_null()).then(|| read_type(json))
}

fn name(json: &Json) -> String {
    json.as_str().expect("a name is a text").into()
}
