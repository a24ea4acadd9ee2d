/** Small programs and addons of this machine, compiled here. */

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { tempFolder } from "./temp.ts";

const run = promisify(execFile);

/** An addon by Node-API, which Node resolves when it loads it; no header of Node is needed. It is the text "an addon". */
const ADDON = `typedef struct napi_env__ *napi_env; typedef struct napi_value__ *napi_value;
extern int napi_create_string_utf8(napi_env, const char *, unsigned long, napi_value *);
extern char *getenv(const char *);
napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value text;
  napi_create_string_utf8(env, getenv("PATH") ? "an addon" : "", 8, &text);
  return text;
}
`;
/** A program that prints how many words it got, and the first, and ends with 3. */
const PROGRAM = `#include <stdio.h>
int main(int count, char **words) { printf("%d %s\\n", count, words[1]); return 3; }
`;

let addon: Promise<Uint8Array> | undefined;
const programs = new Map<string, Promise<Uint8Array>>();

/** The addon, which is the text `an addon`. */
export function compiledAddon(): Promise<Uint8Array> {
  return addon ??= compile(ADDON, "-shared", "-fPIC");
}

/** The program, which prints the number of its words and the first, and ends with 3. */
export function compiledProgram(...flags: readonly string[]): Promise<Uint8Array> {
  const key = flags.join(" ");
  const made = programs.get(key) ?? compile(PROGRAM, ...flags);
  programs.set(key, made);
  return made;
}

async function compile(source: string, ...flags: readonly string[]): Promise<Uint8Array> {
  await using folder = await tempFolder({ "a.c": source });
  await run("gcc", ["a.c", "-o", "out", ...flags], { cwd: folder.path });
  return await readFile(join(folder.path, "out"));
}
