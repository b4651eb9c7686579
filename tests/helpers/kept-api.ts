/**
 * What programs rely on in an OpenAPI document, as it was kept: operations, parameters, fields. More may come; nothing may go, and
 * nothing more may be asked. After a change that is meant: ALFRED_KEEP_API=runSkill,listSkills npm test -- src/http/openapi.test.ts
 * core/openapi.test.ts, which keeps these as they are now; with ALFRED_KEEP_API=1 all of them.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

type Schema = { $ref?: string; required?: string[]; properties?: Record<string, Schema>; items?: Schema };
type Parameter = { name: string; in: string; required?: boolean };
type Body = { required?: boolean; content?: Record<string, { schema?: Schema }> };
export type OpenApiDocument = {
  paths: Record<
    string,
    Record<
      string,
      {
        operationId?: string;
        parameters?: Parameter[];
        requestBody?: Body;
        responses: Record<string, { content?: Record<string, { schema?: Schema }> }>;
      }
    >
  >;
  components?: { schemas?: Record<string, Schema> };
};

type KeptOperation = {
  place: string;
  parameters: string[];
  /** What must be sent: parameters, the body, its fields. */
  asked: string[];
  /** What may be sent in the body, and what comes in an answer: by name, two levels deep. */
  sent: string[];
  answered: string[];
};
export type KeptApi = Record<string, KeptOperation>;

/** The names of an object's fields, and of those in them: `items[].id`. */
function fieldsOf(document: OpenApiDocument, schema: Schema | undefined, depth = 3, prefix = ''): string[] {
  const name = schema?.$ref?.split('/').at(-1);
  const found = name === undefined ? schema : document.components?.schemas?.[name];
  if (found === undefined || depth === 0) return [];
  if (found.items) return fieldsOf(document, found.items, depth, `${prefix}[]`);
  return Object.entries(found.properties ?? {}).flatMap(([field, inner]) => {
    const whole = prefix === '' ? field : `${prefix}.${field}`;
    return [whole, ...fieldsOf(document, inner, depth - 1, whole)];
  });
}

function requiredOf(document: OpenApiDocument, schema: Schema | undefined): string[] {
  const name = schema?.$ref?.split('/').at(-1);
  return (name === undefined ? schema : document.components?.schemas?.[name])?.required ?? [];
}

/** What is kept of a document. */
export function keptOf(document: OpenApiDocument): KeptApi {
  const kept: KeptApi = {};
  for (const [route, operations] of Object.entries(document.paths)) {
    for (const [method, { operationId, parameters = [], requestBody, responses }] of Object.entries(
      operations,
    )) {
      if (operationId === undefined) continue;
      const body = Object.values(requestBody?.content ?? {})[0]?.schema;
      const named = parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
      kept[operationId] = {
        place: `${method.toUpperCase()} ${route}`,
        parameters: named.sort(),
        asked: [
          ...parameters
            .filter(({ required }) => required)
            .map((parameter) => `${parameter.in} ${parameter.name}`),
          ...(requestBody?.required ? ['body'] : []),
          ...requiredOf(document, body).map((field) => `body ${field}`),
        ].sort(),
        sent: fieldsOf(document, body).sort(),
        answered: Object.entries(responses)
          .filter(([status]) => status !== 'default')
          .flatMap(([status, { content = {} }]) => [
            status,
            ...Object.entries(content).flatMap(([type, { schema }]) => [
              `${status} ${type}`,
              ...fieldsOf(document, schema).map((field) => `${status} ${field}`),
            ]),
          ])
          .sort(),
      };
    }
  }
  return Object.fromEntries(Object.entries(kept).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What a program that was written against `before` would miss in `now`; or would have to send that it did not. */
export function breaksBetween(before: KeptApi, now: KeptApi): string[] {
  return Object.entries(before).flatMap(([name, was]) => {
    const is = now[name];
    if (!is) return [`${name} is gone`];
    const gone = (what: 'parameters' | 'sent' | 'answered') =>
      was[what].filter((one) => !is[what].includes(one)).map((one) => `${name}: ${what} no more: ${one}`);
    return [
      ...(was.place === is.place ? [] : [`${name} moved from ${was.place} to ${is.place}`]),
      ...gone('parameters'),
      ...gone('sent'),
      ...gone('answered'),
      ...is.asked.filter((one) => !was.asked.includes(one)).map((one) => `${name} now asks for ${one}`),
    ];
  });
}

/** One operation a line. */
const fileOf = (name: string): string => path.resolve(import.meta.dirname, `../kept/${name}.ndjson`);

async function readKept(name: string): Promise<KeptApi> {
  const lines = (await readFile(fileOf(name), 'utf8')).trimEnd().split('\n');
  return Object.fromEntries(lines.map((line) => JSON.parse(line) as [string, KeptOperation]));
}

/** What is kept from now on: of the operations that are `chosen` what they are, of others what they were. */
function keepAnew(before: KeptApi, now: KeptApi, chosen: string): KeptApi {
  if (chosen === '1') return now;
  const names = chosen.split(',');
  const all = [...new Set([...Object.keys(before), ...names])].sort();
  return Object.fromEntries(
    all.flatMap((name): [string, KeptOperation][] => {
      const kept = names.includes(name) ? now[name] : before[name];
      return kept === undefined ? [] : [[name, kept]];
    }),
  );
}

/** The breaks of a document since it was kept; with ALFRED_KEEP_API it is kept as it is now. */
export async function breaksSinceKept(
  name: 'api-vm' | 'api-core',
  document: OpenApiDocument,
): Promise<string[]> {
  const now = keptOf(document);
  const chosen = process.env.ALFRED_KEEP_API;
  if (chosen) {
    const kept = keepAnew(await readKept(name), now, chosen);
    const lines = Object.entries(kept).map((entry) => `${JSON.stringify(entry)}\n`);
    await writeFile(fileOf(name), lines.join(''));
  }
  return breaksBetween(await readKept(name), now);
}
