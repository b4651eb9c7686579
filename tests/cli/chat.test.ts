/** `alfred chat` on a VM without a key: the rehearsal model answers, and says what it is. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTurn, startMessagesApi } from '../helpers/messages-api.ts';
import { hasTerminal, keys, openTerminal } from '../helpers/terminal.ts';
import { startTestVm, type TestVm } from '../helpers/vm.ts';

let vm: TestVm;
beforeAll(async () => {
  vm = await startTestVm();
});
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
  });

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
  });

  it('says what a mistyped command may have been, and asks no model about it', async () => {
    const before = (await vm.cli(['chat', '--list', '--json'])).json();
    const { code, stdout, stderr } = await vm.cli(['chat'], { input: '/house-reprot' });
    expect([code === 0, stdout]).toEqual([false, '']);
    expect(stderr).toContain('There is no command or skill called /house-reprot. Nearest: /house-report.');
    expect(stderr).toContain('//house-reprot');
    expect((await vm.cli(['chat', '--list', '--json'])).json()).toEqual(before);
    const asItIs = await vm.cli(['chat', '--json'], { input: '//house-reprot' });
    expect(asItIs.json()).toMatchObject({ status: 'done', parts: [{ type: 'text' }] });
  });

  it('is taught: it says how, proposes what it is told, and a person edits and accepts it', async () => {
    const asked = await vm.cli(['skill', 'teach', '--json', 'pay', 'my', 'bills']);
    expect(asked.json()).toMatchObject({
      proposal: null,
      answer: { text: expect.stringContaining('Told in this form') },
    });
    const told = await vm.cli(['skill', 'teach'], {
      input:
        'Teach: Morning papers\nFor: What is new\nStep: List the files of {{folder}}\nTools: mcp__files__list_directory mcp__files__write_file\nInput: folder\n',
    });
    expect(told.stdout).toContain('Morning papers · waits for you');
    expect(told.stdout).toMatch(/^makes +a new skill, morning-papers$/m);
    expect(told.stdout).toContain('! Step 1 may change something with mcp__files__write_file');
    expect(told.stderr).toContain('alfred proposal accept');
    const rehearsed = await vm.cli(['proposal', 'rehearse', 'last', 'folder=.', '--json']);
    expect(rehearsed.json()).toMatchObject({
      mode: 'rehearsal',
      status: 'succeeded',
      input: { folder: '.' },
    });

    const edited = await vm.cli(['proposal', 'edit', 'last', '--json'], {
      env: { EDITOR: 'sed -i.bak s/Morning/Evening/' },
    });
    expect(edited.json()).toMatchObject({ definition: { name: 'Evening papers' }, rehearsalId: null });
    const accepted = await vm.cli(['proposal', 'accept', 'last', '--yes']);
    expect(accepted.stdout).toContain('morning-papers is saved as version 1');
    const again = await vm.cli(['proposal', 'accept', 'last', '--json']);
    expect([again.code, again.json()]).toMatchObject([4, { error: { code: 'E_CONFLICT' } }]);
  });

  it.skipIf(!hasTerminal)(
    'talks on a terminal: it helps, tells what was said, and begins anew',
    async () => {
      const terminal = openTerminal(vm.home, ['chat']);
      const says = async (line: string) => {
        await terminal.sees('› ');
        terminal.types(line + keys.enter);
      };
      await says('/help');
      await terminal.sees('/history');
      await says('/hlep');
      await terminal.sees('There is no command or skill called /hlep. Or is it /help?');
      await says('skills');
      await terminal.sees('house-report');
      await says('/history');
      await terminal.sees('› skills');
      await terminal.sees('house-report');
      await says('/new');
      await terminal.sees('Another conversation.');
      await terminal.sees('› ');
      terminal.types(keys.endOfInput);
      expect(await terminal.ended).toBe(0);
    },
    300_000,
  );

  it.skipIf(!hasTerminal)(
    'is taught on a terminal: it asks, is told, and is accepted there',
    async () => {
      const terminal = openTerminal(vm.home, ['skill', 'teach']);
      await terminal.sees('What shall Alfred learn?');
      terminal.types(`Night papers${keys.enter}`);
      await terminal.sees('Told in this form');
      await terminal.sees('› ');
      const said = [
        'Teach: Night papers',
        'For: What is new',
        'Step: List it',
        'Tools: mcp__files__list_directory',
      ];
      // As one pastes it.
      terminal.types(said.map((line) => line + keys.enter).join(''));
      await terminal.sees('Night papers · waits for you');
      await terminal.sees('What shall become of it?');
      terminal.types(keys.down + keys.enter);
      await terminal.sees('night-papers is saved as version 1');
      expect(await terminal.ended).toBe(0);
    },
    300_000,
  );

  it('is taught from a SKILL.md: what changes is shown line by line, and may be declined', async () => {
    const { stdout } = await vm.cli(['skill', 'teach', '--from', '-'], {
      input: '---\nname: morning-papers\ndescription: Reads\n---\n\nRead the papers.\n',
    });
    expect(stdout).toMatch(/^ {4}- List the files of \{\{folder\}\}\n {4}\+ Read the papers\.$/m);
    const { items } = (await vm.cli(['proposal', 'list', '--json'])).json() as { items: { slug: string }[] };
    expect(items.map(({ slug }) => slug)).toEqual(['morning-papers']);
    const declined = await vm.cli(['proposal', 'reject', 'last']);
    expect(declined.stdout).toContain('nothing was saved');
    expect((await vm.cli(['proposal', 'list'])).stdout).toContain('nothing is proposed');
    const twice = await vm.cli(['skill', 'teach', '--from', '-', '--from-execution', 'last']);
    expect(twice.code).toBe(2);
  });

  it('attaches files, and says before anything is sent what does not fit', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'alfred-attach-'));
    const bill = path.join(folder, 'bill.md');
    const empty = path.join(folder, 'empty.txt');
    await writeFile(bill, 'Garage 90');
    await writeFile(empty, '');
    const conversations = async () =>
      ((await vm.api('GET', '/api/v1/conversations')).body as { items: { id: string }[] }).items;
    const before = await conversations();
    const wrong = await vm.cli(['chat', '--attach', bill, '--attach', empty, 'look']);
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('empty.txt is empty.') });
    expect(wrong.stderr).toContain('10 MiB each');
    expect(await conversations()).toEqual(before);
    const right = await vm.cli(['chat', '--json', '--attach', bill, 'look']);
    expect(right.code, right.stderr).toBe(0);
    const { conversationId } = right.json() as { conversationId: string };
    const { body } = await vm.api('GET', `/api/v1/conversations/${conversationId}`);
    const { messages } = body as { messages: { attachments: { id: string; name: string }[] }[] };
    expect(messages[0]?.attachments).toMatchObject([
      { name: 'bill.md', mediaType: 'text/markdown', bytes: 9 },
    ]);
    await rm(folder, { recursive: true });
  });

  it.runIf(hasTerminal)(
    'goes on at a terminal: what is typed meanwhile waits, /stop stops, and so does Ctrl-C at a question',
    async () => {
      const model = await startMessagesApi(
        inTurn(
          { content: Array.from({ length: 5_000 }, (_, n) => ({ text: `Word ${n}. ` })), eventDelayMs: 50 },
          { text: 'As I said.' },
          { toolCalls: [{ name: 'mcp__files__write_file', input: { path: 'note.txt', content: 'Pay' } }] },
          { text: 'Very good.' },
        ),
      );
      const conversations = async () =>
        ((await vm.api('GET', '/api/v1/conversations')).body as { items: { id: string }[] }).items.length;
      const before = await conversations();
      const names = ['model_base_url', 'model'] as const;
      await vm.api('PUT', `/api/v1/config/${names[0]}`, { value: model.url });
      await vm.api('PUT', `/api/v1/config/${names[1]}`, { value: 'claude-sonnet-5-5' });
      try {
        const unsaid = openTerminal(vm.home, ['chat']);
        await unsaid.sees('Say something');
        unsaid.types(`/stop${keys.enter}`);
        await unsaid.sees('No answer is under way.');
        unsaid.types(keys.endOfInput);
        expect(await unsaid.ended).toBe(0);
        expect(await conversations()).toBe(before);

        const terminal = openTerminal(vm.home, ['chat']);
        await terminal.sees('Say something');
        terminal.types(`Tell me${keys.enter}`);
        await terminal.sees('Word 3.');
        terminal.types(`And then?${keys.enter}`);
        await terminal.sees('It waits its turn.');
        terminal.types(`/stop${keys.enter}`);
        await terminal.sees('stopped');
        await terminal.sees('As I said.');
        await terminal.sees('›');
        terminal.types(`Write it down${keys.enter}`);
        await terminal.sees('Make this call?');
        terminal.types(keys.interrupt);
        await terminal.sees('stopped');
        await terminal.sees('›');
        terminal.types(`As you like${keys.enter}`);
        await terminal.sees('Very good.');
        await terminal.sees('›');
        terminal.types(keys.endOfInput);
        expect(await terminal.ended).toBe(0);
        expect(await conversations()).toBe(before + 1);
      } finally {
        for (const name of names) await vm.api('DELETE', `/api/v1/config/${name}`);
        await model.close();
      }
    },
    300_000,
  );

  it('keeps a record that proves itself', async () => {
    const { stdout, code } = await vm.cli(['audit', 'verify']);
    expect(code, stdout).toBe(0);
  });
});
