/**
 * `manifest.json` of an MCP bundle (`.mcpb`, once `.dxt`): what it starts, where that needs none of the bundle's own files. Where it
 * does, what is to be done first is said.
 */
import { isRecord } from '../../contract/is-record.ts';
import { referenceTo } from '../open-secrets/placeholders.ts';
import type { Candidate, Refusal } from './candidate.ts';
import { parseServers } from './parse-servers.ts';
import { showCommand } from './preview.ts';

type Fields = Record<string, unknown>;

/** @returns undefined for what is no manifest of a bundle */
export function readBundle(document: unknown): { candidates: Candidate[]; refused: Refusal[] } | undefined {
  if (!isRecord(document) || !isRecord(document.server)) return undefined;
  const { manifest_version: version, dxt_version: old, server } = document;
  const isManifest = version !== undefined || old !== undefined || isRecord(server.mcp_config);
  if (!isManifest || (server.mcp_config === undefined && server.entry_point === undefined)) return undefined;
  const name = typeof document.name === 'string' && document.name !== '' ? document.name : 'bundle';
  const config = configOf(server);
  const settings = isRecord(document.user_config) ? document.user_config : {};
  const entry = filledEntry(config, settings);
  if (/\$\{__dirname\}/.test(JSON.stringify(entry)) || config.command === undefined)
    return { candidates: [], refused: [{ name, reason: ownFiles(name, server, entry) }] };
  const { candidates, refused } = parseServers([[name, entry]]);
  for (const candidate of candidates) {
    candidate.sealed = sealedIn(config, settings);
    candidate.warnings.push(...notesOf(document, settings, config));
  }
  return { candidates, refused };
}

/** What it starts on Linux. */
function configOf(server: Fields): Fields {
  const config = isRecord(server.mcp_config) ? server.mcp_config : {};
  const ours = isRecord(config.platform_overrides) ? config.platform_overrides.linux : undefined;
  const { platform_overrides: _others, ...all } = config;
  if (!isRecord(ours)) return all;
  const env = { ...(isRecord(all.env) ? all.env : {}), ...(isRecord(ours.env) ? ours.env : {}) };
  return { ...all, ...ours, ...(Object.keys(env).length > 0 ? { env } : {}) };
}

const setting = /\$\{user_config\.([\w.-]+)\}/g;

/** With what its owner would be asked for: a default, or a reference to what is to be entered. */
function filledEntry(config: Fields, settings: Fields): Fields {
  const filled = (text: string): string =>
    inPlaces(text).replace(setting, (_whole, id: string) => valuesOf(id, settings)?.join(',') ?? nameOf(id));
  const args = (Array.isArray(config.args) ? config.args : []).map(String).flatMap((arg) => {
    const id = /^\$\{user_config\.([\w.-]+)\}$/.exec(arg)?.[1];
    // Several values are several words.
    return (
      (id === undefined ? undefined : valuesOf(id, settings)?.map(inPlaces)) ??
      (isLeftOut(arg, settings) ? [] : [filled(arg)])
    );
  });
  const env = Object.entries(isRecord(config.env) ? config.env : {})
    .filter(([, value]) => !isLeftOut(String(value), settings))
    .map(([key, value]) => [key, filled(String(value))]);
  return { command: filled(String(config.command ?? '')), args, env: Object.fromEntries(env) };
}

const inPlaces = (text: string): string => text.replace(/\$\{(?:pathSeparator|\/)\}/g, '/');

/** What a folder of one's own is called depends on whose it is: it is asked for. */
const ofOwner = /\$\{(?:HOME|DESKTOP|DOCUMENTS|DOWNLOADS)\}/;

const nameOf = (id: string): string => referenceTo(id.toUpperCase().replace(/[^A-Z0-9]+/g, '_'));

/** What it says by itself: its default, unless that is a secret's. */
function valuesOf(id: string, settings: Fields): string[] | undefined {
  const { default: preset } = of(id, settings);
  const all = (Array.isArray(preset) ? preset : [preset]).filter((one) =>
    ['string', 'number', 'boolean'].includes(typeof one),
  );
  const texts = all.map(String).filter((one) => one !== '' && !ofOwner.test(one));
  return texts.length > 0 ? texts : undefined;
}

const of = (id: string, settings: Fields): Fields => {
  const one = Object.hasOwn(settings, id) ? settings[id] : undefined;
  return isRecord(one) ? one : {};
};

const hasDefault = ({ default: preset }: Fields): boolean =>
  Array.isArray(preset) ? preset.length > 0 : preset !== undefined && preset !== null && preset !== '';

const idsIn = (text: string): string[] => [...text.matchAll(setting)].map(([, id = '']) => id);

/** What need not be given, and has no default. */
const isLeftOut = (text: string, settings: Fields): boolean => {
  const ids = idsIn(text);
  return (
    ids.length > 0 && ids.every((id) => of(id, settings).required !== true && !hasDefault(of(id, settings)))
  );
};

function sealedIn({ env }: Fields, settings: Fields): Set<string> {
  const names = Object.entries(isRecord(env) ? env : {}).filter(([, value]) =>
    idsIn(String(value)).some((id) => of(id, settings).sensitive === true),
  );
  return new Set(names.map(([name]) => name));
}

function notesOf({ compatibility }: Fields, settings: Fields, { args, env }: Fields): string[] {
  const texts = [...(Array.isArray(args) ? args : []), ...Object.values(isRecord(env) ? env : {})].map(
    String,
  );
  const open = texts.filter((text) => isLeftOut(text, settings)).flatMap(idsIn);
  const platforms =
    isRecord(compatibility) && Array.isArray(compatibility.platforms)
      ? compatibility.platforms.map(String)
      : [];
  return [
    ...(open.length === 0 ? [] : [`not needed, and left out: ${[...new Set(open)].join(', ')}`]),
    ...(platforms.length === 0 || platforms.includes('linux')
      ? []
      : [`its manifest is for ${platforms.join(' and ').slice(0, 60)}, not for Linux`]),
  ];
}

/** What is to be done with a bundle that starts its own files. */
function ownFiles(name: string, { entry_point: entry, type }: Fields, { command, args }: Fields): string {
  const words = [command, ...(Array.isArray(args) ? args : [])].map(String).filter((word) => word !== '');
  const place = '/path/to/the/folder';
  const started =
    words.length > 0
      ? showCommand(words.map((word) => word.replaceAll('${__dirname}', place)))
      : type === 'uv'
        ? `uv run --directory ${place} ${String(entry)}`
        : `${type === 'python' ? 'python3' : 'node'} ${place}/${String(entry)}`;
  return `it is the manifest of a bundle (.mcpb or .dxt), whose own files it starts: unpack the bundle (it is a zip: unzip ${/^[\w.-]+$/.test(name) ? name : 'bundle'}.mcpb -d ${place}), then paste the manifest again with that folder in the place of \${__dirname}, or this command: ${started.slice(0, 300)}; where its README has a line with npx or uvx, that needs no folder`;
}
