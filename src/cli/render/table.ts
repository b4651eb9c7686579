/** Tables that fit the terminal: the columns that can give way do, widest first; on a pipe nothing is cut. */
import { oneLine, pad, truncate, widthOf } from './text.ts';

export type Column = {
  header: string;
  align?: 'left' | 'right';
  /** The least width this column may be cut to; a column without it is never cut. */
  min?: number;
  /** Dropped whole when even the least widths do not fit; the highest number goes first. */
  dropOrder?: number;
  /** Colours a cell after it was cut. */
  paint?: (cell: string, row: number) => string;
};

const gap = 2;

function widthsOf(columns: Column[], rows: string[][]): number[] {
  return columns.map((column, index) =>
    Math.max(widthOf(column.header), ...rows.map((row) => widthOf(row[index] ?? ''))),
  );
}

const total = (widths: number[]) => widths.reduce((sum, width) => sum + width, 0) + gap * (widths.length - 1);

function shrink(columns: Column[], widths: number[], room: number): number[] {
  const result = [...widths];
  while (total(result) > room) {
    let widest = -1;
    for (const [index, column] of columns.entries()) {
      const width = result[index] ?? 0;
      if (column.min !== undefined && width > column.min && width > (result[widest] ?? 0)) widest = index;
    }
    if (widest < 0) break;
    result[widest] = (result[widest] ?? 1) - 1;
  }
  return result;
}

/**
 * Lines of a table, without one at the end.
 *
 * @param room the terminal's width, or undefined where nothing may be cut (a pipe)
 * @param paintHeader colours the line of headers
 */
export function renderTable(
  columns: Column[],
  rows: string[][],
  room: number | undefined,
  paintHeader: (line: string) => string = String,
): string {
  const cells = rows.map((row) => row.map(oneLine));
  let kept = columns.map((_, index) => index);
  const select = <T>(list: T[]): T[] => kept.map((index) => list[index]).filter((item) => item !== undefined);
  const selected = () => ({
    columns: select(columns),
    rows: cells.map((row) => kept.map((i) => row[i] ?? '')),
  });

  let view = selected();
  let widths = widthsOf(view.columns, view.rows);
  if (room !== undefined) {
    for (;;) {
      widths = shrink(view.columns, widthsOf(view.columns, view.rows), room);
      if (total(widths) <= room) break;
      const droppable = kept.filter((index) => columns[index]?.dropOrder !== undefined);
      const victim = droppable.sort((a, b) => (columns[b]?.dropOrder ?? 0) - (columns[a]?.dropOrder ?? 0))[0];
      if (victim === undefined) break;
      kept = kept.filter((index) => index !== victim);
      view = selected();
    }
  }

  const line = (row: string[], paint: boolean, rowIndex: number) =>
    view.columns
      .map((column, index) => {
        const width = widths[index] ?? 0;
        const text = truncate(row[index] ?? '', width);
        const painted = paint && column.paint ? column.paint(text, rowIndex) : text;
        const isLast = index === view.columns.length - 1;
        return isLast && column.align !== 'right' ? painted : pad(painted, width, column.align);
      })
      .join(' '.repeat(gap))
      .trimEnd();

  const header = line(
    view.columns.map((column) => column.header),
    false,
    -1,
  );
  return [paintHeader(header), ...view.rows.map((row, index) => line(row, true, index))].join('\n');
}

/** `label  value` lines with the labels as one column; values may hold several lines. */
export function renderFields(
  fields: [string, string | undefined][],
  paintLabel: (s: string) => string = String,
): string {
  const present = fields.filter((field): field is [string, string] => field[1] !== undefined);
  const width = Math.max(0, ...present.map(([label]) => widthOf(label)));
  return present
    .map(([label, value]) => {
      const [first = '', ...rest] = value.split('\n');
      const more = rest.map((line) => `${' '.repeat(width + gap)}${line}`);
      return [`${paintLabel(pad(label, width))}${' '.repeat(gap)}${first}`, ...more].join('\n');
    })
    .join('\n');
}
