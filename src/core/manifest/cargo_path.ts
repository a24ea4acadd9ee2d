/**
 * Folders as manifests name them: absolute or relative, always with `/`.
 *
 * @module
 */

/** A path below a folder, with `.` and `..` resolved: `("/w/b", "../a")` → `/w/a`. Both sides may use `\`. */
export function joinFolder(folder: string, path: string): string {
  const forward = path.replaceAll("\\", "/");
  const isAbsolute = forward.startsWith("/") || /^[A-Za-z]:\//.test(forward);
  const whole = isAbsolute ? forward : `${folder.replaceAll("\\", "/")}/${forward}`;
  const parts: string[] = [];
  for (const part of whole.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return (whole.startsWith("/") ? "/" : "") + parts.join("/");
}
