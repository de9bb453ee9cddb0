/** Print the Debian packages that the tests in the workbench need and that are not there: `npm run --silent e2e:missing`. */

import { isBuilt } from "./codeServer.ts";
import { chromiumPath } from "./workbench.ts";

const BUILDING = ["g++", "make", "libkrb5-dev", "libsecret-1-dev", "libx11-dev", "libxkbfile-dev"];

console.log([...(chromiumPath() === undefined ? ["chromium"] : []), ...(isBuilt ? [] : BUILDING)].join(" "));
