/**
 * The lint rules that hold the walls of `scripts/walls.ts` up.
 *
 * @module
 */

/// <reference lib="deno.ns" />
/// <reference lib="deno.unstable" />
import { judgeImport, placeOf } from "./walls.ts";

interface SourceNode {
  readonly source?: { readonly value?: unknown } | null;
}

function imports(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  const judge = (node: Deno.lint.Node): void => {
    const value = (node as SourceNode).source?.value;
    if (typeof value !== "string") return;
    const verdict = judgeImport(context.filename, value);
    if (verdict !== undefined) context.report({ node, message: verdict });
  };
  return {
    ImportDeclaration: judge,
    ExportNamedDeclaration: judge,
    ExportAllDeclaration: judge,
    ImportExpression: judge,
  };
}

function noDeno(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  return {
    Identifier: (node): void => {
      if (node.name !== "Deno" || placeOf(context.filename).inner === undefined) return;
      context.report({ node, message: "src/ runs on Node too: no Deno.*" });
    },
  };
}

const plugin: Deno.lint.Plugin = {
  name: "walls",
  rules: { imports: { create: imports }, "no-deno": { create: noDeno } },
};

export default plugin;
