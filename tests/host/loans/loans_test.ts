import { deepEqual, equal, rejects } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { chmod, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { kindOfPath, readTextIfThere } from "../../../src/host/files.ts";
import { borrowFiles, borrowFolder, writeToStay } from "../../../src/host/loans/loans.ts";
import type { Note } from "../../../src/host/loans/notes.ts";
import { type TempFolder, tempFolder } from "../../support/temp.ts";

/** A repository as far as loans look at one, with the notes that are in it. */
async function repository(files: Readonly<Record<string, string>> = {}): Promise<
  TempFolder & {
    readonly where: { readonly folder: string; readonly env: Record<string, string> };
    readonly at: (path: string) => string;
    readonly notes: () => Promise<readonly string[]>;
  }
> {
  const folder = await tempFolder({ ".git/HEAD": "ref: refs/heads/main\n", ...files });
  const at = (path: string): string => join(folder.path, path);
  return {
    ...folder,
    [Symbol.asyncDispose]: folder[Symbol.asyncDispose],
    where: { folder: folder.path, env: {} },
    at,
    notes: () => readdir(at(".git/putitoutthere")).catch(() => []),
  };
}

test("borrowed files are changed, and come back as they were, those that were not there too", async () => {
  await using repo = await repository({ changed: "before", kept: "kept" });
  const longAgo = new Date("2020-01-01T00:00:00Z");
  await utimes(repo.at("kept"), longAgo, longAgo);
  const giveBack = await borrowFiles(repo.where, [
    { path: repo.at("changed"), text: "after" },
    { path: repo.at("kept") },
    { path: repo.at("made"), text: "made" },
  ]);
  equal(await readTextIfThere(repo.at("changed")), "after");
  equal(await readTextIfThere(repo.at("made")), "made");
  await giveBack();
  equal(await readTextIfThere(repo.at("changed")), "before");
  equal((await stat(repo.at("kept"))).mtimeMs, longAgo.getTime());
  equal(await kindOfPath(repo.at("made")), undefined);
});

test("what is borrowed is noted in the git folder for as long as it is, and not a moment longer", async () => {
  await using repo = await repository({ changed: "before\r\n" });
  const giveBack = await borrowFiles(repo.where, [{ path: repo.at("changed"), text: "after" }]);
  const [name, ...others] = await repo.notes();
  deepEqual(others, []);
  const note: Note = JSON.parse(await readFile(repo.at(`.git/putitoutthere/${name}`), "utf8"));
  deepEqual(note.loans.map((loan) => loan.kind === "file" && [loan.path, loan.before]), [
    [repo.at("changed"), Buffer.from("before\r\n").toString("base64")],
  ]);
  await giveBack();
  equal(await kindOfPath(repo.at(".git/putitoutthere")), undefined);
});

test("a file that somebody changed meanwhile is left, and that is told", async () => {
  await using repo = await repository({ mine: "before", theirs: "before", gone: "before" });
  const giveBack = await borrowFiles(
    repo.where,
    ["mine", "theirs", "gone"].map((name) => ({ path: repo.at(name), text: "after" })),
  );
  await writeFile(repo.at("theirs"), "edited by hand");
  await rm(repo.at("gone"));
  await rejects(giveBack(), (error: Error & { code: string }) => {
    equal(error.code, "PIOT_FILE_CHANGED");
    equal(
      error.message,
      `Cannot put back ${repo.at("gone")}, ${
        repo.at("theirs")
      }: changed by somebody else during the run, and left so`,
    );
    return true;
  });
  equal(await readTextIfThere(repo.at("mine")), "before");
  equal(await readTextIfThere(repo.at("theirs")), "edited by hand");
  equal(await kindOfPath(repo.at("gone")), undefined);
  deepEqual(await repo.notes(), []);
});

test("lines that were added are taken out of a file that others added lines to", async () => {
  await using repo = await repository({ exclude: "# mine\n" });
  const path = repo.at("exclude");
  const added = "/artifacts/\n";
  const giveBack = await borrowFiles(repo.where, [{ path, text: `# mine\n${added}`, added }]);
  await writeFile(path, `# first\n# mine\n${added}/notes\n`);
  await giveBack();
  equal(await readTextIfThere(path), "# first\n# mine\n/notes\n");
});

test("a file that a helper made of what was borrowed is put back too", async () => {
  await using repo = await repository({ lock: "low 0.0.0" });
  const change = { path: repo.at("lock"), text: "low 0.1.0", signs: ["low 0.1.0"] };
  const giveBack = await borrowFiles(repo.where, [change]);
  await writeFile(repo.at("lock"), "low 0.1.0\nother 1.0.0");
  await giveBack();
  equal(await readTextIfThere(repo.at("lock")), "low 0.0.0");
  equal(await kindOfPath(repo.at(".git/putitoutthere")), undefined);
});

test("a file that cannot be written gives back those that were", async () => {
  await using repo = await repository({ changed: "before", folder: "" });
  await rm(repo.at("folder"));
  await mkdir(repo.at("folder"));
  const changes = [
    { path: repo.at("changed"), text: "after" },
    { path: repo.at("changed/below"), text: "after" },
  ];
  await rejects(borrowFiles(repo.where, changes), { code: "PIOT_FILE_UNWRITABLE" });
  equal(await readTextIfThere(repo.at("changed")), "before");
  deepEqual(await repo.notes(), []);
});

test("without a repository it is noted in the user's folder for the state of programs", async () => {
  await using folder = await tempFolder({ changed: "before", "home/keep": "" });
  const env = { HOME: join(folder.path, "home") };
  const change = { path: join(folder.path, "changed"), text: "after" };
  const giveBack = await borrowFiles({ folder: folder.path, env }, [change]);
  const place = join(env.HOME, ".local/state/putitoutthere");
  equal((await readdir(place)).length, 1);
  if (process.platform !== "win32") equal((await stat(place)).mode & 0o777, 0o700);
  await giveBack();
  equal(await kindOfPath(place), undefined);
});

test("a temporary folder is new, is noted, and goes away without complaint, twice", async () => {
  await using repo = await repository();
  const first = await borrowFolder(repo.where, "piot-test");
  const second = await borrowFolder(repo.where, "piot-test");
  equal(first.path === second.path, false);
  equal((await repo.notes()).length, 1);
  await writeFile(join(first.path, "b.txt"), "b");
  for (const { path, remove } of [first, second]) {
    equal(await kindOfPath(path), "folder");
    await remove();
    equal(await kindOfPath(path), undefined);
    await remove();
  }
  deepEqual(await repo.notes(), []);
});

test("a file that is to stay is written over only when that is asked for", async () => {
  await using repo = await repository();
  const path = repo.at("x");
  const write = (text: string, replaces: boolean): Promise<boolean> =>
    writeToStay(repo.where, { path, text, replaces });
  equal(await write("one", false), true);
  equal(await write("two", false), false);
  equal(await readFile(path, "utf8"), "one");
  equal(await write("é", true), true);
  equal(await readFile(path, "utf8"), "é");
  deepEqual((await readdir(repo.path)).sort(), [".git", "x"]);
  deepEqual(await repo.notes(), []);
});

test("a file that is to stay and cannot be written is said by its path", async () => {
  await using repo = await repository({ file: "" });
  await mkdir(repo.at("folder"));
  for (const name of ["none/x", "file/x", "folder"]) {
    const what = { path: repo.at(name), text: "", replaces: true };
    await rejects(writeToStay(repo.where, what), (error: Error & { code: string }) => {
      equal(error.code, "PIOT_FILE_UNWRITABLE");
      equal(error.message.includes(repo.at(name)), true, error.message);
      return true;
    });
  }
});

const USER = {
  skip: process.getuid?.() === 0 || process.platform === "win32"
    ? "root writes what is read-only"
    : false,
};

test("a file that is read-only is not replaced", USER, async () => {
  await using repo = await repository({ kept: "kept" });
  await chmod(repo.at("kept"), 0o444);
  const what = { path: repo.at("kept"), text: "new", replaces: true };
  await rejects(writeToStay(repo.where, what), { code: "PIOT_FILE_UNWRITABLE" });
  equal(await readFile(repo.at("kept"), "utf8"), "kept");
});
