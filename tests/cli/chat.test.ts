/** `alfred chat` on a VM without a key: the rehearsal model answers, and says what it is. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestVm, type TestVm } from '../helpers/vm.ts';

let vm: TestVm;
beforeAll(async () => {
  vm = await startTestVm();
}, 300_000);
afterAll(async () => {
  await vm?.stop();
});

describe('alfred chat', () => {
  it('takes one message from a pipe and gives one answer', async () => {
    const { code, stdout, stderr } = await vm.cli(['chat'], { input: 'Good morning\n' });
    expect(stderr).toContain('no cost');
    expect(stdout).toContain('rehearsal model: a program, and no AI');
    // In lines, as it was said.
    expect(stdout).toMatch(/^- \*\*skills\*\* or \*\*runs\*\*/m);
    expect(code).toBe(0);
  }, 120_000);

  it('goes on in a conversation, and gives the answer as JSON', async () => {
    const first = await vm.cli(['chat', '--json', 'skills']);
    const answer = first.json() as Record<string, string>;
    expect(answer).toMatchObject({ role: 'assistant', status: 'done', mode: 'rehearsal', costUsd: 0 });
    expect(answer.text).toContain('house-report');
    const next = await vm.cli(['chat', '-c', 'last', '--json'], { input: '/house-report' });
    const report = next.json() as { conversationId: string; text: string; parts: { type: string }[] };
    expect(report.conversationId).toBe(answer.conversationId);
    expect(report.text).toContain('This is a rehearsal');
    expect(report.parts.map(({ type }) => type)).toEqual(['tool_call', 'text']);
    const listed = await vm.cli(['chat', '--list']);
    expect(listed.stdout.split('\n')[0]).toContain('skills');
  }, 240_000);

  it('keeps a record that proves itself', async () => {
    const { stdout, code } = await vm.cli(['audit', 'verify']);
    expect(code, stdout).toBe(0);
  }, 120_000);
});
