/**
 * Names that npm keeps for the packages that have them already.
 *
 * @module
 */

/** Modules of Node itself: nobody could import a package of such a name (validate-npm-package-name). */
const NODE_MODULES: ReadonlySet<string> = new Set([
  ...["assert", "async_hooks", "buffer", "child_process", "cluster", "console", "constants"],
  ...["crypto", "dgram", "diagnostics_channel", "dns", "domain", "events", "fs", "http", "http2"],
  ...["https", "inspector", "module", "net", "os", "path", "perf_hooks", "process", "punycode"],
  ...["querystring", "readline", "repl", "stream", "string_decoder", "sys", "timers", "tls"],
  ...["trace_events", "tty", "url", "util", "v8", "vm", "wasi", "worker_threads", "zlib"],
]);

/** What npm has against a new package of this name, as a clause; undefined when it takes it. */
export function newNameProblem(name: string): string | undefined {
  if (name !== name.toLowerCase()) return "it has capital letters";
  if (name.includes("~")) return 'it holds "~"';
  return NODE_MODULES.has(name) ? "it is the name of a module of Node" : undefined;
}
