/** A table of Markdown. */
export const tableText = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => '---'), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`)
    .join('\n');

/** 12345 → "12,345" */
export const grouped = (count: number): string => count.toLocaleString('en-US');
