/**
 * The command line on Deno: argv in, exit status out.
 *
 * @module
 */

// Deno loads a command at its start in two thirds of the time that `import()` takes it later: 50 ms for this one.
import "./src/command/plan_command.ts";
import { runCli } from "./src/cli/run_cli.ts";

// True where a runtime knows of it and this file is what it was started with.
if ((import.meta as { main?: boolean }).main === true) await runCli();
