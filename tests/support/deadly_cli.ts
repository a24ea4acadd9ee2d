/** The command line, which can be killed at any call that changes the disk. */

import { runCli } from "../../src/cli/run_cli.ts";

await runCli();
