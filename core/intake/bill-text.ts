/** A month's bills as files: CSV for a table, or one JSON document a line. */
import type { BillLine } from './billing.ts';

const columns = {
  month: 'month',
  dayUtc: 'day_utc',
  customerNumber: 'customer_number',
  login: 'login',
  vmId: 'vm_id',
  vmLabel: 'vm_label',
  kind: 'kind',
  executions: 'executions',
  durationMs: 'duration_ms',
  tokens: 'tokens',
} as const satisfies Record<keyof BillLine, string>;

const names = Object.keys(columns) as (keyof BillLine)[];

/** A text that begins as a formula does would be one to a table: it is kept a text. */
const cell = (value: string | number): string =>
  typeof value === 'number'
    ? String(value)
    : `"${value.replace(/^(?=[-=+@\t\r])/, "'").replaceAll('"', '""')}"`;

/** RFC 4180, in UTF-8, with a line of names. */
export async function* csvOf(lines: AsyncIterable<BillLine>): AsyncGenerator<string> {
  yield `${Object.values(columns).join(',')}\r\n`;
  for await (const line of lines) yield `${names.map((name) => cell(line[name])).join(',')}\r\n`;
}

export async function* ndjsonOf(lines: AsyncIterable<BillLine>): AsyncGenerator<string> {
  for await (const line of lines) {
    yield `${JSON.stringify(Object.fromEntries(names.map((name) => [columns[name], line[name]])))}\n`;
  }
}
