// What the regular lexer cannot see: block comments, which nest, and where
// half-typed code breaks off. The tokens for the latter have no width; see the
// head of grammar.js for their part in the grammar.

#include "tree_sitter/parser.h"

#include <stdlib.h>
#include <string.h>

enum TokenType {
  BLOCK_COMMENT,
  BLOCK_DOC_COMMENT,
  UNTERMINATED_COMMENT,
  END_OF_STRING,
  // Without width: what is missing.
  CUT,
  NO_NAME,
  NO_COLON,
  NO_LINK,
  NO_FUNC,
  NO_KEYWORD,
  NO_PACKAGE,
  NO_BODY,
  CLOSE,
  COMMA,
  OPEN_LIST,
  OPEN_NAMES,
  OPEN_PARAMS,
  OPEN_INTERFACE,
  OPEN_WORLD,
  OPEN_RESOURCE,
  // Markers: never made.
  NAME_HERE,
  FUNC_HERE,
  INSIDE,
  // Made by the regular lexer.
  IDENTIFIER,
  COLON,
  EQUALS,
  LEFT_BRACE,
  RIGHT_BRACE,
  RIGHT_PAREN,
  GREATER_THAN,
  COMMA_SIGN,
  SEMICOLON,
  PACKAGE,
  INTERFACE,
  WORLD,
  USE,
  IMPORT,
  EXPORT,
  INCLUDE,
  TYPE,
  RECORD,
  VARIANT,
  ENUM,
  FLAGS,
  RESOURCE,
  CONSTRUCTOR,
  ERROR_SENTINEL,
};

// Nothing is missing.
#define NONE ERROR_SENTINEL

static const char *const item_keywords[] = {
    "package", "interface", "world",   "use",  "import", "export",   "include",
    "type",    "record",    "variant", "enum", "flags",  "resource", "constructor",
};

static const char *const func_words[] = {"func", "async", "static"};

static const char *const type_words[] = {
    "u8",   "u16",    "u32",           "u64",    "s8",     "s16",  "s32", "s64",    "f32", "f64",    "char",   "bool",
    "string", "error-context", "borrow", "future", "list", "map", "option", "own", "result", "stream", "tuple",
};

static const char *const other_keywords[] = {"_", "as", "from", "with"};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
  WORD_CAPACITY = 16,
  // How far a decision may read on, in code points. Further away, nothing counts
  // as missing; so what a token costs does not depend on the size of the file.
  HORIZON = 512,
  // So many comments without an end are taken for the rest of their line; the
  // next one, for the rest of the file, which nobody has to read again.
  MAX_UNTERMINATED = 8,
};

typedef struct {
  unsigned char unterminated;
} Scanner;

// The lexer, and how far it may still read.
typedef struct {
  TSLexer *lexer;
  unsigned left;
} Reader;

static int32_t next(const Reader *reader) { return reader->left > 0 ? reader->lexer->lookahead : 0; }

static void advance(Reader *reader) {
  if (reader->left > 0) {
    reader->left--;
    reader->lexer->advance(reader->lexer, false);
  }
}

static bool at_end_of_file(const Reader *reader) { return reader->left > 0 && reader->lexer->eof(reader->lexer); }

