import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { chmod, readdir, readFile, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, test } from "node:test";
import { kindOfPath, readTextIfThere } from "../../../src/host/files.ts";
import { borrowFiles } from "../../../src/host/loans/loans.ts";
import type { Note } from "../../../src/host/loans/notes.ts";
import { gitFolder, hasNotes } from "../../../src/host/loans/places.ts";
import { recover } from "../../../src/host/loans/recover.ts";
import { bundleDeadly, commandOf, runBundle } from "../../support/bundle.ts";
import { type TempFolder, tempFolder, writeTree } from "../../support/temp.ts";

const FILES = { "Cargo.toml": "before\n", "linked.toml": "linked before\n", ".git/HEAD": "" };

/** A run in a process of its own that has borrowed everything and holds it. */
interface HeldRun extends AsyncDisposable {
  readonly folder: string;
  readonly process: ChildProcess;
  /** Kills it, and waits for its end. */
  readonly kill: () => Promise<void>;
  readonly place: string;
}

let bundle: Promise<string> | undefined;
const program = await tempFolder();
after(() => program[Symbol.asyncDispose]());

async function heldRun(files: Readonly<Record<string, string>> = FILES): Promise<HeldRun> {
  bundle ??= Promise.resolve(bundleDeadly("deadly_loans", program.path));
  const folder: TempFolder = await tempFolder(files);
  const { PATH, HOME } = process.env;
  const [command, ...words] = commandOf(await bundle);
  const child = spawn(command!, [...words, folder.path, "hold"], {
    env: { PATH, HOME, TMPDIR: tmpdir() } as Record<string, string>,
    stdio: ["pipe", "pipe", "inherit"],
  });
  await new Promise((held) => child.stdout.once("data", held));
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once("close", done));
    child.kill("SIGKILL");
    await ended;
  };
  return {
    folder: folder.path,
    process: child,
    kill,
    place: join(folder.path, ".git/putitoutthere"),
    [Symbol.asyncDispose]: async () => {
      await kill();
      await recover({ folder: folder.path, env: {} });
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function noteOf(place: string): Promise<{ path: string; note: Note }> {
  const [name] = (await readdir(place)).filter((one) => one.startsWith("run-"));
  const path = join(place, name!);
  return { path, note: JSON.parse(await readFile(path, "utf8")) };
}

const recoverIn = (folder: string): Promise<readonly string[]> => recover({ folder, env: {} });

test("what a killed run had borrowed is put back, and one sentence names files, start and process", async () => {
  await using run = await heldRun();
  const { note } = await noteOf(run.place);
  await run.kill();
  equal(await hasNotes({ folder: run.folder, env: {} }), true);
  // Runs without a repository keep their notes in one place of the user's: others may be at work there.
  const [files, folders, ...others] = (await recoverIn(run.folder))
    .filter((line) => line.includes(note.since));
  const who = `the run that began at ${note.since} (process ${run.process.pid})`;
  equal(
    files,
    `Put back Cargo.toml, linked.toml, Cargo.lock, as before ${who} that was ended too early to do so`,
  );
  match(folders!, /^Removed \S+piot-npm-[0-9a-f]{12}, left by the run that began/);
  deepEqual(others, []);
  equal(await readTextIfThere(join(run.folder, "Cargo.toml")), "before\n");
  equal(await kindOfPath(join(run.folder, "Cargo.lock")), undefined);
  equal(await kindOfPath(run.place), undefined);
  deepEqual((await recoverIn(run.folder)).filter((line) => line.includes(note.since)), []);
});

test("a run that is still going on keeps what it borrowed, and nobody else may borrow that", async () => {
  await using run = await heldRun();
  deepEqual(await recoverIn(run.folder), []);
  const touched = await readTextIfThere(join(run.folder, "Cargo.toml"));
  equal(touched, "[package]\nversion = '1.0.0'\n");
  const other = { path: join(run.folder, "Cargo.toml"), text: "other" };
  await rejects(
    borrowFiles({ folder: run.folder, env: {} }, [other]),
    (error: Error & { code: string }) => {
      equal(error.code, "PIOT_FILE_BORROWED");
      match(error.message, new RegExp(`process ${run.process.pid} on ${hostname()}`));
      return true;
    },
  );
  equal(await readTextIfThere(join(run.folder, "Cargo.toml")), touched);
  equal((await readdir(run.place)).length, 1);
  const ended = new Promise((done) => run.process.once("close", done));
  run.process.stdin!.end();
  await ended;
  equal(await readTextIfThere(join(run.folder, "Cargo.toml")), "before\n");
});

test("what somebody changed after the kill is left as it is, and said; the rest is put back", async () => {
  await using run = await heldRun();
  await run.kill();
  await writeFile(join(run.folder, "Cargo.toml"), "by hand\n");
  const sentences = await recoverIn(run.folder);
  match(sentences[0]!, /^Put back linked\.toml, Cargo\.lock, as before/);
  match(sentences.at(-1)!, /^Left Cargo\.toml as it is: somebody changed it after the run/);
  equal(await readTextIfThere(join(run.folder, "Cargo.toml")), "by hand\n");
  equal(await readTextIfThere(join(run.folder, "linked.toml")), "linked before\n");
  deepEqual(await recoverIn(run.folder), [], "and said once");
});

test("a file that a helper of the killed run made goes, and what it held is kept", async () => {
  await using run = await heldRun();
  await run.kill();
  const { path, note } = await noteOf(run.place);
  const loans = note.loans.map((loan) =>
    loan.kind === "file" && loan.path.endsWith("Cargo.lock")
      ? { ...loan, written: null, signs: ["demo 1.0.0"] }
      : loan
  );
  await writeFile(path, JSON.stringify({ ...note, loans }));
  await writeFile(join(run.folder, "Cargo.lock"), "demo 1.0.0\r\nby cargo");
  const sentences = await recoverIn(run.folder);
  equal(await kindOfPath(join(run.folder, "Cargo.lock")), undefined);
  const [, kept] = /^What Cargo\.lock held when it was put back is kept as (.+)$/.exec(
    sentences.at(-1)!,
  ) ?? [];
  equal(await readFile(kept!, "utf8"), "demo 1.0.0\r\nby cargo");
});

test("a process that was given the number of a killed run is not taken for it", async () => {
  await using run = await heldRun();
  await run.kill();
  const { path } = await noteOf(run.place);
  const [, start, rest] = /run-\d+-([0-9a-f]*)-([0-9a-f]+\.json)$/.exec(path)!;
  if (start === "") return;
  await rename(path, join(run.place, `run-${process.pid}-${start}-${rest}`));
  match((await recoverIn(run.folder))[0]!, /^Put back/);
});

for (
  const { name, change } of [
    { name: "on another machine", change: { host: "elsewhere" } },
    { name: "in another container", change: { processes: "pid:[1]" } },
  ]
) {
  test(`a run ${name} counts as going on as long as it gives signs of life`, async () => {
    await using run = await heldRun();
    await run.kill();
    const { path, note } = await noteOf(run.place);
    await writeFile(path, JSON.stringify({ ...note, ...change }));
    deepEqual(await recoverIn(run.folder), []);
    const longAgo = new Date(Date.now() - 10 * 60_000);
    await utimes(path, longAgo, longAgo);
    match((await recoverIn(run.folder))[0]!, /^Put back Cargo\.toml/);
  });
}

test("a run of before the machine was started anew is over", async () => {
  await using run = await heldRun();
  const { path, note } = await noteOf(run.place);
  if (note.boot === "") return;
  const later = join(run.place, "later.json");
  await writeFile(later, JSON.stringify({ ...note, boot: "before" }));
  await rename(later, path);
  match((await recoverIn(run.folder))[0]!, /^Put back Cargo\.toml/);
});

test("of several that find a killed run, one puts it back and one says so", async () => {
  await using run = await heldRun();
  await run.kill();
  const all = await Promise.all(Array.from({ length: 6 }, () => recoverIn(run.folder)));
  equal(all.filter((sentences) => sentences.length > 0).length, 1);
  equal(await readTextIfThere(join(run.folder, "Cargo.toml")), "before\n");
  equal(await kindOfPath(run.place), undefined);
});

test("runs that come and go at the same time do not get in each other's way", async () => {
  bundle ??= Promise.resolve(bundleDeadly("deadly_loans", program.path));
  await using folder = await tempFolder({ "tmp/keep": "" });
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, TMPDIR: join(folder.path, "tmp") };
  const path = await bundle;
  const run = { args: [folder.path, "many"], env };
  const ended = await Promise.all(Array.from({ length: 4 }, () => runBundle(path, run)));
  deepEqual(ended.map(({ stdout, stderr }) => stdout + stderr), ["done", "done", "done", "done"]);
  deepEqual(await readdir(env.TMPDIR), ["keep"]);
});

test("what a note says never removes what does not bear our names", async () => {
  await using run = await heldRun({ ...FILES, "precious/data": "x" });
  await run.kill();
  const { path, note } = await noteOf(run.place);
  const precious = join(run.folder, "precious");
  const stray = { kind: "stray", path: precious };
  const beside = note.loans.map((loan) =>
    loan.kind === "file" ? { ...loan, beside: join(precious, "data") } : loan
  );
  await writeFile(path, JSON.stringify({ ...note, loans: [...beside, stray] }));
  await recoverIn(run.folder);
  equal(await readTextIfThere(join(precious, "data")), "x");
});

for (const text of ["", "{", '{"schema":1,"loans":[{']) {
  test(`a note that is ${text === "" ? "empty" : text} has nothing to say, and stops nobody`, async () => {
    await using folder = await tempFolder({ ".git/HEAD": "" });
    const name = "run-999999999-abcdef01-0123456789ab.json";
    await writeTree(folder.path, { [`.git/putitoutthere/${name}`]: text });
    deepEqual(await recoverIn(folder.path), []);
    deepEqual(await readdir(join(folder.path, ".git")), ["HEAD"]);
  });
}

for (const text of ["[]", "null", '{"schema":1}', '{"schema":2,"loans":[]}']) {
  test(`a note of another version, such as ${text}, is left, and said`, async () => {
    await using folder = await tempFolder({ ".git/HEAD": "" });
    const path = ".git/putitoutthere/run-999999999-abcdef01-0123456789ab.json";
    await writeTree(folder.path, { [path]: text });
    const [sentence, ...others] = await recoverIn(folder.path);
    match(sentence!, /^Left \S+0123456789ab\.json alone: another version of putitoutthere/);
    deepEqual(others, []);
    equal(await readTextIfThere(join(folder.path, path)), text);
  });
}

test("a work tree beside the main one, and a submodule, find the notes of their repository", async () => {
  await using folder = await tempFolder({
    "main/.git/HEAD": "",
    "main/.git/worktrees/side/commondir": "../..\n",
    "main/.git/modules/sub/HEAD": "",
    "side/.git": "gitdir: ../main/.git/worktrees/side\n",
    "main/sub/.git": "gitdir: ../.git/modules/sub\n",
    "side/deep/down/x": "",
  });
  const at = (path: string): string => join(folder.path, path);
  equal(await gitFolder(at("side/deep/down")), at("main/.git"));
  equal(await gitFolder(at("main/sub")), at("main/.git/modules/sub"));
  equal(await gitFolder(at("main/not/there/yet")), at("main/.git"));
});

const POSIX = { skip: process.platform === "win32" ? "Windows has a folder for each user" : false };

test(
  "notes in the system's temporary folder are read from a folder of our own only",
  POSIX,
  async () => {
    await using temp = await tempFolder();
    const before = process.env.TMPDIR;
    process.env.TMPDIR = temp.path;
    try {
      const place = join(temp.path, `putitoutthere-${process.getuid!()}`);
      const note = {
        ...{ schema: 1, host: "", processes: "", boot: "", since: "2026-01-01T00:00:00Z" },
        loans: [{
          ...{ kind: "file", path: join(temp.path, "victim"), beside: join(temp.path, ".x") },
          ...{ before: "ZXZpbA==", written: null, added: "mine" },
        }],
      };
      const name = "run-999999999-abcdef01-0123456789ab.json";
      await writeTree(temp.path, { victim: "mine", [`theirs/${name}`]: JSON.stringify(note) });
      await symlink("theirs", place);
      await recoverIn(temp.path);
      equal(await readFile(join(temp.path, "victim"), "utf8"), "mine");
      await chmod(join(temp.path, "theirs"), 0o777);
      await rename(join(temp.path, "theirs"), `${place}-new`);
      await rm(place);
      await rename(`${place}-new`, place);
      await recoverIn(temp.path);
      equal(await readFile(join(temp.path, "victim"), "utf8"), "mine");
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  },
);
