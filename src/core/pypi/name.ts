/**
 * How PyPI spells project names: in its index, and in the names of files.
 *
 * @module
 */

/** Whether a text is a project name at all: ASCII letters and digits at both ends, `.`, `-` and `_` inside (PEP 508). */
export function isProjectName(name: string): boolean {
  return /^(?:[a-z0-9]|[a-z0-9][a-z0-9._-]*[a-z0-9])$/i.test(name);
}

/** A project's name as the index knows it (PEP 503): lower case, each run of `-`, `_`, `.` one `-`. `"My.Pkg"` → `"my-pkg"`. */
export function normaliseName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

/** A project's name as file names carry it (PEP 625, binary distribution format): normalised, with `_` for `-`. */
export function fileNamePart(name: string): string {
  return normaliseName(name).replaceAll("-", "_");
}

/**
 * What PyPI compares to tell confusable names apart: without `.`, `_`, `-`, lower case, `l` and `i` as `1`, `o` as `0`.
 * Two projects may not share it (pypi/warehouse, migration d18d443f89f0 `ultranormalize_name`).
 */
export function confusableName(name: string): string {
  return name.replace(/[._-]/g, "").replace(/[lLiI]/g, "1").replace(/[oO]/g, "0").toLowerCase();
}
