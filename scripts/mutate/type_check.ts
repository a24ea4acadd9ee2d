/**
 * Whether a file with a mutant in it still type-checks. In this process and file by file, since every export declares its
 * type: what is wrong shows in the file itself, at a tenth of the time that `deno check` takes.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** Tells whether a file would type-check if it had another text. */
export type TypeChecks = (path: string, text: string) => boolean;

/** Gets ready to check files below a folder, by the `compilerOptions` of its `deno.json`. */
export function openTypeCheck(root: string, paths: readonly string[]): TypeChecks {
  const changed = new Map<string, { readonly version: number; readonly text: string }>();
  const service = ts.createLanguageService({
    getCompilationSettings: () => settingsOf(root),
    getScriptFileNames: () => paths.map((path) => join(root, path)),
    getScriptVersion: (name) => String(changed.get(name)?.version ?? 0),
    getScriptSnapshot: (name) => {
      const text = changed.get(name)?.text ?? ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    ...(ts.sys.realpath === undefined ? {} : { realpath: ts.sys.realpath }),
  });
  let version = 0;
  return (path, text) => {
    const name = join(root, path);
    changed.set(name, { version: ++version, text });
    const problems = [
      ...service.getSyntacticDiagnostics(name),
      ...service.getSemanticDiagnostics(name),
    ];
    changed.set(name, { version: ++version, text: readFileSync(name, "utf8") });
    return problems.length === 0;
  };
}

function settingsOf(root: string): ts.CompilerOptions {
  const { compilerOptions } = JSON.parse(readFileSync(join(root, "deno.json"), "utf8"));
  const { lib, ...strict } = compilerOptions;
  return {
    ...strict,
    lib: lib.map((name: string) => `lib.${name}.d.ts`),
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    noEmit: true,
    skipLibCheck: true,
    esModuleInterop: true,
    types: ["node"],
  };
}
