/** The syntax of the console's files, for the tests of its words. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'rolldown/utils';

/** ESTree, with TypeScript's and JSX's nodes; only what is asked for is named. */
export type Node = { type: string; start: number; end: number; [field: string]: unknown };

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

const consoleFolder = path.resolve(import.meta.dirname, '../../../console');

/** Every source file of the console but Core's own page, which is in English alone: its path in `console/` and its syntax. */
export function consoleFiles(): { file: string; text: string; program: Node }[] {
  return readdirSync(consoleFolder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|^fleet\//.test(file))
    .sort()
    .map((file) => {
      const text = readFileSync(path.join(consoleFolder, file), 'utf8');
      return { file, text, program: syntaxOf(file, text) };
    });
}

export function syntaxOf(file: string, text: string): Node {
  const { program, errors } = parseSync(file, text);
  if (errors[0]) throw new SyntaxError(`${file}: ${errors[0].message}`);
  return program as unknown as Node;
}

/** The nodes right within one, types left out. */
export function within(node: Node): { field: string; child: Node }[] {
  return Object.entries(node).flatMap(([field, value]) =>
    [value].flat().flatMap((child: unknown) => (isNode(child) ? [{ field, child }] : [])),
  );
}

/** Of a function that is called: `t` of `t(…)`, `push` of `list.push(…)`. */
export function calleeOf(call: Node): string {
  const callee = call.callee as Node;
  const named = callee.type === 'MemberExpression' ? (callee.property as Node) : callee;
  return String(named.name ?? '');
}

/** The text of a string, or of a template with `{}` for what is put in; undefined for anything else. */
export function stringOf(node: Node): string | undefined {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type !== 'TemplateLiteral') return undefined;
  const quasis = node.quasis as { value: { cooked: string } }[];
  return quasis.map(({ value }) => value.cooked).join('{}');
}