static bool is_space(int32_t c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

static bool is_word_start(int32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

static bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }

static bool is_word(int32_t c) { return is_word_start(c) || is_digit(c) || c == '-'; }

// The opening `/` and `*` are behind. False where the end is not to be found.
static bool skip_block_comment(Reader *reader) {
  unsigned depth = 1;
  while (depth > 0) {
    int32_t c = next(reader);
    if (c == 0 && (reader->left == 0 || at_end_of_file(reader))) {
      return false;
    }
    advance(reader);
    if (c == '/' && next(reader) == '*') {
      advance(reader);
      depth++;
    } else if (c == '*' && next(reader) == '/') {
      advance(reader);
      depth--;
    }
  }
  return true;
}

// The `/` is behind; false where it begins no comment. A line's end stays.
static bool skip_comment(Reader *reader) {
  if (next(reader) == '*') {
    advance(reader);
    skip_block_comment(reader);
    return true;
  }
  bool comment = next(reader) == '/';
  while (comment && next(reader) != '\n' && next(reader) != 0) {
    advance(reader);
  }
  return comment;
}

static void skip_trivia(Reader *reader) {
  while (is_space(next(reader)) || next(reader) == '/') {
    bool slash = next(reader) == '/';
    advance(reader);
    if (slash && !skip_comment(reader)) {
      return;
    }
  }
}

// A string, a comment, or one code point.
static void skip_token(Reader *reader) {
  int32_t first = next(reader);
  advance(reader);
  if (first == '/') {
    skip_comment(reader);
  }
  bool string = first == '"';
  while (string && next(reader) != '\n' && next(reader) != 0) {
    int32_t c = next(reader);
    advance(reader);
    if (c == '\\') {
      advance(reader);
    }
    string = c != '"';
  }
}

// A word longer than any keyword is cut short, and so equals none.
static void read_word(Reader *reader, char word[WORD_CAPACITY]) {
  unsigned length = 0;
  while (is_word(next(reader))) {
    if (length < WORD_CAPACITY - 1) {
      word[length++] = next(reader) < 0x80 ? (char)next(reader) : '?';
    }
    advance(reader);
  }
  word[length] = '\0';
}

static bool find(const char *word, const char *const *words, unsigned count, unsigned *index) {
  for (unsigned i = 0; i < count; i++) {
    if (strcmp(word, words[i]) == 0) {
      *index = i;
      return true;
    }
  }
  return false;
}

#define IS_ONE_OF(word, words) find(word, words, COUNT(words), &(unsigned){0})

// What comes next.
typedef enum {
  UNKNOWN,         // or too far away to tell
  END_OF_FILE,
  VERSION,         // `@1`
  ITEM,            // the keyword of an item, in `keyword`
  FUNC_WORD,       // `func`, `async`, `static`
  TYPE_WORD,       // `u32`, `list`, …
  FUNC_SIGNATURE,  // `name: func`, also with `async`, `static`, `get(`, `set(`
  PACKAGE_NAME,    // `name:name` before `;`, `@` or `{`
  NAME_AND_COLON,  // any other `name:`
  NAME,
} Kind;

typedef struct {
  Kind kind;
  enum TokenType keyword;
  bool gated;
  bool new_line;
  bool names_brace;  // `use path.{`
  bool anonymous;    // `interface {`, not `interface name`
} Ahead;

// The word is behind: is it `get(` or `set(`?
static bool is_accessor(Reader *reader, const char *word) {
  if (strcmp(word, "get") != 0 && strcmp(word, "set") != 0) {
    return false;
  }
  skip_trivia(reader);
  return next(reader) == '(';
}

// The name is behind: is it `name: func`?
static Kind after_name(Reader *reader) {
  skip_trivia(reader);
  if (next(reader) != ':') {
    return reader->left > 0 ? NAME : UNKNOWN;
  }
  advance(reader);
  skip_trivia(reader);
  char word[WORD_CAPACITY];
  read_word(reader, word);
  if (IS_ONE_OF(word, func_words)) {
    return FUNC_SIGNATURE;
  }
  if (is_accessor(reader, word)) {
    return FUNC_SIGNATURE;
  }
  if (!IS_ONE_OF(word, type_words) && (next(reader) == ';' || next(reader) == '@' || next(reader) == '{')) {
    return PACKAGE_NAME;
  }
  return reader->left > 0 ? NAME_AND_COLON : UNKNOWN;
}

// Past the gates `@since(…) @unstable(…)`, or past an `@` that begins none.
static void skip_gates(Reader *reader) {
  while (next(reader) == '@') {
    advance(reader);
    if (!is_word_start(next(reader))) {
      return;
    }
    while (is_word(next(reader))) {
      advance(reader);
    }
    skip_trivia(reader);
    if (next(reader) == '(') {
      while (next(reader) != ')' && next(reader) != '\n' && next(reader) != 0) {
        skip_token(reader);
      }
      if (next(reader) == ')') {
        advance(reader);
      }
    }
    skip_trivia(reader);
  }
}

static void look_past_keyword(Reader *reader, Ahead *ahead);

// Reads from a place that is no white space.
static Ahead look_ahead(Reader *reader) {
  Ahead ahead = {UNKNOWN, NONE, false, false, false, false};
  ahead.gated = next(reader) == '@';
  skip_gates(reader);
  if (is_digit(next(reader))) {
    ahead.kind = ahead.gated ? VERSION : UNKNOWN;
    return ahead;
  }
  if (at_end_of_file(reader)) {
    ahead.kind = END_OF_FILE;
    return ahead;
  }
  char word[WORD_CAPACITY] = "";
  unsigned index;
  if (next(reader) == '%') {
    advance(reader);
    read_word(reader, word);
    ahead.kind = after_name(reader);
  } else if (is_word_start(next(reader))) {
    read_word(reader, word);
    if (find(word, item_keywords, COUNT(item_keywords), &index)) {
      ahead.kind = ITEM;
      ahead.keyword = (enum TokenType)(PACKAGE + (int)index);
      look_past_keyword(reader, &ahead);
    } else if (IS_ONE_OF(word, func_words)) {
      ahead.kind = FUNC_WORD;
    } else if (IS_ONE_OF(word, type_words)) {
      ahead.kind = TYPE_WORD;
    } else if (is_accessor(reader, word)) {
      ahead.kind = FUNC_WORD;
    } else if (!IS_ONE_OF(word, other_keywords)) {
      ahead.kind = after_name(reader);
    }
  }
  return ahead;
}

static void look_past_keyword(Reader *reader, Ahead *ahead) {
  if (ahead->keyword == INTERFACE) {
    skip_trivia(reader);
    ahead->anonymous = next(reader) == '@' || look_ahead(reader).kind != NAME;
  } else if (ahead->keyword == USE) {
    skip_trivia(reader);
    while (is_word(next(reader)) || next(reader) == '.' || next(reader) == ':' || next(reader) == '@' ||
           next(reader) == '%' || next(reader) == '+') {
      advance(reader);
      skip_trivia(reader);  // a `/` with them
    }
    ahead->names_brace = next(reader) == '{';
  }
}

// The token that says "what was begun ends here".
static enum TokenType ending(const bool *valid) { return valid[CUT] ? CUT : valid[CLOSE] ? CLOSE : NONE; }

// Is the next thing at home only in a body, whose brace is missing then?
static enum TokenType missing_brace(const Ahead *ahead, const bool *valid) {
  bool definition = ahead->keyword >= TYPE && ahead->keyword <= RESOURCE;
  bool world_member = ahead->keyword >= IMPORT && ahead->keyword <= INCLUDE;
  bool member = definition || ahead->names_brace || ahead->kind == FUNC_SIGNATURE;
  if (valid[OPEN_INTERFACE] && member) {
    return OPEN_INTERFACE;
  }
  if (valid[OPEN_WORLD] && (member || world_member)) {
    return OPEN_WORLD;
  }
  return valid[OPEN_RESOURCE] && ahead->keyword == CONSTRUCTOR ? OPEN_RESOURCE : NONE;
}

static enum TokenType missing_before_item(const Ahead *ahead, const bool *valid) {
  bool anonymous = ahead->keyword == INTERFACE && ahead->anonymous;
  if (anonymous && valid[NO_COLON]) {
    return NO_COLON;
  }
  if (valid[NO_BODY] && (ahead->keyword >= IMPORT || ahead->names_brace)) {
    return NO_BODY;
  }
  // After `name:` an interface is at home only without a name of its own.
  bool stranger = ahead->keyword == INTERFACE && !ahead->gated && !anonymous && valid[NO_FUNC];
  return valid[ahead->keyword] && !stranger ? NONE : ending(valid);
}

static enum TokenType missing_before_signature(const Ahead *ahead, const bool *valid) {
  if (valid[NO_BODY]) {
    return NO_BODY;
  }
  if (valid[FUNC_HERE]) {
    return NONE;
  }
  if (valid[NO_KEYWORD]) {
    return ahead->gated ? NONE : NO_KEYWORD;
  }
  return ending(valid);
}

static enum TokenType missing_before_name_and_colon(const Ahead *ahead, const bool *valid) {
  if (valid[NAME_HERE] || valid[FUNC_HERE] || ahead->gated) {
    return NONE;
  }
  if (valid[NO_KEYWORD]) {
    return NO_KEYWORD;
  }
  if (valid[NO_PACKAGE]) {
    return ahead->kind == PACKAGE_NAME ? NO_PACKAGE : NONE;
  }
  if (valid[OPEN_PARAMS] && !ahead->new_line) {
    return OPEN_PARAMS;
  }
  return valid[OPEN_LIST] ? OPEN_LIST : valid[COMMA] ? COMMA : ending(valid);
}

static enum TokenType missing_before_name(const Ahead *ahead, const bool *valid) {
  if (valid[IDENTIFIER] || valid[NAME_HERE] || ahead->gated) {
    return NONE;
  }
  if (valid[OPEN_LIST]) {
    return OPEN_LIST;
  }
  if (valid[COMMA]) {
    return COMMA;
  }
  if (ahead->new_line) {
    return valid[CUT] ? CUT : NONE;
  }
  return valid[OPEN_NAMES] ? OPEN_NAMES : valid[NO_FUNC] ? NO_FUNC : NONE;
}

static enum TokenType missing_before(const Ahead *ahead, const bool *valid) {
  enum TokenType brace = missing_brace(ahead, valid);
  if (brace != NONE) {
    return brace;
  }
  switch (ahead->kind) {
    case END_OF_FILE:
      return ahead->gated ? (valid[CUT] ? CUT : NONE) : ending(valid);
    case VERSION:
      return valid[NO_NAME] && valid[IDENTIFIER] ? NO_NAME : NONE;
    case ITEM:
      return missing_before_item(ahead, valid);
    case FUNC_WORD:
      return valid[NO_COLON] && !ahead->gated ? NO_COLON : NONE;
    case TYPE_WORD:
      return valid[NO_FUNC] && !ahead->gated && !ahead->new_line ? NO_FUNC : NONE;
    case FUNC_SIGNATURE:
      return missing_before_signature(ahead, valid);
    case PACKAGE_NAME:
    case NAME_AND_COLON:
      return missing_before_name_and_colon(ahead, valid);
    case NAME:
      return missing_before_name(ahead, valid);
    default:
      return NONE;
  }
}

static enum TokenType sign_token(int32_t sign) {
  switch (sign) {
    case ':':
      return COLON;
    case '=':
      return EQUALS;
    case '{':
      return LEFT_BRACE;
    case '}':
      return RIGHT_BRACE;
    case ')':
      return RIGHT_PAREN;
    case '>':
      return GREATER_THAN;
    case ',':
      return COMMA_SIGN;
    case ';':
      return SEMICOLON;
    default:
      return NONE;
  }
}

static enum TokenType missing_before_sign(int32_t sign, const bool *valid) {
  if (sign == '(') {
    return valid[NO_FUNC] ? NO_FUNC : NONE;
  }
  enum TokenType token = sign_token(sign);
  if (token == NONE || valid[token]) {
    return NONE;
  }
  switch (token) {
    case COLON:
    case EQUALS:
      return valid[NO_NAME] ? NO_NAME : NONE;
    case LEFT_BRACE:
      return valid[NO_LINK] ? NO_LINK : valid[NO_NAME] ? NO_NAME : NONE;
    case RIGHT_BRACE:
      return valid[NO_BODY] ? NO_BODY : valid[CUT] ? CUT : NONE;
    case SEMICOLON:
      return valid[CUT] ? CUT : valid[COMMA] ? COMMA : NONE;
    default:
      if (token == RIGHT_PAREN && valid[OPEN_PARAMS]) {
        return OPEN_PARAMS;
      }
      return valid[CUT] && valid[INSIDE] ? CUT : NONE;
  }
}

static bool make(TSLexer *lexer, enum TokenType token) {
  lexer->result_symbol = token;
  return token != NONE;
}

// From the opening `/` on.
static bool scan_comment(Scanner *scanner, TSLexer *lexer) {
  lexer->advance(lexer, false);
  if (lexer->lookahead != '*') {
    return false;
  }
  lexer->advance(lexer, false);
  bool doc = lexer->lookahead == '*';
  bool line_ended = false;
  unsigned depth = 1;
  for (unsigned length = 0; depth > 0; length++) {
    if (lexer->eof(lexer)) {
      if (!line_ended || scanner->unterminated >= MAX_UNTERMINATED) {
        lexer->mark_end(lexer);
      }
      if (scanner->unterminated < MAX_UNTERMINATED) {
        scanner->unterminated++;
      }
      return make(lexer, UNTERMINATED_COMMENT);
    }
    int32_t c = lexer->lookahead;
    if (c == '\n' && !line_ended) {
      line_ended = true;
      lexer->mark_end(lexer);
    }
    lexer->advance(lexer, false);
    if (c == '/' && lexer->lookahead == '*') {
      lexer->advance(lexer, false);
      depth++;
    } else if (c == '*' && lexer->lookahead == '/') {
      lexer->advance(lexer, false);
      depth--;
      doc = doc && length > 0;
    }
  }
  lexer->mark_end(lexer);
  return make(lexer, doc ? BLOCK_DOC_COMMENT : BLOCK_COMMENT);
}

void *tree_sitter_wit_external_scanner_create(void) { return calloc(1, sizeof(Scanner)); }

void tree_sitter_wit_external_scanner_destroy(void *payload) { free(payload); }

unsigned tree_sitter_wit_external_scanner_serialize(void *payload, char *buffer) {
  const Scanner *scanner = payload;
  if (scanner->unterminated == 0) {
    return 0;
  }
  buffer[0] = (char)scanner->unterminated;
  return 1;
}

void tree_sitter_wit_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  Scanner *scanner = payload;
  scanner->unterminated = length > 0 ? (unsigned char)buffer[0] : 0;
}

bool tree_sitter_wit_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  lexer->mark_end(lexer);
  bool recovering = valid[ERROR_SENTINEL];  // from an error: the parser accepts everything
  if (valid[END_OF_STRING] && !recovering) {
    int32_t c = lexer->lookahead;
    return (c == '\n' || c == '\r' || lexer->eof(lexer)) && make(lexer, END_OF_STRING);
  }
  bool new_line = false;
  while (is_space(lexer->lookahead)) {
    new_line = new_line || lexer->lookahead == '\n';
    lexer->advance(lexer, true);
  }
  if (lexer->lookahead == '/') {
    return scan_comment(payload, lexer);
  }
  if (recovering) {
    return false;
  }
  enum TokenType token = missing_before_sign(lexer->lookahead, valid);
  if (token == NONE && (ending(valid) != NONE || valid[NO_BODY])) {
    Reader reader = {lexer, HORIZON};
    Ahead ahead = look_ahead(&reader);
    ahead.new_line = new_line;
    token = missing_before(&ahead, valid);
  }
  return make(lexer, token);
}
