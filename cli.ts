/**
 * The command line on Deno: argv in, exit status out.
 *
 * @module
 */

// Deno loads at its start in two thirds of the time that `import()` takes later: 50 ms for `plan`.
import "./src/cli/main.ts";
import "./src/command/declare_bytes.ts";
import "./src/command/plan.ts";
import { runCli } from "./src/cli/run_cli.ts";

// True where a runtime knows of it and this file is what it was started with.
// Without `await`: Deno ends at once, and with words of its own, when what the top of a file awaits cannot come.
if ((import.meta as { main?: boolean }).main === true) void runCli();
