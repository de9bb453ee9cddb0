/** The processes that a code-server has started, by /proc. */

import { readdirSync, readFileSync } from "node:fs";

interface Process {
  readonly id: number;
  readonly parent: number;
  readonly command: string;
}

/** The processes beneath a process whose command has some words in it. */
export function beneath(root: number, words: string): number[] {
  const all = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? read(Number(name)) : []));
  const found = new Set([root]);
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const one of all) if (found.has(one.parent)) found.add(one.id);
  }
  return all.filter(({ id, command }) => found.has(id) && command.includes(words)).map(({ id }) => id);
}

function read(id: number): Process[] {
  try {
    const status = readFileSync(`/proc/${id}/status`, "utf8");
    const command = readFileSync(`/proc/${id}/cmdline`, "utf8").replaceAll("\0", " ");
    return [{ id, parent: Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]), command }];
  } catch {
    return []; // It has ended meanwhile.
  }
}
