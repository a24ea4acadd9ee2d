// deno-lint-ignore-file explicit-function-return-type -- it runs as it is, so it has no types
// Turns the inputs of the action into a command line, and runs it. Inputs come by the environment alone: nothing that
// somebody wrote becomes part of a script.

import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

/** Which inputs each command takes. */
const TAKES = {
  plan: ["DRY_RUN", "RELEASE", "RECOVER"],
  publish: ["DRY_RUN", "RELEASE", "RECOVER", "ARTIFACTS", "ALLOW_DOWNGRADE"],
  doctor: ["ARTIFACTS"],
  status: [],
  reconcile: ["DRY_RUN"],
};

/** A line that the runner takes for a command (actions/toolkit, packages/core/src/command.ts). */
function say(level, message, title = "putitoutthere") {
  const data = message.replaceAll("%", "%25").replaceAll("\r", "%0D")
    .replaceAll("\n", "%0A");
  process.stdout.write(`::${level} title=${title}::${data}\n`);
}

/** Ends the step for what is wrong with its inputs, whatever fail_on_error says: nothing has begun. */
function stop(message) {
  say("error", message, "PIOT_USAGE");
  leaveStatus(2);
  process.exit(2);
}

function leaveStatus(status) {
  if (process.env.GITHUB_OUTPUT) {
    appendFileSync(process.env.GITHUB_OUTPUT, `exit_code=${status}\n`);
  }
}

/** An input without blanks around it, as the runner gives inputs to actions; empty when it is not given. */
function input(name) {
  return (process.env[`INPUT_${name}`] ?? "").trim();
}

/** A boolean as YAML's core schema writes one, which is what GitHub's own actions take. */
function flag(name) {
  const value = input(name);
  if (/^(?:true|True|TRUE)$/.test(value)) return true;
  if (/^(?:false|False|FALSE|)$/.test(value)) return false;
  return stop(
    `The input ${name.toLowerCase()} is ${JSON.stringify(value)}: it takes true or false`,
  );
}

/** The words after the program's name. */
function commandLine() {
  const command = input("COMMAND") || "plan";
  const takes = Object.hasOwn(TAKES, command) ? TAKES[command] : undefined;
  if (takes === undefined) {
    stop(
      `The input command is ${JSON.stringify(command)}: it takes ${Object.keys(TAKES).join(", ")}`,
    );
  }
  const words = [command];
  const add = (name, option) => {
    const value = input(name);
    if (value !== "") words.push(`--${option}=${value}`);
  };
  add("WORKING_DIRECTORY", "cwd");
  add("CONFIG", "config");
  for (const name of ["RELEASE", "RECOVER", "ARTIFACTS"]) {
    if (takes.includes(name)) add(name, name.toLowerCase());
    else if (input(name) !== "") ignored(name, command);
  }
  if (flag("DRY_RUN")) {
    if (takes.includes("DRY_RUN")) words.push("--dry-run");
    else ignored("DRY_RUN", command);
  }
  const names = input("ALLOW_DOWNGRADE").split(/[\s,]+/).filter((name) => name !== "");
  if (takes.includes("ALLOW_DOWNGRADE")) {
    words.push(...names.map((name) => `--allow-downgrade=${name}`));
  } else if (names.length > 0) ignored("ALLOW_DOWNGRADE", command);
  return words;
}

function ignored(name, command) {
  say(
    "warning",
    `The input ${name.toLowerCase()} means nothing to ${command}, and is not used`,
  );
}

const [mode, place] = process.argv.slice(2);
const failsOnError = input("FAIL_ON_ERROR") === "" || flag("FAIL_ON_ERROR");
if (mode === "check") {
  // Warnings are said once, by the run.
  const write = process.stdout.write;
  process.stdout.write = (text) => text.startsWith("::warning") || write.call(process.stdout, text);
  commandLine();
} else {
  const bin = join(place, "node_modules/putitoutthere/bin/putitoutthere.js");
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith("INPUT_")),
  );
  const child = spawn(process.execPath, [bin, ...commandLine()], {
    stdio: "inherit",
    env,
  });
  // The run is cancelled by a signal to all of us; the command finishes what it has begun.
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => child.kill(signal));
  }
  child.on(
    "error",
    (error) => stop(`Cannot start the command: ${error.message}`),
  );
  child.on("close", (code, signal) => {
    const status = code ?? 130;
    leaveStatus(status);
    if (status === 0 || failsOnError) process.exit(status);
    const how = signal === null ? `with ${status}` : `by ${signal}`;
    say(
      "warning",
      `The command ended ${how}, and fail_on_error is false: the step stays green`,
    );
  });
}
