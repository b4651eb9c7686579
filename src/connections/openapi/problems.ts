/** What of a document is not as OpenAPI has it and matters to whoever calls: it is used all the same, and its owner is told. */
import type { Found } from './input-schema.ts';
import { type JsonObject, listOf, own, shorten, textOf } from './json.ts';
import { isData } from './places.ts';
import { dereference, resolvePointer } from './references.ts';
import { namesIn, pathNameOf, splitPath } from './request-path.ts';

const mostProblems = 10;

/** References that lead nowhere, and names in paths that no parameter stands for. */
export function problemsOf(document: JsonObject, found: readonly Found[]): string[] {
  const lost = [...referencesOf(document)]
    .filter((reference) => resolvePointer(document, reference) === undefined)
    .map((reference) => `it refers to ${shorten(reference, 150)}, which is not there`);
  const unnamed = found.flatMap((one) => pathProblems(document, one));
  return [...lost, ...unnamed].slice(0, mostProblems);
}

/** Each once, of those within the document. */
function referencesOf(document: JsonObject): Set<string> {
  const found = new Set<string>();
  const rest: { value: unknown; key: string }[] = [{ value: document, key: '' }];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { value, key } = next;
    if (Array.isArray(value)) for (const one of value) rest.push({ value: one, key });
    else if (typeof value === 'object' && value !== null) {
      for (const [inner, one] of Object.entries(value)) {
        if (inner === '$ref' && typeof one === 'string' && one.startsWith('#')) found.add(one);
        else if (typeof one === 'object' && !isData(inner, key)) rest.push({ value: one, key: inner });
      }
    }
  }
  return found;
}

function pathProblems(document: JsonObject, { method, path, operation, pathItem }: Found): string[] {
  const inPath = new Set(namesIn(splitPath(path).path).map(({ name }) => name));
  const declared = new Set(
    [...listOf(own(pathItem, 'parameters')), ...listOf(own(operation, 'parameters'))]
      .map((parameter) => dereference(document, parameter))
      .filter((parameter) => own(parameter, 'in') === 'path')
      .flatMap((parameter) => textOf(own(parameter, 'name')) ?? [])
      .map((written) => pathNameOf(written).name),
  );
  const at = shorten(`${method} ${path}`, 100);
  return [
    ...[...inPath]
      .filter((name) => !declared.has(name))
      .map((name) => `no parameter is described for {${shorten(name, 40)}} of ${at}`),
    ...[...declared]
      .filter((name) => !inPath.has(name))
      .map((name) => `the path parameter "${shorten(name, 40)}" is not in ${at}`),
  ];
}
