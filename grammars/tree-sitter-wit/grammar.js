/**
 * @file A grammar for WIT, the WebAssembly Interface Type language.
 * @license Apache-2.0
 */

/// <reference types="tree-sitter-cli/dsl" />

// Every word of WIT that cannot be a bare name. Reserving them everywhere, also
// where they are not expected, is what keeps a half-typed item from taking the
// first word of the next one as its own name.
const KEYWORDS = [
  "as",
  "async",
  "bool",
  "borrow",
  "char",
  "constructor",
  "enum",
  "error-context",
  "export",
  "f32",
  "f64",
  "flags",
  "func",
  "future",
  "import",
  "include",
  "interface",
  "list",
  "map",
  "option",
  "own",
  "package",
  "record",
  "resource",
  "result",
  "s16",
  "s32",
  "s64",
  "s8",
  "static",
  "stream",
  "string",
  "tuple",
  "type",
  "u16",
  "u32",
  "u64",
  "u8",
  "use",
  "variant",
  "with",
  "world",
  "_",
];

const BUILTIN_TYPES = [
  "u8",
  "u16",
  "u32",
  "u64",
  "s8",
  "s16",
  "s32",
  "s64",
  "f32",
  "f64",
  "char",
  "bool",
  "string",
  "error-context",
];

const list = (item) =>
  optional(seq(item, repeat(seq(",", item)), optional(",")));

// The path is flat, so that in `import a: b/c` the parser need not decide what
// `a` is before it has seen the `/`.
const usePath = ($, first) =>
  choice(
    field("name", first),
    seq(
      field("namespace", first),
      ":",
      field("package", $.identifier),
      "/",
      field("name", $.identifier),
      optional(seq("@", field("version", $.version))),
    ),
  );

