/** The files of a document: which others it refers to, and those that these refer to. */
import path from 'node:path';
import { isRecord } from '../../contract/is-record.ts';
import { isAlfredError } from '../../kernel/errors.ts';
import { parsePart } from './parse-document.ts';
import { isData } from './places.ts';

/** Reads another file of a document, by its whole address; `why` it may or can not be read, as the end of a sentence. */
export type ReadPart = (href: string) => Promise<{ text: string } | { why: string }>;

export type DocumentFile = {
  /** Its address, without a fragment; undefined of a document that has none. */
  href: string | undefined;
  /** For people: the last part of its address, without an ending. */
  name: string;
  root: unknown;
};

type Found = { file: DocumentFile; pointer: string } | { why: string };

export type DocumentFiles = {
  /** How many references lead to other files. */
  references: number;
  /** How many of these were read. */
  partCount: number;
  resolve: {
    root: DocumentFile;
    find: (reference: string, from: DocumentFile) => Found;
  };
};

/** DigitalOcean's document, the one of most files that we know, has 1,900. */
const maxFiles = 5_000;

/** References to other files of one file, each once. */
function referencesOf(root: unknown): string[] {
  const found = new Set<string>();
  const rest: { value: unknown; key: string }[] = [{ value: root, key: '' }];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { value, key } = next;
    if (Array.isArray(value)) for (const one of value) rest.push({ value: one, key });
    if (!isRecord(value)) continue;
    if (typeof value.$ref === 'string' && !value.$ref.startsWith('#')) found.add(value.$ref);
    for (const [inner, one] of Object.entries(value))
      if (typeof one === 'object' && !isData(inner, key)) rest.push({ value: one, key: inner });
  }
  return [...found];
}

const nameOf = (href: string): string => {
  const last = new URL(href).pathname.split('/').at(-1) ?? '';
  return last.slice(0, last.length - path.extname(last).length);
};

function addressOf(reference: string, from: DocumentFile): URL | undefined {
  return (from.href === undefined ? null : URL.parse(reference, from.href)) ?? undefined;
}

/** Reads all files that a document is made of, as far as `readPart` lets them be read. @throws what `readPart` throws */
export async function loadFiles(
  document: unknown,
  base: string | undefined,
  readPart: ReadPart | undefined,
): Promise<DocumentFiles> {
  const root: DocumentFile = { href: base, name: 'document', root: document };
  const files = new Map<string, DocumentFile | { why: string }>(base === undefined ? [] : [[base, root]]);
  const waiting: DocumentFile[] = [root];
  let references = 0;
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    for (const reference of referencesOf(file.root)) {
      references += 1;
      const address = addressOf(reference, file);
      if (address === undefined || readPart === undefined) continue;
      address.hash = '';
      const { href } = address;
      if (files.has(href)) continue;
      const read = files.size > maxFiles ? tooMany : await readFile(href, readPart);
      files.set(href, read);
      if ('root' in read) waiting.push(read);
    }
  }
  const find = (reference: string, from: DocumentFile): Found => {
    if (reference.startsWith('#')) return { file: from, pointer: reference };
    const address = addressOf(reference, from);
    if (address === undefined)
      return { why: 'the document came without an address that it could be looked for at' };
    const pointer = address.hash === '' ? '#' : address.hash;
    address.hash = '';
    const file = files.get(address.href) ?? { why: 'other files are not read here' };
    return 'root' in file ? { file, pointer } : file;
  };
  const partCount = [...files.values()].filter((file) => 'root' in file && file !== root).length;
  return { references, partCount, resolve: { root, find } };
}

const tooMany = { why: `the document has more than ${maxFiles} files` };

async function readFile(href: string, readPart: ReadPart): Promise<DocumentFile | { why: string }> {
  const read = await readPart(href);
  if ('why' in read) return read;
  try {
    return { href, name: nameOf(href), root: parsePart(read.text) };
  } catch (error) {
    if (isAlfredError(error, 'E_VALIDATION', 'E_TOO_LARGE'))
      return { why: 'it is neither JSON nor YAML, or too large' };
    throw error;
  }
}
