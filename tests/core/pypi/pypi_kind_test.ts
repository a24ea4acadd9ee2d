import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { PYPI } from "../../../src/core/pypi/pypi_kind.ts";
import { pypiPackage } from "../../support/pypi_release.ts";

const row = (build: "setuptools" | "hatch" | "maturin", version: string) =>
  PYPI.artifacts.buildKeys({ ...pypiPackage("demo"), build }, { target: "any", version });

test("a row gives the version to the backends of its build that would take it from git, as Python spells it", () => {
  const scm = { SETUPTOOLS_SCM_PRETEND_VERSION: "1.0.0rc1" };
  deepEqual(row("setuptools", "1.0.0-rc.1"), {
    build: "setuptools",
    version_env: { ...scm, PDM_BUILD_SCM_VERSION: "1.0.0rc1" },
  });
  deepEqual(row("hatch", "1.0.0-rc.1"), { build: "hatch", version_env: scm });
  deepEqual(row("maturin", "1.0.0-rc.1"), { build: "maturin" });
  deepEqual(
    row("hatch", "1.0.0-next.1"),
    { build: "hatch" },
    "what PyPI cannot express is refused",
  );
});

test("the rows are those of the kinds of files that a project has, wheels first", () => {
  const ends = (triples: readonly string[], dists?: readonly string[]) =>
    PYPI.artifacts.ends({ triples, dists }).map(({ end }) => end);
  deepEqual(ends([]), ["wheel-any", "sdist"]);
  deepEqual(ends([], ["sdist"]), ["sdist"]);
  deepEqual(ends(["linux-x64-gnu"], ["wheel"]), ["wheel-linux-x64-gnu"]);
});

test("folders that jobs name, and what dists leaves out, are known by their names", () => {
  const target = (end: string) => PYPI.artifacts.ownFolders!.exec(end)?.[1];
  deepEqual(
    ["-wheel-any", "-wheels-linux", "-sdist", "-wheel-", "-sdist-x", "-wheelsx", "-docs"].map(
      target,
    ),
    ["any", "linux", "sdist", undefined, undefined, undefined, undefined],
  );
});
