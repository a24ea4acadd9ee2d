/**
 * Small changes of a source that its tests should notice: each breaks one thing, and nothing else. Of texts that people
 * read the words are not changed, which a test would only repeat; a function that gives no text at all, and something that
 * is not told, are faults like others.
 *
 * @module
 */

import ts from "typescript";

/** The kinds of change. */
export type Mutator =
  | "negate"
  | "never"
  | "and-or"
  | "equality"
  | "bound"
  | "drop-statement"
  | "drop-throw"
  | "drop-await"
  | "drop-element"
  | "drop-link"
  | "drop-fallback"
  | "swap-branches"
  | "empty"
  | "boolean"
  | "some-every";

/** One change of one file. */
export interface Mutant {
  /** Names it as long as its own text and those before it that are alike stay: `PATH MUTATOR TEXT #2`. */
  readonly id: string;
  readonly path: string;
  /** Where the changed text begins; counted from 1. */
  readonly line: number;
  /** What a test has to run one line of in order to notice: the change and the lines beside it, or what runs no more. */
  readonly run: { readonly first: number; readonly last: number };
  readonly mutator: Mutator;
  /** Where the changed text begins and ends, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** What stands there instead. */
  readonly text: string;
}

/** A change as a mutator proposes it: of a node's text, or of a stretch of the source. */
type Change = readonly [
  mutator: Mutator,
  at: ts.Node | Stretch,
  text: string,
  /** What a test has to run in order to notice; what is changed by default. */
  run?: ts.Node,
];
interface Stretch {
  readonly from: number;
  readonly to: number;
}

const { SyntaxKind } = ts;

const SWAPPED: ReadonlyMap<ts.SyntaxKind, readonly [Mutator, string]> = new Map([
  [SyntaxKind.AmpersandAmpersandToken, ["and-or", "||"]],
  [SyntaxKind.BarBarToken, ["and-or", "&&"]],
  [SyntaxKind.EqualsEqualsEqualsToken, ["equality", "!=="]],
  [SyntaxKind.ExclamationEqualsEqualsToken, ["equality", "==="]],
  [SyntaxKind.LessThanToken, ["bound", "<="]],
  [SyntaxKind.LessThanEqualsToken, ["bound", "<"]],
  [SyntaxKind.GreaterThanToken, ["bound", ">="]],
  [SyntaxKind.GreaterThanEqualsToken, ["bound", ">"]],
]);

/** A statement in place of another. Not `;`, which TypeScript does not take after an `if`. */
const NOTHING = "{}";

/** Links of a chain that can be left out, and what stays is of the same type. */
const LINKS: ReadonlySet<string> = new Set([
  "filter",
  "sort",
  "toSorted",
  "reverse",
  "slice",
  "trim",
]);

/** Every mutant of a source file, in the order of its text. */
export function mutantsIn(path: string, source: string): readonly Mutant[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const seen = new Map<string, number>();
  const mutants: Mutant[] = [];
  const lineAt = (place: number): number => file.getLineAndCharacterOfPosition(place).line + 1;
  const visit = (node: ts.Node): void => {
    // What a type or an import says, the compiler checks.
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node)) {
      return;
    }
    for (const [mutator, at, text, ran] of changesOf(node, file)) {
      const [start, end] = "from" in at ? [at.from, at.to] : [at.getStart(file), at.end];
      const name = `${path} ${mutator} ${source.slice(start, end).replace(/\s+/g, " ")}`;
      const nth = (seen.get(name) ?? 0) + 1;
      seen.set(name, nth);
      // A line of which a part is not run counts as not run: then those beside it tell.
      const run = ran === undefined
        ? { first: lineAt(start) - 1, last: lineAt(end) + 1 }
        : { first: lineAt(ran.getStart(file)), last: lineAt(ran.end) };
      const id = `${name} #${nth}`;
      mutants.push({ id, path, line: lineAt(start), run, mutator, start, end, text });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return mutants;
}

/** The source with one mutant in it. */
export function mutate(source: string, { start, end, text }: Mutant): string {
  return source.slice(0, start) + text + source.slice(end);
}

function changesOf(node: ts.Node, file: ts.SourceFile): readonly Change[] {
  const textOf = (part: ts.Node): string => part.getText(file);
  const negated = (part: ts.Expression): Change => ["negate", part, `!(${textOf(part)})`];
  if (ts.isIfStatement(node)) return ofIf(node, file);
  if (ts.isWhileStatement(node)) return [negated(node.expression)];
  if (ts.isConditionalExpression(node)) {
    const { condition, whenTrue, whenFalse } = node;
    const swapped = `${textOf(condition)} ? ${textOf(whenFalse)} : ${textOf(whenTrue)}`;
    return [["swap-branches", node, swapped]];
  }
  if (ts.isBinaryExpression(node)) return ofOperator(node, file);
  if (ts.isExpressionStatement(node)) return [["drop-statement", node, NOTHING]];
  if (ts.isThrowStatement(node)) return [["drop-throw", node, NOTHING]];
  if (ts.isAwaitExpression(node)) {
    return isForCaller(node) ? [] : [["drop-await", node, textOf(node.expression)]];
  }
  if (ts.isArrayLiteralExpression(node)) return ofArray(node);
  if (ts.isReturnStatement(node) && node.expression) return ofReturned(node.expression);
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return ofReturned(node.body);
  if (node.kind === SyntaxKind.TrueKeyword) return [["boolean", node, "false"]];
  if (node.kind === SyntaxKind.FalseKeyword) return [["boolean", node, "true"]];
  if (ts.isPrefixUnaryExpression(node) && node.operator === SyntaxKind.ExclamationToken) {
    return [["negate", node, textOf(node.operand)]];
  }
  return ts.isCallExpression(node) ? ofCall(node, file) : [];
}

