// A processor that writes payloads in capitals, and logs what it does.

import { log } from "dataflare:core/logging@1.0.0";

export const dataProcessor = {
  process(input) {
    if (input.payload.length === 0) {
      return { tag: "skip" };
    }
    log("debug", input.id);
    const payload = input.payload.map((byte) => (byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte));
    return { tag: "success", val: { ...input, payload } };
  },
};
