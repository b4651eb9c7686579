/** What the tools have said so far that a later call can use: folders, files, and values under their names. */

import path from 'node:path';
import { isRecord } from '../contract/is-record.ts';
import { plainName, singular } from './field-names.ts';

export type ToolResult = {
  text: string;
  /** What is not text: `image/png, 12 kB`. */
  other: string[];
  isError: boolean;
};

export type PastCall = {
  id: string;
  name: string;
  input: Record<string, unknown>;
  /** undefined while it is under way. */
  result: ToolResult | undefined;
};

export type Facts = {
  folders: string[];
  files: string[];
  /** By plain name; the first found comes first. */
  values: Map<string, unknown[]>;
};

/** Enough to choose from, however much a tool says. */
const most = 200;

/** Collects facts from the run's input and from the results of calls that went well. */
export function gatherFacts(input: Record<string, unknown>, calls: readonly PastCall[]): Facts {
  const facts: Facts = { folders: [], files: [], values: new Map() };
  for (const text of stringsOf(input)) if (path.isAbsolute(text)) addPath(facts, text);
  for (const { name, input: given, result } of calls) {
    if (!result || result.isError || result.text === '') continue;
    const base = typeof given.path === 'string' ? given.path : undefined;
    const document = parseJson(result.text);
    if (document === undefined) readLines(facts, result.text, base, name);
    else readDocument(facts, document, '', base);
  }
  return facts;
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(stringsOf);
  return isRecord(value) ? Object.values(value).flatMap(stringsOf) : [];
}

function parseJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const add = (list: string[], entry: string) => {
  if (list.length < most && !list.includes(entry)) list.push(entry);
};

const addPath = (facts: Facts, entry: string) =>
  add(path.extname(entry) === '' ? facts.folders : facts.files, entry);

/** Listings of people's kind: `[FILE] notes.md`, or an absolute path on a line of its own. */
function readLines(facts: Facts, text: string, base: string | undefined, toolName: string): void {
  for (const line of text.split('\n').slice(0, 2000)) {
    const entry = /^\s*\[(FILE|DIR)\]\s+(.+?)(?:\s+[\d.]+ [KMGT]?B)?\s*$/.exec(line);
    if (entry?.[2] && base !== undefined) {
      add(entry[1] === 'FILE' ? facts.files : facts.folders, path.join(base, entry[2]));
      continue;
    }
    const place = /^[\s*-]*(\/[^\s"'<>|]+)\s*$/.exec(line)?.[1];
    if (place === undefined) continue;
    if (/director|folder/i.test(toolName) && /allow|root/i.test(toolName)) add(facts.folders, place);
    else addPath(facts, place);
  }
}

/** JSON: each value under its key, and under its parent's name and key (`issues[].id` → `id`, `issueid`). */
function readDocument(facts: Facts, value: unknown, parent: string, base: string | undefined): void {
  if (Array.isArray(value)) {
    for (const each of value.slice(0, most)) {
      if (isRecord(each) || Array.isArray(each)) readDocument(facts, each, parent, base);
      else addValue(facts, [singular(parent), parent], each);
    }
    return;
  }
  if (!isRecord(value)) return;
  if (base !== undefined && typeof value.name === 'string' && /^(file|directory)$/.test(String(value.type))) {
    add(value.type === 'file' ? facts.files : facts.folders, path.join(base, value.name));
  }
  for (const [key, each] of Object.entries(value)) {
    if (isRecord(each) || Array.isArray(each)) readDocument(facts, each, key, base);
    else addValue(facts, [key, singular(parent) + key], each);
    if (typeof each === 'string' && path.isAbsolute(each)) addPath(facts, each);
  }
}

function addValue(facts: Facts, names: string[], value: unknown): void {
  if (value === null || value === undefined) return;
  for (const name of new Set(names.map(plainName))) {
    if (name === '') continue;
    const list = facts.values.get(name) ?? [];
    if (list.length < most && !list.includes(value)) list.push(value);
    facts.values.set(name, list);
  }
}
