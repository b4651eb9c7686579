/** Names of fields, compared by what they mean rather than how they are written. */

/** `filePath`, `file_path` and `File-Path` are one name. */
export const plainName = (name: string): string => name.replaceAll(/[^\p{L}\p{N}]/gu, '').toLowerCase();

/** `entities` → `entity`, `names` → `name`, `files` → `file`. */
export const singular = (name: string): string =>
  name.endsWith('ies') ? `${name.slice(0, -3)}y` : name.replace(/(?<=[^s])s$/, '');

/** The words of a tool's name: `list_allowedDirectories` → list, allowed, directories. */
const wordsOf = (name: string): string[] =>
  name
    .replaceAll(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());

const pathNames = /(?:path|file|filename|dir|directory|folder|root|cwd)$/;
const folderNames = /(?:dir|directory|folder|root|cwd)$/;
const folderTools = new Set([
  'list',
  'ls',
  'tree',
  'search',
  'find',
  'glob',
  'walk',
  'dir',
  'directory',
  'folder',
]);

/** What a field that names a place in a file system wants; undefined for every other field. */
export function pathKind(field: string, toolName: string): 'file' | 'folder' | undefined {
  const name = plainName(singular(field));
  if (!pathNames.test(name)) return undefined;
  if (folderNames.test(name)) return 'folder';
  return wordsOf(toolName).some((word) => folderTools.has(word)) ? 'folder' : 'file';
}
