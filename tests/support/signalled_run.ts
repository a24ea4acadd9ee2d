/** The command line of this process, which says on standard error that it was signalled. */

import process from "node:process";
import { runCli } from "../../src/cli/run_cli.ts";

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => void process.stderr.write(`heard ${signal}\n`));
}
await runCli();
