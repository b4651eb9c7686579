/** The preview of an import for a person: what would run or be called, and what was taken for a secret. */
import type { ConnectionPreview, ImportResult } from '../../contract/imports.ts';
import type { Colors } from '../context.ts';
import { renderFields } from './table.ts';
import { type Fields, targetFields } from './target.ts';
import { clean, oneLine, wrap } from './text.ts';

/** `/config/env/API_KEY` as a person names it. */
const fieldName = (pointer: string): string =>
  oneLine(
    pointer
      .replace(/^\/config\//, '')
      .replaceAll('/', ' ')
      .replaceAll('~1', '/')
      .replaceAll('~0', '~'),
  );

function previewFields(preview: ConnectionPreview, columns: number, colors: Colors): Fields {
  const { name, importedAs, type, config, values, missing, exists } = preview;
  const secrets = values.filter(({ secret }) => secret);
  const fold = (text: string) => wrap(text, columns - 14);
  const title = [
    colors.bold(name),
    ...(oneLine(importedAs) === name ? [] : [`(${oneLine(importedAs).slice(0, 60)})`]),
    ...(exists ? ['— its name is taken, so it gets another'] : []),
  ];
  return [
    ['connection', title.join(' ')],
    ...targetFields(type, config, columns),
    [
      'secrets',
      secrets.map(({ field, why }) => fold(`${fieldName(field)}: ${oneLine(why)}`)).join('\n') || undefined,
    ],
    ['missing', missing.length === 0 ? undefined : fold(missing.map(fieldName).join(', '))],
  ];
}

/** @param columns the width to write for */
export function renderImport({ previews, refused }: ImportResult, colors: Colors, columns: number): string {
  const parts = previews.map((preview) => {
    const warnings = preview.warnings.map((warning) =>
      hang(`${colors.yellow('!')} `, clean(warning), columns),
    );
    return [renderFields(previewFields(preview, columns, colors), colors.dim), ...warnings].join('\n');
  });
  const left = refused.map(({ name, reason }) =>
    hang(`${colors.red('✗')} `, `${oneLine(name)} cannot be taken in: ${clean(reason)}`, columns),
  );
  return [...parts, ...(left.length === 0 ? [] : [left.join('\n')])].join('\n\n');
}

/** `text` behind a mark of two columns, its further lines under its first. */
function hang(mark: string, text: string, columns: number): string {
  const [first = '', ...rest] = wrap(text, columns - 2).split('\n');
  return [mark + first, ...rest.map((line) => `  ${line}`)].join('\n');
}
