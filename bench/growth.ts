/**
 * How what people wait for grows: lists, search, statistics and approvals over more and more executions, a connection over its tools, a run
 * over its steps; each beside the least that does it, in the same minutes. Writes the rows to docs/images/growth.json and draws them
 * (docs/benchmarks.md).
 *
 *   node bench/growth.ts [largest number of executions]      100,000 when left out; a million takes five minutes more
 *   node bench/growth.ts draw                                draws the rows that are there
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { drawChart, type Panel } from './growth/chart.ts';
import { measureExecutions } from './growth/executions.ts';
import { measureSteps } from './growth/steps.ts';
import type { Row } from './growth/timed.ts';
import { measureTools } from './growth/tools.ts';

const folder = path.resolve(import.meta.dirname, '../docs/images');
const file = path.join(folder, 'growth.json');

async function measure(largest: number): Promise<Row[]> {
  const rows: Row[] = [];
  const add = (more: readonly Row[]) => {
    for (const { count, things, what, unit, alfred, bare } of more) {
      const beside = bare === null ? '' : ` beside ${bare.toFixed(1)}`;
      console.log(
        `${count} ${things}: ${what} ${alfred.toFixed(1)}${beside} ${unit}, load ${loadavg()[0]?.toFixed(1)}`,
      );
    }
    rows.push(...more);
    // Each as it comes: the whole takes long.
    const tenths = (_: string, value: unknown) =>
      typeof value === 'number' ? Math.round(value * 10) / 10 : value;
    writeFileSync(file, `${JSON.stringify(rows, tenths, 2)}\n`);
  };
  for (let count = 1_000; count <= largest; count *= 10) add(await measureExecutions(count));
  for (const count of [10, 100, 1_000]) add(await measureTools(count));
  // A skill has fifty steps at most.
  add(await measureSteps([1, 10, 50]));
  return rows;
}

function draw(rows: readonly Row[]): void {
  for (const [things, own] of Map.groupBy(rows, (row) => row.things)) {
    const panels = [...Map.groupBy(own, ({ what }) => what)].map(([title, points]): Panel => {
      const bare = points.flatMap((row) => (row.bare === null ? [] : [[row.count, row.bare] as const]));
      return {
        title,
        unit: points[0]?.unit ?? '',
        lines: [
          { name: 'Alfred', points: points.map(({ count, alfred }) => [count, alfred] as const) },
          ...(bare.length > 0 ? [{ name: 'bare', points: bare, isBare: true }] : []),
        ],
      };
    });
    writeFileSync(path.join(folder, `growth-${things}.svg`), drawChart(things, panels));
  }
}

if (process.argv[2] === 'draw') draw(JSON.parse(readFileSync(file, 'utf8')) as Row[]);
else {
  draw(await measure(Number(process.argv[2] ?? 100_000)));
}