export default grammar({
  name: "wit",

  word: ($) => $.identifier,

  reserved: {
    global: (_) => KEYWORDS,
  },

  extras: ($) => [
    /[ \t\r\n]/,
    $.line_comment,
    $.doc_comment,
    $.block_comment,
    $.block_doc_comment,
  ],

  externals: ($) => [
    $.block_comment,
    $.block_doc_comment,
    $._error_sentinel,
  ],

  supertypes: ($) => [$.type],

  rules: {
    source_file: ($) =>
      repeat(choice($.package_declaration, $._toplevel_item)),

    // Packages

    package_declaration: ($) =>
      seq(optional($._gates), "package", field("name", $.package_name), ";"),

    nested_package: ($) =>
      seq(
        optional($._gates),
        "package",
        field("name", $.package_name),
        field("body", $.package_body),
      ),

    package_body: ($) => seq("{", repeat($._toplevel_item), "}"),

    package_name: ($) =>
      seq(
        field("namespace", $.identifier),
        ":",
        field("name", $.identifier),
        optional(seq("@", field("version", $.version))),
      ),

    _toplevel_item: ($) =>
      choice(
        $.nested_package,
        $.toplevel_use_item,
        $.interface_item,
        $.world_item,
      ),

    toplevel_use_item: ($) =>
      seq(
        optional($._gates),
        "use",
        field("path", $.use_path),
        optional(seq("as", field("alias", $.identifier))),
        ";",
      ),

    use_path: ($) => usePath($, $.identifier),

    // `get` and `set` are words of their own only before a parenthesis, so they
    // may be the path in `import x: get;`.
    _path_after_colon: ($) =>
      usePath(
        $,
        choice(
          $.identifier,
          alias("get", $.identifier),
          alias("set", $.identifier),
        ),
      ),

    // Gates

    _gates: ($) => repeat1($._gate),

    _gate: ($) =>
      choice(
        $.since_gate,
        $.unstable_gate,
        $.deprecated_gate,
        $.external_id,
      ),

    since_gate: ($) => seq("@", "since", $._version_argument),

    deprecated_gate: ($) => seq("@", "deprecated", $._version_argument),

    _version_argument: ($) =>
      seq("(", "version", "=", field("version", $.version), ")"),

    unstable_gate: ($) =>
      seq(
        "@",
        "unstable",
        "(",
        "feature",
        "=",
        field("feature", $.identifier),
        ")",
      ),

    external_id: ($) =>
      seq("@", "external-id", "(", field("value", $.string_literal), ")"),

    // Worlds

    world_item: ($) =>
      seq(
        optional($._gates),
        "world",
        field("name", $.identifier),
        field("body", $.world_body),
      ),

    world_body: ($) =>
      seq(
        "{",
        repeat(
          choice(
            $.import_item,
            $.export_item,
            $.include_item,
            $.use_item,
            $._type_definition,
          ),
        ),
        "}",
      ),

    import_item: ($) => seq(optional($._gates), "import", $._extern),

    export_item: ($) => seq(optional($._gates), "export", $._extern),

    _extern: ($) =>
      choice(
        seq(field("path", $.use_path), ";"),
        seq(
          field("name", $.identifier),
          ":",
          choice(
            seq(field("type", $.func_type), ";"),
            seq(field("path", alias($._path_after_colon, $.use_path)), ";"),
            field("type", $.inline_interface),
          ),
        ),
      ),

    inline_interface: ($) =>
      seq("interface", field("body", $.interface_body)),

    include_item: ($) =>
      seq(
        optional($._gates),
        "include",
        field("path", $.use_path),
        choice(
          ";",
          seq("with", field("names", $.include_names)),
        ),
      ),

    include_names: ($) => seq("{", list($.include_name), "}"),

    include_name: ($) =>
      seq(field("name", $.identifier), "as", field("alias", $.identifier)),

    // Interfaces

    interface_item: ($) =>
      seq(
        optional($._gates),
        "interface",
        field("name", $.identifier),
        field("body", $.interface_body),
      ),

    interface_body: ($) =>
      seq(
        "{",
        repeat(choice($.use_item, $.func_item, $._type_definition)),
        "}",
      ),

    use_item: ($) =>
      seq(
        optional($._gates),
        "use",
        field("path", $.use_path),
        ".",
        field("names", $.use_names),
        ";",
      ),

    use_names: ($) => seq("{", list($.use_name), "}"),

    use_name: ($) =>
      seq(
        field("name", $.identifier),
        optional(seq("as", field("alias", $.identifier))),
      ),

    func_item: ($) =>
      seq(
        optional($._gates),
        field("name", $.identifier),
        ":",
        field("type", $.func_type),
        ";",
      ),

    func_type: ($) =>
      seq(
        choice(seq(optional("async"), "func"), field("accessor", choice("get", "set"))),
        field("params", $.param_list),
        optional(seq("->", field("result", $.type))),
      ),

    param_list: ($) => seq("(", list($.param), ")"),

    param: ($) => seq(field("name", $.identifier), ":", field("type", $.type)),

    // Type definitions

    _type_definition: ($) =>
      choice(
        $.type_item,
        $.record_item,
        $.variant_item,
        $.enum_item,
        $.flags_item,
        $.resource_item,
      ),

    type_item: ($) =>
      seq(
        optional($._gates),
        "type",
        field("name", $.identifier),
        "=",
        field("type", $.type),
        ";",
      ),

    record_item: ($) =>
      seq(
        optional($._gates),
        "record",
        field("name", $.identifier),
        field("body", $.record_body),
      ),

    record_body: ($) => seq("{", list($.record_field), "}"),

    record_field: ($) =>
      seq(field("name", $.identifier), ":", field("type", $.type)),

    variant_item: ($) =>
      seq(
        optional($._gates),
        "variant",
        field("name", $.identifier),
        field("body", $.variant_body),
      ),

    variant_body: ($) => seq("{", list($.variant_case), "}"),

    variant_case: ($) =>
      seq(
        field("name", $.identifier),
        optional(seq("(", field("type", $.type), ")")),
      ),

    enum_item: ($) =>
      seq(
        optional($._gates),
        "enum",
        field("name", $.identifier),
        field("body", $.enum_body),
      ),

    enum_body: ($) => seq("{", list($.enum_case), "}"),

    enum_case: ($) => field("name", $.identifier),

    flags_item: ($) =>
      seq(
        optional($._gates),
        "flags",
        field("name", $.identifier),
        field("body", $.flags_body),
      ),

    flags_body: ($) => seq("{", list($.flag), "}"),

    flag: ($) => field("name", $.identifier),

    resource_item: ($) =>
      seq(
        optional($._gates),
        "resource",
        field("name", $.identifier),
        choice(";", field("body", $.resource_body)),
      ),

    resource_body: ($) =>
      seq(
        "{",
        repeat(choice($.resource_constructor, $.resource_method)),
        "}",
      ),

    resource_constructor: ($) =>
      seq(
        optional($._gates),
        "constructor",
        field("params", $.param_list),
        optional(seq("->", field("result", $.type))),
        ";",
      ),

    resource_method: ($) =>
      seq(
        optional($._gates),
        field("name", $.identifier),
        ":",
        optional("static"),
        field("type", $.func_type),
        ";",
      ),

    // Types

    type: ($) =>
      choice(
        $.builtin_type,
        $.named_type,
        $.tuple_type,
        $.list_type,
        $.map_type,
        $.option_type,
        $.result_type,
        $.future_type,
        $.stream_type,
        $.own_type,
        $.borrow_type,
      ),

    builtin_type: (_) => choice(...BUILTIN_TYPES),

    named_type: ($) => field("name", $.identifier),

    tuple_type: ($) => seq("tuple", "<", list($.type), ">"),

    list_type: ($) =>
      seq(
        "list",
        "<",
        field("element", $.type),
        optional(seq(",", field("size", $.integer))),
        ">",
      ),

    map_type: ($) =>
      seq("map", "<", field("key", $.type), ",", field("value", $.type), ">"),

    option_type: ($) => seq("option", "<", field("element", $.type), ">"),

    result_type: ($) =>
      seq(
        "result",
        optional(
          seq(
            "<",
            choice(
              seq(
                field("ok", $.type),
                optional(seq(",", field("error", $.type))),
              ),
              seq("_", ",", field("error", $.type)),
            ),
            ">",
          ),
        ),
      ),

    future_type: ($) =>
      seq("future", optional(seq("<", field("element", $.type), ">"))),

    stream_type: ($) =>
      seq("stream", optional(seq("<", field("element", $.type), ">"))),

    own_type: ($) => seq("own", "<", field("resource", $.identifier), ">"),

    borrow_type: ($) =>
      seq("borrow", "<", field("resource", $.identifier), ">"),

    // Tokens. Names, versions and string escapes are lexed wider than they are
    // valid, so that a wrong one is a wrong name and not a hole in the tree.

    identifier: (_) =>
      /([\p{XID_Start}_]|%[\p{XID_Start}_-])[\p{XID_Continue}-]*/,

    integer: (_) => /[0-9]+/,

    version: (_) =>
      /[0-9]+(\.[0-9]+)*(-[0-9A-Za-z_-]*(\.[0-9A-Za-z_-]+)*)?(\+[0-9A-Za-z_-]*(\.[0-9A-Za-z_-]+)*)?/,

    string_literal: ($) =>
      seq(
        '"',
        repeat(choice($.string_content, $.escape_sequence)),
        token.immediate('"'),
      ),

    string_content: (_) => token.immediate(prec(1, /[^"\\\r\n]+/)),

    escape_sequence: (_) =>
      token.immediate(/\\(u\{[^}"\r\n]*\}|[0-9A-Fa-f]{2}|[^\r\n])/),

    line_comment: (_) => token(/\/\/([^\r\n]|\r+[^\r\n])*/),

    doc_comment: (_) => token(prec(1, /\/\/\/([^\r\n]|\r+[^\r\n])*/)),
  },
});
