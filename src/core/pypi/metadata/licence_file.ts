/**
 * Which paths `License-File` may have (PEP 639), as `packaging` reads them: relative, resolved, with `/` between their parts.
 *
 * @module
 */

/** Why a path is none, as a clause; undefined for one that PyPI takes. */
export function licenceFileProblem(path: string): string | undefined {
  if (/^\/|^[a-z]:[\\/]|^\\\\/i.test(path)) return "is not a relative path below the project";
  // PyPI looks for the two dots anywhere, in names as well.
  if (path.includes("..")) return 'has ".." in it';
  if (path.includes("*")) return "is a pattern, and the files themselves are to be named";
  if (path.includes("\\")) return "has \\ for /";
  return /^$|^\.?\/|\/\/|\/\.?$|\/\.\//.test(path) ? "is not spelled as a path is" : undefined;
}
