import assert from "node:assert/strict";
import { test } from "node:test";
import { isShown, requireOwn } from "../../../src/command/publish/own_files.ts";
import type { Judged } from "../../../src/command/publish/run.ts";
import { heldVersions } from "../../../src/core/model/version.ts";
import { Failure } from "../../../src/error.ts";
import { AlreadyThere, type Look, type Presence } from "../../../src/registry/registry.ts";
import { declare, HEAD, smallRegistry, smallRun } from "./small_registry.ts";

const EARLIER = "a".repeat(40);

interface Row {
  readonly name: string;
  /** What was there when the release was judged, and what is there now. */
  readonly before: Presence;
  readonly now: Presence | undefined;
  /** The commit that the registry's record names. */
  readonly record?: string;
  /** Whether an upload was answered that it is there already. */
  readonly claimed?: boolean;
  /** Whether there is no git, so that the release is of no commit. */
  readonly withoutCommit?: boolean;
  /** What is wrong with it; nothing by default. */
  readonly refusal?: RegExp;
  /** Whether the records are asked for. */
  readonly asks?: boolean;
}

const ABSENT: Presence = { state: "absent" };
const SAME: Presence = { state: "same" };
const other = (held: string): Presence => ({ state: "other", held });

const ROWS: readonly Row[] = [
  { name: "what is absent", before: ABSENT, now: ABSENT },
  { name: "what nobody looked for", before: ABSENT, now: undefined },
  { name: "the bytes that were sent", before: ABSENT, now: SAME },
  { name: "the same bytes as before", before: SAME, now: SAME },
  { name: "the other bytes that were judged before", before: other("x"), now: other("x") },
  {
    name: "other bytes that nobody is named for",
    before: ABSENT,
    now: other("x"),
    refusal:
      /^Cannot publish a: the registry has that name with other bytes \(x there, sha256-a-0 here\), and nothing shows/,
    asks: true,
  },
  {
    name: "other bytes than the other ones before",
    before: other("x"),
    now: other("y"),
    refusal: /with other bytes \(y there, /,
    asks: true,
  },
  {
    name: "other bytes where the same were before",
    before: SAME,
    now: other("y"),
    refusal: /with other bytes \(y there, /,
    asks: true,
  },
  {
    name: "other bytes of this very commit",
    before: ABSENT,
    now: other("x"),
    record: HEAD,
    asks: true,
  },
  {
    name: "other bytes of another commit",
    before: ABSENT,
    now: other("x"),
    record: EARLIER,
    refusal: /with other bytes .*, and its record names a{40}, not this commit$/,
    asks: true,
  },
  {
    name: "the same bytes after a refusal, which nobody is named for",
    before: ABSENT,
    now: SAME,
    claimed: true,
    asks: true,
  },
  {
    name: "the same bytes after a refusal, of this very commit",
    before: ABSENT,
    now: SAME,
    claimed: true,
    record: HEAD,
    asks: true,
  },
  {
    name: "the same bytes after a refusal, of another commit",
    before: ABSENT,
    now: SAME,
    claimed: true,
    record: EARLIER,
    refusal: /^Cannot publish a: the registry has that name already, and its record names a{40}, /,
    asks: true,
  },
  {
    name: "the same bytes as before, after a refusal",
    before: SAME,
    now: SAME,
    claimed: true,
    record: EARLIER,
  },
  {
    name: "other bytes, without a commit to compare",
    before: ABSENT,
    now: other("x"),
    record: HEAD,
    withoutCommit: true,
    refusal: /and nothing shows that they were made from this commit$/,
  },
];

for (const row of ROWS) {
  test(`${row.name}: ${row.refusal === undefined ? "the release's own" : "not its own"}`, async () => {
    const npm = smallRegistry();
    let asked = 0;
    const records: typeof npm.records = (prepared, look) => {
      asked++;
      return npm.records(prepared, look);
    };
    if (row.record !== undefined) npm.named.set("a", row.record);
    const world = smallRun(declare({ a: [] }), { registries: { npm: { ...npm, records } } });
    const [ready] = await world.ready();
    asked = 0;
    const { release } = ready!;
    const judged: Judged = {
      ...ready!,
      ...(row.withoutCommit === true ? { release: { ...release, commit: undefined } } : {}),
      look: { ...ready!.look, files: new Map([["a", row.before]]) },
    };
    const look: Look = {
      ...ready!.look,
      files: new Map(row.now === undefined ? [] : [["a", row.now]]),
    };
    const claim = new AlreadyThere("PIOT_VERSION_TAKEN", "409: it is there");
    const claims = new Map(row.claimed === true ? [["a", claim]] : []);
    const required = requireOwn(world.run, judged, { look, files: ready!.prepared.files, claims });
    if (row.refusal === undefined) await required;
    else {
      await assert.rejects(required, (error: unknown) => {
        assert.ok(error instanceof Failure);
        assert.equal(error.code, "PIOT_VERSION_TAKEN");
        assert.match(error.message, row.refusal!);
        assert.equal(error.cause, row.claimed === true ? claim : undefined);
        return true;
      });
    }
    assert.equal(asked, row.asks === true ? 1 : 0, "the records are asked for what is doubtful");
  });
}

test("a file is shown with whatever bytes, and not where it is absent or nobody looked", () => {
  const lookOf = (presence: Presence | undefined): Look => ({
    files: new Map(presence === undefined ? [] : [["a", presence]]),
    ...heldVersions("1.0.0", []),
  });
  const file = { name: "a", size: 1, digest: "sha256-a" };
  const shown = [SAME, other("x"), ABSENT, undefined].map((one) => isShown(lookOf(one), file));
  assert.deepEqual(shown, [true, true, false, false]);
  assert.equal(isShown(undefined, file), false);
});
