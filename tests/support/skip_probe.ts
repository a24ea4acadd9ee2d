/** Prints why tests that need a program are skipped here, and `false` where they are not: what a test file would ask. */

import process from "node:process";
import { needs } from "./tools.ts";

type Reason = string | false;
const [program = "", how = ""] = process.argv.slice(2);
const PROBES: Readonly<Record<string, () => Promise<Reason>>> = {
  own: async () => (await needs(program)).skip,
  cargo: async () => (await import("../registry/crates/crates_world.ts")).NO_CARGO,
  npm: async () => (await import("./real_npm.ts")).WITH_NPM.skip,
  pip: async () => (await import("./real_python.ts")).NO_PIP,
  verdaccio: async () => (await (await import("./verdaccio.ts")).installVerdaccio()).skip,
};
console.log(await PROBES[how === "needs" ? "own" : program]!());
