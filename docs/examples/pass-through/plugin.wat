;; A processor by hand: it counts the record, and gives it back. Compilers write all of this for you.
(component
  (import "dataflare:core/metrics@1.0.0" (instance $metrics
    (export "increment-counter" (func (param "name" string) (param "value" u64)))))

  (import "dataflare:core/types@1.0.0" (instance $types
    (type $bytes (list u8))
    (type $pair (tuple string string))
    (type $pairs (list $pair))
    (type $record (record
      (field "id" string)
      (field "timestamp" u64)
      (field "payload" $bytes)
      (field "metadata" $pairs)))
    (export "data-record" (type (eq $record)))))
  (alias export $types "data-record" (type $data-record))
  (type $processing-result (variant
    (case "success" $data-record)
    (case "error" string)
    (case "skip")))

  ;; Memory, and a way to take more of it: what a call takes is given back at its end.
  (core module $heap
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (data (i32.const 16) "records")
    (func (export "realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
      (global.set $next (i32.add (local.get $at) (local.get $new)))
      (if (i32.gt_u (global.get $next) (i32.mul (memory.size) (i32.const 65536))) (then
        (if (i32.eq (memory.grow (i32.add (i32.div_u (local.get $new) (i32.const 65536)) (i32.const 1))) (i32.const -1))
          (then unreachable))))
      (local.get $at))
    (func (export "free-all") (param i32) (global.set $next (i32.const 1024))))
  (core instance $heap (instantiate $heap))

  (alias export $metrics "increment-counter" (func $increment-counter))
  (core func $increment-counter (canon lower (func $increment-counter) (memory (core memory $heap "memory"))))

  (core module $main
    (import "heap" "memory" (memory 1))
    (import "metrics" "increment-counter" (func $increment-counter (param i32 i32 i64)))
    ;; The result is a variant, whose first case holds the record at the eighth byte.
    (func (export "process") (param $id i32) (param $id-size i32) (param $timestamp i64)
      (param $payload i32) (param $payload-size i32) (param $metadata i32) (param $metadata-size i32) (result i32)
      (call $increment-counter (i32.const 16) (i32.const 7) (i64.const 1))
      (i32.store8 (i32.const 64) (i32.const 0))
      (i32.store (i32.const 72) (local.get $id))
      (i32.store (i32.const 76) (local.get $id-size))
      (i64.store (i32.const 80) (local.get $timestamp))
      (i32.store (i32.const 88) (local.get $payload))
      (i32.store (i32.const 92) (local.get $payload-size))
      (i32.store (i32.const 96) (local.get $metadata))
      (i32.store (i32.const 100) (local.get $metadata-size))
      (i32.const 64)))
  (core instance $main (instantiate $main
    (with "heap" (instance $heap))
    (with "metrics" (instance (export "increment-counter" (func $increment-counter))))))

  (type $process (func (param "input" $data-record) (result $processing-result)))
  (func $process (type $process) (canon lift (core func $main "process")
    (memory (core memory $heap "memory")) (realloc (core func $heap "realloc")) (post-return (core func $heap "free-all"))))

  ;; An interface is exported with its types; this gives them their names.
  (component $interface
    (type $bytes (list u8))
    (type $pair (tuple string string))
    (type $pairs (list $pair))
    (type $record (record
      (field "id" string)
      (field "timestamp" u64)
      (field "payload" $bytes)
      (field "metadata" $pairs)))
    (import "data-record" (type $data-record (eq $record)))
    (type $result (variant (case "success" $data-record) (case "error" string) (case "skip")))
    (import "processing-result" (type $processing-result (eq $result)))
    (import "process" (func $process (param "input" $data-record) (result $processing-result)))

    (export $named-record "data-record" (type $data-record))
    (type $named-variant (variant (case "success" $named-record) (case "error" string) (case "skip")))
    (export $named-result "processing-result" (type $named-variant))
    (export "process" (func $process) (func (param "input" $named-record) (result $named-result))))
  (instance $interface (instantiate $interface
    (with "data-record" (type $data-record))
    (with "processing-result" (type $processing-result))
    (with "process" (func $process))))
  (export "dataflare:core/data-processor@1.0.0" (instance $interface)))
