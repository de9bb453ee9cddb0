/** Which servers this extension works with. */

/** The oldest server that has all that is asked of it. */
export const MINIMUM = "0.1.0";

/** What is wrong with the server's version, or undefined where nothing is. */
export function versionProblem(version: string | undefined): string | undefined {
  if (version === undefined || numbers(version) === undefined) {
    return `The language server does not say which version it is; ${MINIMUM} or newer is needed.`;
  }
  return isOlder(version, MINIMUM)
    ? `The language server is of version ${version}; ${MINIMUM} or newer is needed.`
    : undefined;
}

function isOlder(version: string, than: string): boolean {
  const [left, right] = [numbers(version) ?? [], numbers(than) ?? []];
  const at = left.findIndex((number, index) => number !== right[index]);
  return at >= 0 && (left[at] ?? 0) < (right[at] ?? 0);
}

/** Major, minor and patch; what follows them says nothing of what a server can do. */
function numbers(version: string): number[] | undefined {
  const found = /^(\d+)\.(\d+)\.(\d+)/.exec(version);
  return found?.slice(1).map(Number);
}
