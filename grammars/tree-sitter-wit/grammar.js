/**
 * @file A grammar for WIT, the WebAssembly Interface Type language.
 * @license Apache-2.0
 */

/// <reference types="tree-sitter-cli/dsl" />

// How this grammar survives half-typed code
//
// Wherever an item may break off, the grammar accepts `_cut`: a token without
// width that the external scanner makes when the next thing can only belong to
// something else (the keyword of another item, `name: func`, a closing brace, the
// end of the file). What was being written ends there, keeps what it has, and
// shows an `incomplete` node; its neighbours never notice. Other such tokens
// stand for a forgotten name, brace or comma.
//
// The scanner sees which tokens the present state accepts. Three markers, which
// it never makes, tell it more: `_name_here` (a word, or `word:`, is at home),
// `_func_here` (a function is), `_inside` (brackets are open).

const ITEM_KEYWORDS = [
  "package",
  "interface",
  "world",
  "use",
  "import",
  "export",
  "include",
  "type",
  "record",
  "variant",
  "enum",
  "flags",
  "resource",
  "constructor",
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

const TYPE_CONSTRUCTORS = [
  "borrow",
  "future",
  "list",
  "map",
  "option",
  "own",
  "result",
  "stream",
  "tuple",
];

// Words that cannot be bare names. Reserving them also where they are not
// expected keeps a half-typed item from taking the first word of the next one
// as its own name. (`from` is reserved as well, but has no place in any rule.)
const KEYWORDS = [
  ...ITEM_KEYWORDS,
  ...BUILTIN_TYPES,
  ...TYPE_CONSTRUCTORS,
  "as",
  "async",
  "func",
  "static",
  "with",
  "_",
];

// What begins no item. Between items each of these is an item of its own, which
// keeps junk away from the parser's error recovery: that might take back items
// that are well and done.
const STRAY = [
  ...BUILTIN_TYPES,
  ...TYPE_CONSTRUCTORS,
  ...["_", "as", "async", "func", "static", "with"],
  ...["(", ")", "<", ">", ",", ";", ".", "/", "=", "->"],
];

const incomplete = ($, token) => alias(token, $.incomplete);

const cut = ($) => incomplete($, $._cut);

const cutInside = ($) => choice(cut($), $._inside);

// The parts in their order, of which the last ones may be missing.
const upTo = (gap, first, ...rest) =>
  rest.length === 0 ? first : seq(first, choice(gap, upTo(gap, ...rest)));

const gated = ($, ...parts) => seq(optional($._gates), ...parts);

const end = ($) => choice(";", cut($));

// A name that is there, or forgotten, or not yet written.
const noName = ($) => incomplete($, $._no_name);

const definedName = ($) =>
  choice(field("name", $.identifier), noName($), cut($));

const colon = ($) => choice(":", incomplete($, $._no_colon));

// A word or sign that is forgotten before a bracket.
const beforeBracket = ($, token) =>
  choice(token, incomplete($, $._no_link));

const definition = ($, keyword, body) =>
  gated($, keyword, definedName($), choice(cut($), field("body", body)));

const opening = ($, token) => choice("{", incomplete($, token));

const closing = ($) => choice("}", incomplete($, $._close));

const separator = ($) =>
  choice(",", seq(incomplete($, $._comma), optional(";")));

// Elements between brackets, with an optional comma at the end.
const elements = ($, element) =>
  optional(
    seq(
      element,
      repeat(seq(separator($), element)),
      optional(choice(",", seq(incomplete($, $._comma), ";"))),
    ),
  );

const braced = ($, open, element) =>
  seq(open, elements($, element), closing($));

const body = ($, open, ...items) =>
  seq(open, repeat(choice(...items)), closing($));

const unknown = ($, ...parts) =>
  choice(
    gated($, choice(...parts)),
    seq($._gates, choice(cut($), $._func_here)),
  );

// What follows the first word of an item whose keyword is missing or mistyped.
const unknownRest = ($) =>
  choice(
    $.unknown_body,
    seq(choice(".", "with", $.identifier), choice($.unknown_body, cut($))),
  );

const version = ($) =>
  optional(seq("@", choice(cut($), field("version", $.version))));

const asName = ($) =>
  optional(seq("as", choice(cut($), field("alias", $.identifier))));

// The path is flat, so that in `import a: b/c` the parser need not decide what
// `a` is before it has seen the `/`.
const usePath = ($, first) =>
  choice(
    field("name", first),
    seq(
      field("namespace", first),
      ":",
      upTo(cut($), choice(field("package", $.identifier), cut($)), pathEnd($)),
    ),
    $._name_here,
  );

const pathEnd = ($) =>
  seq(
    "/",
    choice(
      cut($),
      seq(choice(field("name", $.identifier), noName($)), version($)),
    ),
  );

const signature = ($) =>
  seq(
    field("params", $.param_list),
    optional(seq("->", choice(cutInside($), field("result", $._type)))),
  );

const bracketed = ($, ...parts) =>
  seq("<", ...parts, choice(">", cutInside($)));

const applied = ($, constructor, ...parts) =>
  seq(constructor, choice(cutInside($), bracketed($, ...parts)));

const argument = ($, name) => choice(cutInside($), field(name, $._type));

const argumentComma = ($) => choice(",", cutInside($));

const resource = ($) =>
  choice(cutInside($), field("resource", $.identifier));

const gate = ($, name, argument) =>
  seq(
    "@",
    name,
    choice(
      cut($),
      seq(
        "(",
        choice(argument, cutInside($), $._name_here),
        choice(")", cut($)),
      ),
    ),
  );

const argumentOf = ($, key, name, value) =>
  upTo(cutInside($), key, "=", field(name, value));

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
    $.unterminated_comment,
  ],

  // In the order of `enum TokenType` in src/scanner.c.
  externals: ($) => [
    $.block_comment,
    $.block_doc_comment,
    $.unterminated_comment,
    $._end_of_string,
    $._cut,
    $._no_name,
    $._no_colon,
    $._no_link,
    $._no_func,
    $._no_keyword,
    $._no_package,
    $._no_body,
    $._close,
    $._comma,
    $._open_list,
    $._open_names,
    $._open_params,
    $._open_interface,
    $._open_world,
    $._open_resource,
    $._name_here,
    $._func_here,
    $._inside,
    // The regular lexer makes the rest; the scanner wants to see whether they are
    // expected.
    $.identifier,
    ":",
    "=",
    "{",
    "}",
    ")",
    ">",
    ",",
    ";",
    ...ITEM_KEYWORDS,
    $._error_sentinel,
  ],

  rules: {
    source_file: ($) =>
      repeat(
        choice(
          $.package_declaration,
          $._toplevel_item,
          // Left over where a body was closed too early, or lost its head.
          seq(
            incomplete($, $._no_body),
            choice(
              $.import_item,
              $.export_item,
              $.include_item,
              $.use_item,
              $.func_item,
              $._type_definition,
              "}",
            ),
          ),
        ),
      ),

    // Packages

    package_declaration: ($) =>
      gated(
        $,
        choice("package", incomplete($, $._no_package)),
        choice(cut($), field("name", $.package_name)),
        end($),
      ),

    nested_package: ($) =>
      gated(
        $,
        choice("package", incomplete($, $._no_package)),
        choice(field("name", $.package_name), noName($)),
        field("body", $.package_body),
      ),

    package_body: ($) => seq("{", repeat($._toplevel_item), "}"),

    package_name: ($) =>
      choice(
        upTo(
          choice(cut($), noName($)),
          choice(field("namespace", $.identifier), noName($)),
          seq(
            ":",
            choice(
              cut($),
              seq(
                choice(field("name", $.identifier), noName($)),
                optional(
                  seq(
                    "@",
                    choice(field("version", $.version), cut($), noName($)),
                  ),
                ),
              ),
            ),
          ),
        ),
        $._name_here,
      ),

    _toplevel_item: ($) =>
      choice(
        $.nested_package,
        $.toplevel_use_item,
        $.interface_item,
        $.world_item,
        $.unknown_item,
      ),

    // What belongs to no item: a word or sign on its own, the head of an item
    // without its keyword, gates before nothing.
    unknown_item: ($) =>
      unknown($, $.identifier, "{", ":", ...STRAY, $.string_literal),

    _unknown_in_interface: ($) =>
      unknown(
        $,
        seq($.identifier, unknownRest($)),
        $.unknown_body,
        ...STRAY,
        $.string_literal,
      ),

    _unknown_in_world: ($) =>
      unknown(
        $,
        $.identifier,
        $.unknown_body,
        ":",
        ...STRAY,
        $.string_literal,
      ),

    _unknown_in_resource: ($) =>
      unknown($, $.unknown_body, ...STRAY, $.string_literal),

    unknown_body: ($) =>
      seq(
        "{",
        repeat(
          choice(
            $.identifier,
            $.version,
            $.string_literal,
            "@",
            ":",
            "constructor",
            ...STRAY,
            $._func_here,
          ),
        ),
        closing($),
      ),

    toplevel_use_item: ($) =>
      gated(
        $,
        "use",
        choice(cut($), seq(field("path", $.use_path), asName($))),
        end($),
      ),

    use_path: ($) => usePath($, $.identifier),

    // In the tree these two are `use_path` as well. Were they hidden rules, their
    // fields would show through in the item that they are in.

    // What stands before the `/` may still become `name: path`.
    extern_path: ($) =>
      choice(
        field("name", $.identifier),
        seq(
          field("namespace", $.identifier),
          ":",
          field("package", $.identifier),
          pathEnd($),
        ),
        $._name_here,
      ),

    // `get` and `set` are words of their own only before a parenthesis, so they
    // may be the path in `import x: get;`.
    path_after_colon: ($) =>
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
        $.unknown_gate,
      ),

    since_gate: ($) =>
      gate($, "since", argumentOf($, "version", "version", $.version)),

    deprecated_gate: ($) =>
      gate($, "deprecated", argumentOf($, "version", "version", $.version)),

    unstable_gate: ($) =>
      gate($, "unstable", argumentOf($, "feature", "feature", $.identifier)),

    external_id: ($) =>
      gate($, "external-id", field("value", $.string_literal)),

    unknown_gate: ($) =>
      prec.right(
        seq(
          "@",
          choice(
            cut($),
            seq(
              field("name", $.identifier),
              optional(
                seq(
                  "(",
                  repeat(
                    choice(
                      $.identifier,
                      "=",
                      ",",
                      $.version,
                      $.string_literal,
                    ),
                  ),
                  choice(")", cut($)),
                ),
              ),
            ),
          ),
        ),
      ),

    // Worlds

    world_item: ($) => definition($, "world", $.world_body),

    world_body: ($) =>
      body(
        $,
        opening($, $._open_world),
        $.import_item,
        $.export_item,
        $.include_item,
        $.use_item,
        $._type_definition,
        alias($._unknown_in_world, $.unknown_item),
      ),

    import_item: ($) =>
      gated(
        $,
        choice("import", incomplete($, $._no_keyword)),
        $._extern,
      ),

    export_item: ($) => gated($, "export", $._extern),

    _extern: ($) =>
      choice(
        $._func_here,
        seq(
          choice(cut($), field("path", alias($.extern_path, $.use_path))),
          end($),
        ),
        seq(
          choice(
            seq(field("name", $.identifier), colon($)),
            seq(noName($), ":"),
          ),
          choice(
            seq(
              choice(
                cut($),
                field("type", $.func_type),
                field("path", alias($.path_after_colon, $.use_path)),
              ),
              end($),
            ),
            field("type", $.inline_interface),
          ),
        ),
      ),

    inline_interface: ($) =>
      seq(
        beforeBracket($, "interface"),
        choice(cut($), field("body", $.interface_body)),
      ),

    include_item: ($) =>
      gated(
        $,
        "include",
        choice(
          seq(choice(cut($), field("path", $.use_path)), end($)),
          seq(
            field("path", $.use_path),
            beforeBracket($, "with"),
            choice(cut($), field("names", $.include_names)),
          ),
        ),
      ),

    include_names: ($) => braced($, opening($, $._open_names), $.include_name),

    include_name: ($) =>
      upTo(
        cut($),
        field("name", $.identifier),
        "as",
        field("alias", $.identifier),
      ),

    // Interfaces

    interface_item: ($) => definition($, "interface", $.interface_body),

    interface_body: ($) =>
      body(
        $,
        opening($, $._open_interface),
        $.use_item,
        $.func_item,
        $._type_definition,
        alias($._unknown_in_interface, $.unknown_item),
        $._func_here,
      ),

    use_item: ($) =>
      gated(
        $,
        "use",
        choice(
          cut($),
          upTo(
            cut($),
            field("path", $.use_path),
            beforeBracket($, "."),
            field("names", $.use_names),
          ),
        ),
        end($),
      ),

    use_names: ($) => braced($, opening($, $._open_names), $.use_name),

    use_name: ($) => seq(field("name", $.identifier), asName($)),

    func_item: ($) =>
      gated(
        $,
        upTo(
          cut($),
          choice(field("name", $.identifier), noName($)),
          colon($),
          field("type", $.func_type),
        ),
        end($),
      ),

    func_type: ($) =>
      choice(
        upTo(cut($), "async", "func", signature($)),
        upTo(cut($), "func", signature($)),
        seq(incomplete($, $._no_func), choice(signature($), $._type)),
        seq(field("accessor", choice("get", "set")), signature($)),
      ),

    param_list: ($) =>
      seq(
        choice("(", incomplete($, $._open_params)),
        elements($, $.param),
        choice(")", cutInside($)),
      ),

    param: ($) =>
      choice(
        upTo(
          cutInside($),
          field("name", $.identifier),
          ":",
          field("type", $._type),
        ),
        $._name_here,
      ),

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
      gated(
        $,
        "type",
        definedName($),
        choice(cut($), seq("=", choice(cut($), field("type", $._type)))),
        end($),
      ),

    record_item: ($) => definition($, "record", $.record_body),

    record_body: ($) =>
      braced($, opening($, $._open_list), $.record_field),

    record_field: ($) =>
      choice(
        upTo(
          cutInside($),
          field("name", $.identifier),
          ":",
          field("type", $._type),
        ),
        $._name_here,
      ),

    variant_item: ($) => definition($, "variant", $.variant_body),

    variant_body: ($) =>
      braced($, opening($, $._open_list), $.variant_case),

    variant_case: ($) =>
      seq(
        field("name", $.identifier),
        optional(
          seq(
            "(",
            choice(cutInside($), field("type", $._type)),
            choice(")", cutInside($)),
          ),
        ),
      ),

    enum_item: ($) => definition($, "enum", $.enum_body),

    enum_body: ($) => braced($, opening($, $._open_list), $.enum_case),

    enum_case: ($) => field("name", $.identifier),

    flags_item: ($) => definition($, "flags", $.flags_body),

    flags_body: ($) => braced($, opening($, $._open_list), $.flag),

    flag: ($) => field("name", $.identifier),

    resource_item: ($) =>
      gated(
        $,
        "resource",
        definedName($),
        choice(end($), field("body", $.resource_body)),
      ),

    resource_body: ($) =>
      body(
        $,
        opening($, $._open_resource),
        $.resource_constructor,
        $.resource_method,
        alias($._unknown_in_resource, $.unknown_item),
        $._func_here,
      ),

    resource_constructor: ($) =>
      gated($, "constructor", choice(cut($), signature($)), end($)),

    resource_method: ($) =>
      gated(
        $,
        upTo(
          cut($),
          choice(field("name", $.identifier), noName($)),
          colon($),
          choice(
            seq("static", choice(cut($), field("type", $.func_type))),
            field("type", $.func_type),
          ),
        ),
        end($),
      ),

    // Types

    _type: ($) =>
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

    tuple_type: ($) =>
      applied(
        $,
        "tuple",
        optional(
          seq(
            field("element", $._type),
            repeat(seq(",", field("element", $._type))),
            optional(","),
          ),
        ),
      ),

    list_type: ($) =>
      applied(
        $,
        "list",
        argument($, "element"),
        optional(seq(",", choice(cutInside($), field("size", $.integer)))),
      ),

    map_type: ($) =>
      applied(
        $,
        "map",
        argument($, "key"),
        argumentComma($),
        argument($, "value"),
      ),

    option_type: ($) => applied($, "option", argument($, "element")),

    result_type: ($) =>
      seq(
        "result",
        optional(
          bracketed(
            $,
            choice(
              seq(
                argument($, "ok"),
                optional(seq(",", argument($, "error"))),
              ),
              seq("_", argumentComma($), argument($, "error")),
            ),
          ),
        ),
      ),

    future_type: ($) =>
      seq("future", optional(bracketed($, argument($, "element")))),

    stream_type: ($) =>
      seq("stream", optional(bracketed($, argument($, "element")))),

    own_type: ($) => applied($, "own", resource($)),

    borrow_type: ($) => applied($, "borrow", resource($)),

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
        choice(token.immediate('"'), incomplete($, $._end_of_string)),
      ),

    string_content: (_) => token.immediate(prec(1, /[^"\\\r\n]+/)),

    escape_sequence: (_) =>
      token.immediate(/\\(u\{[^}"\r\n]*\}|[0-9A-Fa-f]{2}|[^\r\n])/),

    line_comment: (_) =>
      token(/\/\/(([^\/\r\n]|\r+[^\r\n])([^\r\n]|\r+[^\r\n])*)?/),

    doc_comment: ($) => seq("///", field("content", $.doc_content)),

    // The line's end belongs to the content: Markdown is made of lines.
    doc_content: (_) => token.immediate(prec(1, /[^\n]*\n?/)),
  },
});
