import { test } from "node:test";
import assert from "node:assert/strict";
import { chooseDistTag, isDistTag } from "../../../src/core/npm/dist_tag.ts";

const CHOICES: readonly {
  name: string;
  configured?: string;
  version: string;
  tags?: Record<string, string>;
  tag: string;
  note?: RegExp;
}[] = [
  { name: "the configured tag for a first release", version: "1.0.0", tag: "latest" },
  {
    name: "the configured tag for a newer one",
    version: "1.0.1",
    tags: { latest: "1.0.0" },
    tag: "latest",
  },
  {
    name: "another configured tag",
    configured: "next",
    version: "1.0.0",
    tags: { latest: "2.0.0" },
    tag: "next",
  },
  {
    name: "a tag of its own for a backport, so that latest stays",
    version: "1.4.3",
    tags: { latest: "2.1.0" },
    tag: "release-1.4",
    note: /"latest" stays at 2\.1\.0.*"release-1\.4"/,
  },
  {
    name: "the backport's own tag again for the next backport",
    version: "1.4.4",
    tags: { latest: "2.1.0", "release-1.4": "1.4.3" },
    tag: "release-1.4",
    note: /stays at 2\.1\.0/,
  },
  {
    name: "a tag of the version when even the backport's tag is ahead",
    version: "1.4.2",
    tags: { latest: "2.1.0", "release-1.4": "1.4.3" },
    tag: "release-1.4.2",
    note: /stays at 2\.1\.0/,
  },
  {
    name: "the first word of a pre-release rather than latest",
    version: "2.0.0-beta.3",
    tags: { latest: "1.0.0" },
    tag: "beta",
    note: /pre-release.*"beta"/,
  },
  {
    name: "next for a pre-release without a word",
    version: "2.0.0-0",
    tag: "next",
    note: /"next"/,
  },
  {
    name: "next for a pre-release whose word reads as a range",
    version: "2.0.0-x.1",
    tag: "next",
    note: /"next"/,
  },
  {
    name: "the configured tag for a pre-release",
    configured: "canary",
    version: "2.0.0-rc.1",
    tag: "canary",
  },
  {
    name: "a tag of its own for a pre-release behind the one that its tag holds",
    version: "1.9.0-beta.1",
    tags: { beta: "2.0.0-beta.3", latest: "1.8.0" },
    tag: "release-1.9",
    note: /"beta" stays at 2\.0\.0-beta\.3/,
  },
  {
    name: "latest for a stable version below the pre-release that a first publish left there",
    version: "0.9.0",
    tags: { latest: "1.0.0-beta.1" },
    tag: "latest",
  },
  {
    name: "latest when the registry's own tag is no version",
    version: "1.0.0",
    tags: { latest: "?" },
    tag: "latest",
  },
];

for (const { name, configured = "latest", version, tags = {}, tag, note } of CHOICES) {
  test(`chooseDistTag gives ${name}`, () => {
    const choice = chooseDistTag({ configured, version, tags });
    assert.equal(choice.tag, tag);
    assert.match(choice.note ?? "", note ?? /^$/);
    assert.ok(isDistTag(choice.tag));
  });
}

for (const tag of ["v1", "1.x", "x", "1", "*", "^2", "latest || 1", "", "a b", "ä"]) {
  test(`isDistTag refuses "${tag}"`, () => assert.equal(isDistTag(tag), false));
}

for (const tag of ["latest", "next", "latest-1", "release-1.4", "release-1.4.2-rc.1"]) {
  test(`isDistTag takes "${tag}"`, () => assert.equal(isDistTag(tag), true));
}
