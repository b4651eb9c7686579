/** A skill of more and more steps: what a run takes for each, beside a bare `query()` that says as much. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startMessagesApi } from '../../tests/helpers/messages-api.ts';
import { startTestVm, type TestVm } from '../../tests/helpers/vm.ts';
import { ask, bareAnswer, environmentOf } from '../one-tool.ts';
import { inTurns, type Row } from './timed.ts';

const rounds = 2;
const prompt = 'Say hello.';

/** Who waits for an answer of the VM's waits two minutes at most, and fifty steps may take longer. */
async function runToEnd(vm: TestVm, slug: string): Promise<void> {
  const begun = (await ask(vm, 'POST', `/api/v1/skills/${slug}/run`, {})) as { executionId: string };
  for (;;) {
    const { status } = (await ask(vm, 'GET', `/api/v1/executions/${begun.executionId}/status`)) as {
      status: string;
    };
    if (status === 'succeeded') return;
    if (status === 'failed' || status === 'cancelled') throw new Error(`${slug} ended ${status}`);
    await sleep(20);
  }
}

export async function measureSteps(counts: readonly number[]): Promise<Row[]> {
  const api = await startMessagesApi(() => ({ text: 'Hello.' }));
  const vm = await startTestVm({ env: environmentOf(api.url) });
  try {
    const rows: Row[] = [];
    for (const count of counts) {
      const slug = `steps-${count}`;
      const steps = Array.from({ length: count }, (_, index) => ({
        id: index + 1,
        prompt,
        allowedTools: [],
      }));
      await ask(vm, 'POST', '/api/v1/skills', { slug, name: slug, steps });
      const run = () => runToEnd(vm, slug);
      const { alfred, bare } = await inTurns(rounds, run, () => bareAnswer(api.url, prompt));
      rows.push({
        things: 'steps',
        count,
        what: 'a run, for each step',
        unit: 'ms',
        alfred: alfred / count,
        bare,
      });
    }
    return rows;
  } finally {
    await vm.stop();
    await api.close();
  }
}
