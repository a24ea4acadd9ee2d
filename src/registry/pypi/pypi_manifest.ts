/**
 * What publishing would refuse about what a pyproject.toml makes.
 *
 * @module
 */

import { join } from "node:path";
import type { Found } from "../../core/doctor/finding.ts";
import type { ManifestReading } from "../../core/doctor/manifest_facts.ts";
import { isTable, readToml, type Table } from "../../core/config/toml_document.ts";
import { tableAt, textAt } from "../../core/init/manifest_values.ts";
import { readPyproject } from "../../core/manifest/pyproject.ts";
import { compileGlobs } from "../../core/model/glob.ts";
import type { PypiPackage } from "../../core/model/package.ts";
import { projectBuild } from "../../core/pypi/project_build.ts";
import { normaliseName } from "../../core/pypi/spelling.ts";
import { Failure } from "../../error.ts";
import { kindOfPath, readTextIfThere } from "../../host/files.ts";
import { manifestPath, type ManifestPlace, type ManifestReader } from "../manifest_reader.ts";

/** Makes the reader. A project with a setup.py alone has nothing that could be read. */
export function readPypiManifests({ root }: ManifestPlace): ManifestReader {
  return async (pkg) => {
    const file = manifestPath(pkg, "pyproject.toml");
    const nothing = { file, repositories: [], hasLicense: undefined, oddities: [] };
    try {
      const text = await readTextIfThere(join(root, file));
      if (text === undefined) return { ...nothing, refusals: [missing(pkg.name, file)] };
      const table = readToml(text, file);
      const project = pkg as PypiPackage;
      return {
        ...nothing,
        ...fieldsOf(table),
        refusals: [...otherName(project, { text, file }), ...otherBuild(project, { table, file })],
        oddities: [
          ...notIncluded(project, { table, file }),
          ...await missingProgram(project, root),
        ],
      };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { ...nothing, refusals: [error] };
    }
  };
}

function fieldsOf(table: Table): Pick<ManifestReading, "repositories" | "hasLicense"> {
  const project = tableAt(table, "project");
  const urls = Object.entries(tableAt(project, "urls")).filter(([label]) =>
    /^(?:repository|source|source[ _-]?code|github|code)$/i.test(label)
  );
  const classifiers = JSON.stringify(project.classifiers ?? []);
  const poetry = tableAt(tableAt(table, "tool"), "poetry");
  return {
    repositories: urls.flatMap(([, url]) => typeof url === "string" ? [url] : []),
    hasLicense: ["license", "license-files"].some((key) => key in project) || "license" in poetry ||
      classifiers.includes("License ::") ||
      (Array.isArray(project.dynamic) && project.dynamic.includes("license")) ||
      !isTable(table.project),
  };
}

function otherName(
  { name, registryName }: PypiPackage,
  { text, file }: { readonly text: string; readonly file: string },
): readonly Failure[] {
  const found = readPyproject(text, file).name;
  if (found === undefined || normaliseName(found) === normaliseName(registryName)) return [];
  return [
    new Failure(
      "PIOT_PYPROJECT_INVALID",
      `Cannot publish ${name}: ${file} names the project "${found}", putitoutthere.toml "${registryName}"`,
      {
        hint: `Set \`pypi = "${found}"\` in putitoutthere.toml, or mend \`name\``,
        location: { file },
      },
    ),
  ];
}

function otherBuild(
  { name, build }: PypiPackage,
  { table, file }: { readonly table: Table; readonly file: string },
): readonly Failure[] {
  const found = projectBuild(table);
  if (!("build" in found) || found.build === build) return [];
  return [
    new Failure(
      "PIOT_PYPROJECT_INVALID",
      `Cannot build ${name} with ${build}: ${file} is built with ${found.build}`,
      { hint: `Set \`build = "${found.build}"\` in putitoutthere.toml`, location: { file } },
    ),
  ];
}

/** maturin takes along what git ignores only where `include` names it (maturin's guide, "Source distribution"). */
function notIncluded(
  { build, bundleCli }: PypiPackage,
  { table, file }: { readonly table: Table; readonly file: string },
): readonly Found[] {
  if (build !== "maturin" || bundleCli === undefined) return [];
  const maturin = tableAt(tableAt(table, "tool"), "maturin");
  const source = textAt(maturin, "python-source");
  const staged = `${bundleCli.stageTo.replace(/\/+$/, "")}/${bundleCli.bin}`;
  const paths = source === undefined
    ? [staged]
    : [staged, `${source.replace(/\/+$/, "")}/${staged}`];
  const patterns = (Array.isArray(maturin.include) ? maturin.include : []).flatMap((item) =>
    typeof item === "string" ? [item] : isTable(item) ? [textAt(item, "path") ?? []].flat() : []
  );
  const matches = compileGlobs(patterns);
  if (paths.some((path) => matches(path))) return [];
  return [{
    message:
      `\`include\` of [tool.maturin] does not name ${bundleCli.stageTo}, where ${bundleCli.bin} is put`,
    location: { file },
  }];
}

/** A program of a crate: named under `[[bin]]`, or found where cargo looks for one (cargo's book, "Cargo Targets"). */
async function missingProgram(
  { name, bundleCli }: PypiPackage,
  root: string,
): Promise<readonly Found[]> {
  if (bundleCli === undefined) return [];
  const { bin, cratePath } = bundleCli;
  const file = cratePath === "." ? "Cargo.toml" : `${cratePath}/Cargo.toml`;
  const text = await readTextIfThere(join(root, file));
  const weight = "failed" as const;
  const mend = "Mend `bin` or `crate_path` under [package.bundle_cli]";
  if (text === undefined) {
    const message = `${name} bundles ${bin} of the crate in ${cratePath}, and there is no ${file}`;
    return [{ message, mend, weight }];
  }
  const table = readToml(text, file);
  const declared = Array.isArray(table.bin) ? table.bin : [];
  if (declared.some((one) => isTable(one) && textAt(one, "name") === bin)) return [];
  const isOwn = textAt(tableAt(table, "package"), "name") === bin;
  const places = [...isOwn ? ["src/main.rs"] : [], `src/bin/${bin}.rs`, `src/bin/${bin}/main.rs`];
  const found = await Promise.all(
    places.map((place) => kindOfPath(join(root, cratePath, place))),
  );
  if (found.includes("file")) return [];
  const message = `${name} bundles ${bin}, and ${file} has no program of that name`;
  return [{ message, mend, weight, location: { file } }];
}

function missing(name: string, file: string): Failure {
  return new Failure("PIOT_PYPROJECT_INVALID", `Cannot publish ${name}: there is no ${file}`, {
    hint: "Set `path` in putitoutthere.toml to the folder that has the project's pyproject.toml",
    location: { file },
  });
}
