/**
 * pyproject.toml as `init` reads it: whether it declares a project that can be declared here, and what that is built with
 * (the pyproject.toml specification; maturin's guide, "Configuration").
 *
 * @module
 */

import { isTable, type Table } from "../config/toml_document.ts";
import { isProjectName, normaliseName } from "../pypi/spelling.ts";
import { type FoundPackage, leaveOut, type Manifest, type Need, type Verdict } from "./found.ts";
import { firstVersionOf, folderFrom, tableAt, textAt, textsAt } from "./manifest_values.ts";
import { type Crates, crateVersion } from "./read_cargo.ts";

/** Build backends by the first name of their path. */
const BUILDS: Readonly<Record<string, "setuptools" | "hatch" | "maturin">> = {
  setuptools: "setuptools",
  hatchling: "hatch",
  maturin: "maturin",
};

/** What a pyproject.toml declares. */
export function judgeProject(manifest: Manifest, crates: Crates): Verdict {
  const { table } = manifest;
  const project = tableAt(table, "project");
  const name = textAt(project, "name");
  const backend = backendOf(table);
  const reason = whyNoProject(table) ?? whyUnpublished(table) ?? whyNotBuilt(table, backend);
  if (reason !== undefined || name === undefined || backend === undefined) {
    return leaveOut(manifest, reason ?? "its [project] has no name", name);
  }
  return { found: describe(manifest, { name, build: BUILDS[backend]!, crates }) };
}

function whyNoProject(table: Table): string | undefined {
  if (!isTable(table.project)) {
    const poetry = textAt(tableAt(tableAt(table, "tool"), "poetry"), "name");
    return poetry === undefined
      ? "it has no [project]"
      : "it has no [project], and projects of Poetry's own form are not built with setuptools, hatch or maturin";
  }
  const project = tableAt(table, "project");
  if (textsAt(project, "dynamic").includes("name")) {
    return "its name is dynamic, which [project] does not allow";
  }
  const name = textAt(project, "name");
  if (name === undefined) return "its [project] has no name";
  return isProjectName(name) ? undefined : `PyPI does not take the name ${JSON.stringify(name)}`;
}

function whyUnpublished(table: Table): string | undefined {
  const tool = tableAt(table, "tool");
  // PyPI refuses every classifier that starts so.
  const isPrivate = textsAt(tableAt(table, "project"), "classifiers")
    .some((classifier) => /^private\b/i.test(classifier));
  if (isPrivate) return "it has a classifier Private";
  if (tableAt(tool, "uv").package === false) return "tool.uv says that it is no package";
  return tableAt(tool, "poetry")["package-mode"] === false
    ? "tool.poetry says that it is no package"
    : undefined;
}

/** The backend's name; setuptools without a [build-system] (PEP 517); undefined for one that is written otherwise. */
function backendOf(table: Table): string | undefined {
  const system = tableAt(table, "build-system");
  if (!("build-backend" in system)) return "setuptools";
  return /^[A-Za-z_]\w*/.exec(textAt(system, "build-backend") ?? "")?.[0];
}

function whyNotBuilt(table: Table, backend: string | undefined): string | undefined {
  const system = tableAt(table, "build-system");
  const named = JSON.stringify(system["build-backend"] ?? "");
  if ("backend-path" in system) return `its build backend ${named} is one of its own`;
  if (backend !== undefined && Object.hasOwn(BUILDS, backend)) return undefined;
  return `its build backend is ${named}, and build can be setuptools, hatch or maturin`;
}

function describe(
  manifest: Manifest,
  { name, build, crates }: {
    readonly name: string;
    readonly build: "setuptools" | "hatch" | "maturin";
    readonly crates: Crates;
  },
): FoundPackage {
  const { table, file, folder } = manifest;
  const crate = build === "maturin" ? crateOf(manifest, crates) : undefined;
  const version = textAt(tableAt(table, "project"), "version") ??
    (crate === undefined ? undefined : crateVersion(crate, crates));
  const firstVersion = firstVersionOf("pypi", version);
  const isNative = build === "maturin" || hasExtensions(table);
  return {
    kind: "pypi",
    file,
    folder,
    registryName: name,
    ...(firstVersion === undefined ? {} : { firstVersion }),
    ...(build === "setuptools" ? {} : { build }),
    targets: isNative ? USUAL_WHEELS : [],
    areTargetsGuessed: isNative,
    needs: [
      ...projectNeeds(table),
      ...(crate === undefined
        ? []
        : [{ kind: "crates" as const, what: crate.folder, isWeak: false }]),
    ],
    notes: build === "maturin" && crate === undefined
      ? [`${file} is built with maturin, and its Cargo.toml was not found`]
      : [],
  };
}

/** The crate that maturin builds: the one that `manifest-path` names, else the one beside it or in `rust/`. */
function crateOf({ table, folder }: Manifest, crates: Crates): Manifest | undefined {
  const named = textAt(tableAt(tableAt(table, "tool"), "maturin"), "manifest-path");
  const places = named === undefined ? [".", "rust"] : [`${named}/..`];
  return places.map((place) => crates.get(folderFrom(folder, place) ?? "")).find((crate) =>
    crate !== undefined
  );
}

/** What most wheels are built for, as Rust spells it: pyproject.toml names no targets. */
const USUAL_WHEELS: readonly string[] = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
];

/** Tools that compile what goes into a wheel, so that it fits one platform only. */
const COMPILERS =
  /^(setuptools[-_.]rust|cython|pybind11|nanobind|cffi|mypy|scikit[-_.]build)(?![\w-])/i;

function hasExtensions(table: Table): boolean {
  return textsAt(tableAt(table, "build-system"), "requires").some((name) => COMPILERS.test(name)) ||
    "ext-modules" in tableAt(tableAt(table, "tool"), "setuptools");
}

/** The projects that it requires, also by its extras (PEP 508: a requirement starts with the name). */
function projectNeeds(table: Table): readonly Need[] {
  const project = tableAt(table, "project");
  const extras = tableAt(project, "optional-dependencies");
  const needs = (requirements: readonly string[], isWeak: boolean): readonly Need[] =>
    requirements.flatMap((requirement) => {
      const name = /^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)/.exec(requirement)?.[1];
      return name === undefined ? [] : [{ kind: "pypi", what: normaliseName(name), isWeak }];
    });
  return [
    ...needs(textsAt(project, "dependencies"), false),
    ...needs(Object.keys(extras).flatMap((extra) => textsAt(extras, extra)), true),
  ];
}
