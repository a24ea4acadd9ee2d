/**
 * What a project is built with, and why one is no package to declare, from its pyproject.toml (the pyproject.toml
 * specification).
 *
 * @module
 */

import { isTable, type Table } from "../config/toml_document.ts";
import { tableAt, textAt, textsAt } from "../init/manifest_values.ts";
import type { PypiPackage } from "../model/package.ts";
import { isProjectName } from "./spelling.ts";

/** What a project is built with, or why it cannot be declared, as a clause. */
export type ProjectBuild =
  | { readonly build: PypiPackage["build"] }
  | { readonly reason: string };

/** Build backends by the first name of their path. */
const BUILDS: ReadonlyMap<string | undefined, PypiPackage["build"]> = new Map([
  ["setuptools", "setuptools"],
  ["hatchling", "hatch"],
  ["maturin", "maturin"],
]);

/** Reads `[build-system]` of a project that can be declared. */
export function projectBuild(table: Table): ProjectBuild {
  const reason = whyNoProject(table) ?? whyUnpublished(table);
  if (reason !== undefined) return { reason };
  const system = tableAt(table, "build-system");
  const named = JSON.stringify(system["build-backend"] ?? "");
  if ("backend-path" in system) return { reason: `its build backend ${named} is one of its own` };
  const build = BUILDS.get(backendOf(system));
  return build === undefined
    ? { reason: `its build backend is ${named}, and build can be setuptools, hatch or maturin` }
    : { build };
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
function backendOf(system: Table): string | undefined {
  if (!("build-backend" in system)) return "setuptools";
  return /^[A-Za-z_]\w*/.exec(textAt(system, "build-backend") ?? "")?.[0];
}

/** Tools that compile what goes into a wheel, so that it fits one platform only. */
const COMPILERS =
  /^(setuptools[-_.]rust|cython|pybind11|nanobind|cffi|mypy|scikit[-_.]build)(?![\w-])/i;

/** Whether wheels of a project fit one platform each, since its build compiles extensions; maturin's always do. */
export function hasExtensions(table: Table): boolean {
  const tool = tableAt(table, "tool");
  return textsAt(tableAt(table, "build-system"), "requires").some((name) => COMPILERS.test(name)) ||
    "ext-modules" in tableAt(tool, "setuptools") || "cibuildwheel" in tool;
}
