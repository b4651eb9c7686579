/**
 * Reads every OpenAPI document of a folder, however many, and compares the tools with what stands in the document, counted by
 * nothing of Alfred's: operations, parameters, what is required, bodies, and whether each schema is one.
 * Run by hand: node tests/compat/apis/collection.ts FOLDER. It fails where anything is lost without a word.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { compileApi } from '../../../src/connections/openapi/compile-api.ts';
import type { Api, Operation } from '../../../src/connections/openapi/operation.ts';
import { resolvePointer } from '../../../src/connections/openapi/references.ts';
import { isRecord } from '../../../src/contract/is-record.ts';
import { messageOf } from '../../../src/kernel/errors.ts';
import { read } from './count-operations.ts';

type Fields = Record<string, unknown>;

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];
/** OpenAPI says to pass over the first three; the others are the HTTP layer's. */
const ofHttp =
  /^(accept|content-type|authorization|host|content-length|connection|transfer-encoding|cookie|user-agent)$/i;

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Say in which folder the documents are');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(json|ya?ml)$/.test(name))
  .sort();

const totals = { documents: 0, operations: 0, tools: 0 };
const refused = new Map<string, string[]>();
const unusable = new Map<string, string[]>();
const lost: string[] = [];

for (const name of files) {
  const at = path.join(folder, name);
  try {
    const document = read(at);
    const api = await compileApi({
      text: readFileSync(at, 'utf8'),
      base: pathToFileURL(at).href,
      operations: [],
      server: { variables: {}, baseUrl: 'https://given.test' },
      include: [],
      covered: [],
    });
    totals.documents += 1;
    totals.tools += api.operations.length;
    for (const { unusable: why = '' } of api.unusable) note(unusable, why, name);
    lost.push(...compare(document, api).map((what) => `${name}: ${what}`));
  } catch (error) {
    note(refused, messageOf(error), name);
  }
}

process.stdout.write(
  `${totals.documents} of ${files.length} documents, ${totals.operations} operations, ${totals.tools} tools\n`,
);
show('Documents that are refused', refused);
show('Operations that are no tools, with what is said', unusable);
process.stdout.write(`Lost without a word: ${lost.length}\n${lost.map((one) => `  ${one}\n`).join('')}`);
process.exitCode = lost.length === 0 ? 0 : 1;

/** Alike but for names and numbers is one line. */
function note(all: Map<string, string[]>, why: string, name: string): void {
  const kind = why.replace(/"[^"]*"|(?<=of )[A-Z]+ \/[^,]*|https?:\/\/\S+|\d+/g, '…');
  all.set(kind, [...(all.get(kind) ?? []), name]);
}

function show(title: string, all: Map<string, string[]>): void {
  process.stdout.write(`${title}:\n`);
  for (const [why, names] of [...all].sort(([, a], [, b]) => b.length - a.length))
    process.stdout.write(`${String(names.length).padStart(6)} ${why} (${names[0]})\n`);
}

/** What the document has and no tool. */
function compare(document: Fields, api: Api): string[] {
  const byRequest = new Map(api.operations.map((one) => [`${one.method} ${one.path}?${one.query}`, one]));
  const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });
  const said = new Set(api.unusable.map(({ description = '' }) => description.slice(0, 100)));
  return Object.entries(isRecord(document.paths) ? document.paths : {}).flatMap(([template, entry]) => {
    const item = follow(document, entry);
    return Object.entries(item).flatMap(([key, given]) => {
      if (!methods.includes(key) || !isRecord(given)) return [];
      totals.operations += 1;
      const request = `${key.toUpperCase()} ${template}`;
      const [sent = '', query = ''] = (template.split('#')[0] ?? '').split('?');
      const braced = sent.replace(/(?<=\/):(\w+)(?=\/|$)/g, '{$1}');
      const operation = byRequest.get(`${key.toUpperCase()} ${braced}?${query}`);
      if (operation === undefined) return said.has(request.slice(0, 100)) ? [] : [`${request} is no tool`];
      const what = [
        ...lostParameters(document, [item.parameters, given.parameters].flat(), template, operation),
        ...lostBody(follow(document, given.requestBody), key, operation),
        ...problemsOf(ajv, operation),
      ];
      return what.map((one) => `${request}: ${one}`);
    });
  });
}

function lostParameters(
  document: Fields,
  given: unknown[],
  template: string,
  { parameters, tool }: Operation,
): string[] {
  if (/ more parameters of it, all optional/.test(tool.description ?? '')) return [];
  return given.flatMap((entry) => {
    const { name, in: place, required } = follow(document, entry);
    if (typeof name !== 'string' || !['path', 'query', 'header', 'cookie'].includes(String(place))) return [];
    if (place === 'header' && (ofHttp.test(name) || !/^[\w!#$%&'*+.^`|~-]+$/.test(name))) return [];
    if (place === 'path' && !template.includes(`{${name}}`) && !template.includes(`{+${name}}`)) return [];
    const plan = parameters.find((one) => one.in === place && one.name === name.replace(/^\+/, ''));
    if (plan === undefined) return [`${String(place)} parameter "${name}" is not asked for`];
    return required === true && !plan.required ? [`"${name}" is not required`] : [];
  });
}

function lostBody({ content }: Fields, method: string, { body }: Operation): string[] {
  const isExpected = isRecord(content) && Object.keys(content).length > 0 && !/^(get|head)$/.test(method);
  return isExpected && body === undefined ? ['its body is not asked for'] : [];
}

function problemsOf(ajv: Ajv2020, { tool }: Operation): string[] {
  try {
    ajv.compile(tool.inputSchema);
  } catch (error) {
    return [`its schema is none: ${messageOf(error)}`];
  }
  return /^[\w-]{1,64}$/.test(tool.name) ? [] : [`its name is none: ${tool.name}`];
}

/** What a reference within the document leads to. */
function follow(document: Fields, value: unknown): Fields {
  let next = value;
  for (let times = 0; times < 20 && isRecord(next) && typeof next.$ref === 'string'; times++)
    next = resolvePointer(document, next.$ref);
  return isRecord(next) ? next : {};
}
