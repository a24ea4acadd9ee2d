/** The events of a release run, one of each sort at least, in an order that a run has. */

import { Failure } from "../../src/error.ts";
import type { Event } from "../../src/report/report.ts";
import { ALL_OUTCOMES, CORE, WHEEL } from "./outcomes.ts";
import { POLYGLOT } from "./plans.ts";

const FILE = "core-1.3.0.crate";

/** A token as a run would mint it. */
export const SECRET = "s3cr3t-token-of-this-run";

export const RUN: readonly Event[] = [
  { type: "stage", stage: "plan" },
  { type: "plan", plan: { ...POLYGLOT, warnings: ["docs: no file matches docs/**"] } },
  { type: "stage", stage: "prepare" },
  { type: "package-checked", release: CORE, files: 1, bytes: 12_345 },
  { type: "stage", stage: "look" },
  { type: "request", method: "GET", url: "https://index.crates.io/co/re/core", status: 404 },
  { type: "request", method: "GET", url: "https://pypi.org/simple/wheel/" },
  { type: "file-present", release: CORE, file: FILE, state: "absent" },
  { type: "file-present", release: WHEEL, file: "wheel-0.4.1.tar.gz", state: "same" },
  {
    type: "file-present",
    release: WHEEL,
    file: "wheel-0.4.1-py3-none-any.whl",
    state: "other",
    held: "sha256-aa",
    built: "sha256-bb",
  },
  {
    type: "warning",
    release: WHEEL,
    message: "the registry holds other bytes",
    hint: "The registry's file is kept",
    location: { file: "py/pyproject.toml", line: 2, column: 1, excerpt: 'name = "wheel"' },
  },
  { type: "stage", stage: "authorise" },
  { type: "secret", secret: SECRET },
  {
    type: "credential",
    release: CORE,
    kind: "oidc",
    why: "OIDC: a trusted publisher is set up",
    names: [],
  },
  { type: "stage", stage: "upload" },
  { type: "upload-started", release: CORE, file: FILE, bytes: 12_345 },
  { type: "upload-finished", release: CORE, file: FILE, bytes: 12_345 },
  { type: "waiting", release: CORE, reason: "for the index to show it", milliseconds: 60_000 },
  { type: "tag", release: CORE, tag: "core-v1.3.0", done: "written" },
  { type: "tag", release: CORE, tag: "core-v1.3.0", done: "pushed" },
  { type: "tag", release: WHEEL, tag: "wheel-v0.4.1", done: "already-there" },
  {
    type: "github-release",
    release: CORE,
    done: "created",
    url: "https://github.com/o/r/releases/1",
  },
  { type: "github-release", release: WHEEL, done: "kept" },
  { type: "notice", message: "Tokens are revoked" },
  ...ALL_OUTCOMES.map((outcome): Event => ({ type: "outcome", outcome })),
  { type: "finished", outcomes: ALL_OUTCOMES, mode: "release" },
  {
    type: "failure",
    failure: new Failure("PIOT_USAGE", `Cannot use ${SECRET}`, { hint: "Do not" }),
  },
];
