import { deepEqual, equal, ok } from "node:assert/strict";
import { mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { readTextIfThere } from "../../../src/host/files.ts";
import { recover } from "../../../src/host/loans/recover.ts";
import { bundleDeadly, type ProgramRun, runBundle } from "../../support/bundle.ts";
import { tempFolder, writeTree } from "../../support/temp.ts";

const BEFORE = { "Cargo.toml": "[package]\r\nversion = '0.0.0'", "real.toml": "linked before\n" };

/** Every file below a folder with its content; links are named. */
async function snapshot(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) =>
    join(entry.parentPath, entry.name)
  );
  const texts = await Promise.all(
    files.map(async (path) => [path.slice(folder.length + 1), await readFile(path, "utf8")]),
  );
  return Object.fromEntries(texts);
}

/** Runs a program again and again, killed one step later each time, until it comes to its end. */
async function killAtEachStep(
  run: (at: number) => Promise<ProgramRun>,
  look: (at: number) => Promise<void>,
): Promise<number> {
  for (let at = 0;; at++) {
    const { signal, stdout, stderr } = await run(at);
    if (signal === null) {
      equal(stdout, "done", stderr);
      return at;
    }
    equal(signal, "SIGKILL");
    await look(at);
  }
}

const POSIX = { skip: process.platform === "win32" ? "Windows has no SIGKILL" : false };

test(
  "a run that is killed at any step leaves every file whole, and the next puts all back",
  POSIX,
  async () => {
    await using program = await tempFolder();
    const bundle = bundleDeadly("deadly_loans", program.path);
    await using world = await tempFolder();
    const folderOf = (at: number): string => join(world.path, String(at), "repo");
    const steps = await killAtEachStep(async (at) => {
      const folder = folderOf(at);
      const temp = join(world.path, String(at), "tmp");
      await mkdir(temp, { recursive: true });
      await writeTree(folder, { ...BEFORE, ".git/HEAD": "" });
      await symlink("real.toml", join(folder, "linked.toml"));
      const { PATH, HOME } = process.env;
      const env = { PATH, HOME, TMPDIR: temp, DEADLY_AT: String(at) };
      return await runBundle(bundle, { args: [folder], env });
    }, async (at) => {
      const folder = folderOf(at);
      const touched = await readTextIfThere(join(folder, "Cargo.toml"));
      const told = `after step ${at}`;
      ok([BEFORE["Cargo.toml"], "[package]\nversion = '1.0.0'\n"].includes(touched!), told);
      ok(
        [BEFORE["real.toml"], "linked after\n"].includes(
          (await readTextIfThere(join(folder, "real.toml")))!,
        ),
        told,
      );
      ok([undefined, "made\n"].includes(await readTextIfThere(join(folder, "Cargo.lock"))), told);
      const sentences = await recover({ folder, env: {} });
      const { ".git/HEAD": _head, "linked.toml": linked, ...files } = await snapshot(folder);
      deepEqual(files, BEFORE, told);
      equal(linked, BEFORE["real.toml"], told);
      deepEqual(await readdir(join(world.path, String(at), "tmp")), [], told);
      equal(
        sentences.some((sentence) => sentence.startsWith("Put back Cargo.toml")),
        touched !== BEFORE["Cargo.toml"],
        `${told}: ${sentences.join("; ")}`,
      );
      deepEqual(await recover({ folder, env: {} }), [], told);
    });
    ok(steps > 40, `${steps} steps`);
  },
);

test(
  "a file that is to stay is the old one or the new one at any step, and nothing else is left",
  POSIX,
  async () => {
    await using program = await tempFolder();
    const bundle = bundleDeadly("deadly_loans", program.path);
    await using world = await tempFolder();
    const folderOf = (at: number): string => join(world.path, String(at));
    await killAtEachStep(async (at) => {
      await writeTree(folderOf(at), { "config.toml": "old\n", ".git/HEAD": "" });
      const { PATH, HOME } = process.env;
      const env = { PATH, HOME, DEADLY_AT: String(at) };
      return await runBundle(bundle, { args: [folderOf(at), "stay"], env });
    }, async (at) => {
      await recover({ folder: folderOf(at), env: {} });
      const { ".git/HEAD": _head, "config.toml": config, ...others } = await snapshot(folderOf(at));
      ok(["old\n", "new\n"].includes(config!), `after step ${at}: ${config}`);
      ok(
        ["{}", '{"fresh.toml":"fresh\\n"}'].includes(JSON.stringify(others)),
        JSON.stringify(others),
      );
    });
  },
);
