"""A file with twenty independent mistakes has twenty diagnostics, each where the mistake is, none an echo."""

from support.screens import assert_judged


def test_twenty_independent_mistakes() -> None:
    assert_judged("""
        package corp:shop@1.0.0;

        interface types {
            record price {
                amount: u64,
                currency: strng,
                        # ^^^^^ error[unresolved-name]: no type `strng` in interface `types` -- did you mean `string`?
                amount: u32,
              # ^^^^^^ error[duplicate-field]: field `amount` is already defined in `price`
            }

            type %list = list<price;
                                 # ^ error[expected-token]: expected `>` to close `list<`, found `;`

            enum state { open, closedNow, shut }
                             # ^^^^^^^^^ error[invalid-identifier]: `closedNow` is not kebab-case -- write `closed-now`: names are words of one case joined by `-`

            flags rights { read, write, read }
                                      # ^^^^ error[duplicate-field]: flag `read` is already defined in `rights`

            variant event {
                opened,
                moved(u32
            }
          # ^ error[expected-token]: expected `)` after the payload of case `moved`, found `}`

            resource cart {
                constructor() -> string;
                               # ^^^^^^ error[invalid-constructor]: the constructor of `cart` can return only a `result` of it -- write `result<cart>` or `result<cart, error>`, or leave it out
                add: func(item: price);
                add: func(item: price, count: u32);
              # ^^^ error[duplicate-name]: `add` is already defined in resource `cart`
                view: func() -> borrow<cart>;
              # ^^^^ error[borrowed-result]: `view` returns a borrowed handle, which cannot outlive the call -- return an owned handle instead
            }

            type loop = option<loop>;
                             # ^^^^ error[cyclic-type]: type `loop` contains itself -- WIT values are finite: refer to it by a resource handle or an index

            lookup: func(key: map<price, u8>) -> price;
                                # ^^^^^ error[invalid-map-key]: `price` cannot be the key of a map -- a key is bool, char, string or an integer type, written out
            count: func(of: borrow<price>) -> u32
                                 # ^^^^^ error[not-a-resource]: `borrow<price>` needs a resource, and `price` is a record
            total: func(items: list<price>) -> u64;
          # ^^^^^ error[expected-token]: expected `;` after function `count`, found `total`

            @since(version = 2.0.0)
            later: func();
          # ^^^^^ error[future-gate]: `@since(version = 2.0.0)` is later than this package's version, 1.0.0

            get-item: fun(id: u64) -> price;
                    # ^^^ error[expected-token]: expected `func` after `get-item:`, found `fun` -- did you mean `func`?
        }

        interface api {
            use types.{price, prise};
                            # ^^^^^ error[unresolved-name]: no type `prise` in interface `types` -- did you mean `price`?
            use type.{state};
              # ^^^^ error[keyword-as-name]: expected the name of an interface, found the keyword `type` -- a name like this is written `%type`
            sell: func(what: price, to: string) -> result<_, eror>;
                                                           # ^^^^ error[unresolved-name]: no type `eror` in interface `api`
        }

        world shop {
            import api;
            import api;
                 # ^^^ error[duplicate-name]: interface `api` is imported already
            export run: func() -> (a: u32);
                                # ^ error[expected-type]: expected one type as the result of `run`, found `(` -- return several values as a `tuple<…>` or a record
        }
    """)
