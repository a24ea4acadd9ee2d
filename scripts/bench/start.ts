/**
 * How long the shipped package takes to start on Node, against Node itself.
 *
 * @module
 */

import { builtPackage } from "./built_package.ts";
import { atMost, type Bench, measured } from "./figure.ts";
import { BARE_NODE, runProcess, takeTurns } from "./measure.ts";

const ROUNDS = 21;

/** The bench. */
export const startBench: Bench = {
  name: "start",
  run: async (say) => {
    const command = await builtPackage();
    say("starting Node and the command in turns");
    const times = await takeTurns({
      bare: () => runProcess(["node", "-e", "0"], { env: BARE_NODE }),
      version: () => runProcess(["node", command, "--version"], { env: BARE_NODE }),
    }, ROUNDS);
    return [
      measured("start: node -e 0", times.bare, "ms"),
      measured("start: --version on Node", times.version, "ms"),
      atMost("start: --version / node -e 0", times.version / times.bare, [2, "×"]),
    ];
  },
};
