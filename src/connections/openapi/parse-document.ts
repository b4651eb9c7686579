/**
 * Text of an OpenAPI document to data, in bounds whatever the text is: size, depth, number of values, YAML aliases.
 * No message quotes the text; it may come from a file or server that the caller could not read otherwise.
 */

import { parse, YAMLParseError } from 'yaml';
import { isRecord } from '../../contract/is-record.ts';
import { AlfredError } from '../../kernel/errors.ts';
import type { JsonObject } from './json.ts';
import { type OtherKind, otherKind, otherText } from './other-kinds.ts';

/** Bounds of a document. The largest in daily use that we know, GitHub's, has 13 MB, 0.5 million values, depth 30. */
export const documentBounds = { bytes: 24 * 1024 * 1024, values: 4_000_000, depth: 100, aliases: 10_000 };

const unreadable = (why: string) =>
  new AlfredError('E_VALIDATION', `This is no OpenAPI document: ${why}`, {
    remedy: 'Give an OpenAPI 3.0, 3.1 or 3.2 (or Swagger 2.0) document as JSON or YAML.',
  });

export const tooLarge = (why: string) =>
  new AlfredError('E_TOO_LARGE', `The OpenAPI document is too large: ${why}`, {
    remedy: 'Give a document with the operations that you need, or list them by hand in "operations".',
  });

/** Whether nothing is wrong with JSON but that it ends: V8 names the place of all else. */
function breaksOff(text: string, { message }: SyntaxError): boolean {
  const at = / at position (\d+)/.exec(message)?.[1];
  return at === undefined || Number(at) >= text.trimEnd().length;
}

function parseText(text: string): unknown {
  if (/^\s*[{[]/.test(text)) {
    try {
      return JSON.parse(text);
    } catch (error) {
      if (error instanceof SyntaxError && breaksOff(text, error))
        throw unreadable('its JSON breaks off in the middle, as of a file that was not fetched whole');
      // JSON with comments or a trailing comma may still be YAML, so the parser below has the last word.
    }
  }
  try {
    return parse(text, {
      maxAliasCount: documentBounds.aliases,
      uniqueKeys: false,
      merge: true,
      // 'silent' would leave out what cannot be read, without a word.
      logLevel: 'error',
    });
  } catch (error) {
    if (error instanceof YAMLParseError) {
      const line = error.linePos?.[0].line;
      throw unreadable(`neither JSON nor YAML (${error.code}${line === undefined ? '' : `, line ${line}`})`);
    }
    // The alias count is a ReferenceError; deep nesting a RangeError.
    if (error instanceof ReferenceError) throw tooLarge('its YAML aliases expand without bound');
    if (error instanceof RangeError) throw tooLarge('it is nested too deeply');
    throw unreadable('neither JSON nor YAML');
  }
}

/**
 * Counts what is there, every use of a YAML alias anew, and takes out `__proto__` keys, which the libraries that
 * follow would assign.
 */
function checkBounds(root: unknown): void {
  let values = 0;
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > documentBounds.depth)
      throw tooLarge(`it is nested deeper than ${documentBounds.depth} levels`);
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      if (isRecord(value) && Object.hasOwn(value, '__proto__')) Reflect.deleteProperty(value, '__proto__');
      for (const inner of Object.values(value)) next.push(inner);
      values += 1;
      if (values + next.length > documentBounds.values) {
        throw tooLarge(`it has more than ${documentBounds.values.toLocaleString('en')} values`);
      }
    }
    values += next.length;
    level = next;
  }
}

/** What is described in another language is called by its name. @throws AlfredError E_VALIDATION */
export function refuseOther(other: OtherKind | undefined): void {
  if (other === undefined) return;
  throw new AlfredError('E_VALIDATION', `This is no OpenAPI document, but ${other.name}.`, {
    remedy: other.next,
  });
}

/** Another file of a document, in the same bounds. @throws AlfredError E_VALIDATION, E_TOO_LARGE */
export function parsePart(text: string): unknown {
  if (Buffer.byteLength(text) > documentBounds.bytes) {
    throw tooLarge(`more than ${documentBounds.bytes / 1024 / 1024} MiB`);
  }
  const root = parseText(text);
  checkBounds(root);
  return root;
}

/** @throws AlfredError E_VALIDATION when it is no OpenAPI document, E_TOO_LARGE when it is beyond our bounds */
export function parseDocument(text: string): JsonObject {
  refuseOther(otherText(text));
  const root = parsePart(text);
  refuseOther(otherKind(root));
  if (!isRecord(root)) throw unreadable('it has no fields');
  const version = root.openapi ?? root.swagger;
  if (version === undefined) throw unreadable('it has neither "openapi" nor "swagger"');
  // YAML reads a bare 3.0 or 2.0 as a number.
  const known = String(version);
  if (!/^(2(\.0)?|3(\.[012](\.\d+)?)?)(-.*)?$/.test(known)) throw unreadable('its version is not known');
  if (root.openapi === undefined) root.swagger = '2.0';
  else if (typeof root.openapi === 'number') root.openapi = known === '3' ? '3.0.0' : `${known}.0`;
  if (isRecord(root.paths)) return root;
  throw unreadable(
    isRecord(root.webhooks) ? 'it has webhooks alone, which others call' : 'it has no "paths"',
  );
}
