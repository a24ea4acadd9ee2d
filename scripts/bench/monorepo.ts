/**
 * A large repository with a long history, made by one `git fast-import`.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeTree } from "../../src/host/write_files.ts";
import { makeTempFolder, runProcess } from "./measure.ts";

/** How large it is. */
export interface MonorepoSize {
  readonly packages: number;
  /** Files in the packages, all together. */
  readonly files: number;
  /** Releases, shared out among the packages in turns. */
  readonly tags: number;
  /** Commits that released something. */
  readonly releases: number;
  /** Commits before the first release. */
  readonly older: number;
  /** Packages that changed since their last release. */
  readonly changed: number;
}

/** A repository in a temporary folder. */
export interface Monorepo extends AsyncDisposable {
  readonly path: string;
}

/**
 * Makes one. Each release is a commit of its own with annotated tags, so that the last releases of the packages stand
 * on as many commits as there are packages, or on all that released something. It is packed as a clone is.
 */
export async function makeMonorepo(size: MonorepoSize): Promise<Monorepo> {
  const { path, remove } = await makeTempFolder("piot-bench");
  await runProcess(["git", "init", "--quiet", "--initial-branch=main", path]);
  await fastImport(path, history(size));
  await runProcess(["git", "repack", "-a", "-d", "--quiet"], { cwd: path });
  await runProcess(["git", "pack-refs", "--all"], { cwd: path });
  await writeTree(path, { "putitoutthere.toml": config(size) });
  return { path, [Symbol.asyncDispose]: remove };
}

async function fastImport(cwd: string, stream: Iterable<string>): Promise<void> {
  const child = spawn("git", ["fast-import", "--quiet"], {
    cwd,
    stdio: ["pipe", "inherit", "inherit"],
  });
  const closed = once(child, "close");
  let waiting: string[] = [];
  for (const piece of stream) {
    waiting.push(piece);
    if (waiting.length < 1_000) continue;
    if (!child.stdin.write(waiting.join(""))) await once(child.stdin, "drain");
    waiting = [];
  }
  child.stdin.end(waiting.join(""));
  const [code] = await closed;
  if (code !== 0) throw new Error(`git fast-import ended with ${code}`);
}

function nameOf(index: number): string {
  return `p${String(index).padStart(5, "0")}`;
}

/** Every fifth package depends on the one before it. */
function config({ packages }: MonorepoSize): string {
  const tables = Array.from({ length: packages }, (_, index) => {
    const name = nameOf(index);
    const dependsOn = index % 5 === 4 ? `depends_on = ["${nameOf(index - 1)}"]\n` : "";
    return `[[package]]\nname = "${name}"\nkind = "npm"\npath = "packages/${name}"\n` +
      `paths = ["packages/${name}/**"]\n${dependsOn}`;
  });
  return `[putitoutthere]\nversion = 1\n\n${tables.join("\n")}`;
}

/** The stream that git-fast-import(1) reads. */
function* history(size: MonorepoSize): Generator<string> {
  const clock = { second: 1_700_000_000 };
  yield commit(clock, "Begin");
  yield file("putitoutthere.toml", config(size));
  yield* firstFiles(size);
  for (let index = 0; index < size.older; index++) {
    yield commit(clock, `Note ${index}`);
    yield file("docs/notes.md", `note ${index}\n`);
  }
  for (let index = 0; index < size.releases; index++) yield* release(size, { index, clock });
  yield commit(clock, "Mend some packages");
  const step = size.packages / size.changed;
  for (let index = 0; index < size.changed; index++) {
    yield file(`packages/${nameOf(Math.floor(index * step))}/src/f1.js`, "mended\n");
  }
}

function* firstFiles({ packages, files }: MonorepoSize): Generator<string> {
  for (let index = 0; index < files; index++) {
    const name = nameOf(index % packages);
    const place = Math.floor(index / packages);
    yield place === 0
      ? file(`packages/${name}/package.json`, `{"name":"${name}","version":"0.0.0"}\n`)
      : file(`packages/${name}/src/f${place}.js`, `export const ${name} = ${place};\n`);
  }
}

function* release(
  { tags, releases, packages }: MonorepoSize,
  { index, clock }: { readonly index: number; readonly clock: { second: number } },
): Generator<string> {
  const [from, to] = [index, index + 1].map((at) => Math.floor(at * tags / releases)) as [
    number,
    number,
  ];
  yield commit(clock, `Change ${index}`);
  const places = Array.from({ length: to - from }, (_, at) => from + at);
  for (const place of places) {
    yield file(`packages/${nameOf(place % packages)}/src/f2.js`, `export default ${place};\n`);
  }
  for (const place of places) {
    const tag = `${nameOf(place % packages)}-v0.${1 + Math.floor(place / packages)}.0`;
    yield `tag ${tag}\nfrom refs/heads/main\n${who("tagger", clock)}${data(`Release ${tag}\n`)}`;
  }
}

function commit(clock: { second: number }, message: string): string {
  clock.second += 60;
  return `commit refs/heads/main\n${who("committer", clock)}${data(`${message}\n`)}`;
}

function who(role: string, { second }: { readonly second: number }): string {
  return `${role} Ada <ada@example.com> ${second} +0000\n`;
}

function file(path: string, text: string): string {
  return `M 100644 inline ${path}\n${data(text)}`;
}

function data(text: string): string {
  return `data ${text.length}\n${text}\n`;
}
