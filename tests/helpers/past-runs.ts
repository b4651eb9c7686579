/** Runs of before, written past the API: for whoever only looks at them. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { openDatabase } from '../../src/database/client.ts';
import { sha256 } from '../../src/kernel/hash.ts';
import { newId } from '../../src/kernel/ids.ts';
import type { TestVm } from './vm.ts';

/** Of the skill, one after the other back from `latest`, `apartMs` apart. @returns their ids, the latest first */
export async function insertPastRuns(
  { home }: Pick<TestVm, 'home'>,
  slug: string,
  { count, latest, apartMs }: { count: number; latest: number; apartMs: number },
): Promise<string[]> {
  const { url } = JSON.parse(await readFile(path.join(home, 'postgres/running.json'), 'utf8')) as {
    url: string;
  };
  const db = await openDatabase(url, { connections: 1 });
  const hash = sha256('x');
  const rows = Array.from({ length: count }, (_, index) => {
    const at = new Date(latest - index * apartMs);
    return {
      ...{
        id: newId(),
        skillSlug: slug,
        skillVersion: 1,
        skillHash: hash,
        actor: 'schedule',
        model: 'a-model',
      },
      ...{ input: {}, inputHash: hash, outputHash: hash, trace: [], traceHash: hash, contentHash: hash },
      ...{ trigger: 'schedule' as const, triggerDetail: {}, status: 'succeeded' as const },
      ...{ output: `Told as number ${count - index}.`, createdAt: at, startedAt: at, completedAt: at },
      ...{ durationMs: 1_000, tokenCount: 1_000n, costUsd: 0.01 },
    };
  });
  try {
    await db.prisma.execution.createMany({ data: rows });
    return rows.map(({ id }) => id);
  } finally {
    await db.close();
  }
}
