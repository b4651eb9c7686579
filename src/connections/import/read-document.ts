/** Reads JSON, YAML and TOML as people paste them. No error repeats what was pasted: there may be keys in it. */
import { parse as parseToml, TomlError } from 'smol-toml';
import { parse as parseYaml, YAMLParseError } from 'yaml';
import { AlfredError } from '../../kernel/errors.ts';

export const refusedText = (why: string) =>
  new AlfredError('E_VALIDATION', `This cannot be imported. ${why}`, {
    remedy:
      'Paste the settings of another program (JSON, YAML or TOML), one command (npx …, docker run …, claude mcp add …), one address (https://…), or an OpenAPI document.',
    fields: [{ field: '/text', message: why }],
  });

/** What `text` holds; undefined where it is in none of the three languages by its looks. */
export function readDocument(text: string): unknown {
  if (/^[{[]/.test(text) && !looksLikeToml(text)) return readJson(text);
  if (/^"[^"]+"\s*:/.test(text)) return readJson(`{${text}}`);
  if (looksLikeToml(text)) return readToml(text);
  return looksLikeYaml(text) ? readYaml(text) : undefined;
}

/** A table's head, or a key with a value, on a line of its own. */
const looksLikeToml = (text: string): boolean =>
  /^\s*\[\[?[\w.'" -]+\]\]?\s*(?:#.*)?$/m.test(text) && /^\s*[\w."'-]+\s*=\s*\S/m.test(text);

/** A key that opens a block, or an entry of what a server is made of. */
const looksLikeYaml = (text: string): boolean =>
  /^\s*(?:- )?["']?[\w.-]+["']?:\s*(?:#.*)?$/m.test(text) ||
  /^\s*(?:- )?(?:command|cmd|url|uri|mcpServers|extensions):\s/m.test(text);

/** With comments and trailing commas (VS Code). */
function readJson(text: string): unknown {
  const withoutComments = text.replace(
    /("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (_match, string: string | undefined) => string ?? '',
  );
  const withoutTrailingCommas = withoutComments.replace(
    /("(?:\\.|[^"\\])*")|,(\s*[}\]])/g,
    (_match, string: string | undefined, end: string) => string ?? end,
  );
  try {
    return JSON.parse(withoutTrailingCommas);
  } catch {
    // The parser's own words quote the text.
    throw refusedText('It looks like JSON and cannot be read as JSON.');
  }
}

function readYaml(text: string): unknown {
  try {
    return parseYaml(text, { maxAliasCount: 50, logLevel: 'silent' });
  } catch (error) {
    const [place] = error instanceof YAMLParseError ? (error.linePos ?? []) : [];
    throw refusedText(`It looks like YAML and cannot be read as YAML${inLine(place?.line)}.`);
  }
}

function readToml(text: string): unknown {
  try {
    return parseToml(text);
  } catch (error) {
    const line = error instanceof TomlError ? error.line : undefined;
    throw refusedText(`It looks like TOML and cannot be read as TOML${inLine(line)}.`);
  }
}

const inLine = (line: number | undefined): string => (line === undefined ? '' : `: line ${line}`);
