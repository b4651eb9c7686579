/** The table of docs/apis.md, from the list of documents and what became of each. */
import { readFileSync } from 'node:fs';
import { documents } from '../tests/compat/apis/documents.ts';
import type { SeenApi } from '../tests/compat/apis/seen-api.ts';
import { inRoot } from './make-once.ts';
import { grouped, tableText } from './table-text.ts';

/** What Alfred says of a document with a login, where the connection has none. */
const login = /has none: (.*)\. (?:Give it one|Where the API wants it, sign in)/;

export function apisText(): string {
  const seen: SeenApi[] = JSON.parse(readFileSync(inRoot('tests/compat/apis/seen.json'), 'utf8'));
  const rows = seen.flatMap((row) => {
    const document = documents[row.name];
    if (document === undefined) return [];
    return [
      [
        document.title,
        `[${document.repository}](https://github.com/${document.repository}/blob/${document.commit}/${document.file})`,
        row.version,
        `${grouped(row.bytes / 1024 < 1 ? 1 : Math.round(row.bytes / 1024))} KiB`,
        row.tools === row.operations ? `${row.tools}` : `${row.tools} of ${row.operations}`,
        grouped(row.tokens),
        `${row.seconds} s`,
        row.address === 'document' ? 'in the document' : 'to be given (`--base-url`)',
        row.warnings.flatMap((warning) => login.exec(warning)?.[1] ?? []).join(),
        [document.know, ...row.warnings.filter((warning) => !login.test(warning)), row.error]
          .filter((text) => text !== undefined)
          .join(' '),
      ],
    ];
  });
  return tableText(
    ['API', 'document', 'OpenAPI', 'size', 'tools', 'tokens', 'read in', 'its address', 'login', 'to know'],
    rows.toSorted(([one = ''], [other = '']) => one.localeCompare(other, 'en')),
  );
}