/** What is returned is awaited by the caller as well: that changes nothing, but for a `try` or a `using` around it. */
function isForCaller({ parent }: ts.AwaitExpression): boolean {
  let statement: ts.Node = parent;
  while (ts.isConditionalExpression(statement) || ts.isParenthesizedExpression(statement)) {
    statement = statement.parent;
  }
  if (!ts.isReturnStatement(statement)) return false;
  for (let at: ts.Node = statement; !ts.isFunctionLike(at); at = at.parent) {
    if (ts.isTryStatement(at)) return false;
    const isUsing = (other: ts.Statement): boolean =>
      ts.isVariableStatement(other) &&
      (other.declarationList.flags & ts.NodeFlags.Using) === ts.NodeFlags.Using;
    if (ts.isBlock(at) && at.statements.some(isUsing)) return false;
    if (at.parent === undefined) return true;
  }
  return true;
}

function ofIf(node: ts.IfStatement, file: ts.SourceFile): readonly Change[] {
  const { expression, thenStatement, elseStatement } = node;
  const condition = expression.getText(file);
  if (elseStatement !== undefined) {
    const [then, other] = [thenStatement.getText(file), elseStatement.getText(file)];
    return [["swap-branches", node, `if (!(${condition})) { ${then} } else { ${other} }`]];
  }
  const first = ts.isBlock(thenStatement) ? thenStatement.statements[0] : undefined;
  const never: Change = ["never", expression, `(${condition}) && false`, first ?? thenStatement];
  // Its own mutator negates it already.
  const isNegatable = ts.isPrefixUnaryExpression(expression) ||
    (ts.isBinaryExpression(expression) &&
      SWAPPED.get(expression.operatorToken.kind)?.[0] === "equality");
  return isNegatable ? [never] : [["negate", expression, `!(${condition})`], never];
}

function ofOperator(node: ts.BinaryExpression, file: ts.SourceFile): readonly Change[] {
  const { left, operatorToken: operator, right } = node;
  if (operator.kind === SyntaxKind.QuestionQuestionToken) {
    return [["drop-fallback", node, left.getText(file)]];
  }
  const swapped = SWAPPED.get(operator.kind);
  if (swapped === undefined) return [];
  const [mutator, text] = swapped;
  const isLogic = mutator === "and-or";
  const side = (part: ts.Expression): string =>
    // `a && b || c` means another thing than `a || b && c`.
    isLogic ? `(${part.getText(file)})` : part.getText(file);
  return [[mutator, node, `(${side(left)} ${text} ${side(right)})`]];
}

/** A list without each of its elements in turn, and without any. */
function ofArray({ elements, end }: ts.ArrayLiteralExpression): readonly Change[] {
  if (elements.length === 0) return [];
  if (elements.length === 1) return [["empty", { from: elements.pos, to: end - 1 }, ""]];
  return elements.map((element, index): Change => {
    const last = index === elements.length - 1;
    const from = last ? elements[index - 1]!.end : element.pos;
    const to = last ? element.end : elements[index + 1]!.pos;
    return ["drop-element", { from, to }, ""];
  });
}

function ofReturned(expression: ts.Expression): readonly Change[] {
  const inner = ts.isParenthesizedExpression(expression) ? expression.expression : expression;
  if (ts.isTemplateExpression(inner)) return [["empty", inner, '""']];
  if (ts.isStringLiteral(inner) && inner.text !== "") return [["empty", inner, '""']];
  if (ts.isArrayLiteralExpression(inner) && inner.elements.length > 1) {
    return [["empty", inner, "[]"]];
  }
  const isObject = ts.isObjectLiteralExpression(inner) && inner.properties.length > 0;
  return isObject ? [["empty", inner, "{}"]] : [];
}

function ofCall(node: ts.CallExpression, file: ts.SourceFile): readonly Change[] {
  if (!ts.isPropertyAccessExpression(node.expression)) return [];
  const { name, expression } = node.expression;
  if (LINKS.has(name.text) && !ts.isExpressionStatement(node.parent)) {
    return [["drop-link", node, expression.getText(file)]];
  }
  const other = { some: "every", every: "some" }[name.text];
  return other === undefined ? [] : [["some-every", name, other]];
}
