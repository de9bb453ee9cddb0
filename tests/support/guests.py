"""A component with a resource of its own, for tests of handles."""

GUEST = """(component
  (core module $code
    (import "things" "new" (func $new (param i32) (result i32)))
    (import "things" "number" (func $number (param i32) (result i32)))
    (global $dropped (mut i32) (i32.const 0))
    (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
    (func (export "read") (param i32) (result i32) (local.get 0))
    (func (export "take") (param i32) (result i32) (call $number (local.get 0)))
    (func (export "gone") (param i32) (global.set $dropped (i32.add (global.get $dropped) (local.get 0))))
    (func (export "dropped") (result i32) (global.get $dropped)))
  (core module $late
    (import "" "gone" (func $gone (param i32)))
    (import "" "table" (table 1 funcref))
    (elem (i32.const 0) func $gone))
  (core module $early
    (table (export "table") 1 funcref)
    (func (export "gone") (param i32) (call_indirect (param i32) (local.get 0) (i32.const 0))))
  (core instance $early (instantiate $early))
  (alias core export $early "gone" (core func $destructor))
  (type $thing (resource (rep i32) (dtor (core func $destructor))))
  (core func $new (canon resource.new $thing))
  (core func $number (canon resource.rep $thing))
  (core instance $code (instantiate $code
    (with "things" (instance (export "new" (func $new)) (export "number" (func $number))))))
  (alias core export $code "gone" (core func $gone))
  (alias core export $early "table" (core table $table))
  (core instance (instantiate $late (with "" (instance (export "gone" (func $gone)) (export "table" (table $table))))))
  (alias core export $code "make" (core func $make))
  (alias core export $code "read" (core func $read))
  (alias core export $code "take" (core func $take))
  (alias core export $code "dropped" (core func $dropped))
  (export $exported "thing" (type $thing))
  (func (export "make") (param "number" u32) (result (own $exported)) (canon lift (core func $make)))
  (func (export "read") (param "self" (borrow $exported)) (result u32) (canon lift (core func $read)))
  (func (export "take") (param "self" (own $exported)) (result u32) (canon lift (core func $take)))
  (func (export "dropped") (result u32) (canon lift (core func $dropped))))"""
"""A component with a resource of its own, which counts the numbers of those that were dropped."""
