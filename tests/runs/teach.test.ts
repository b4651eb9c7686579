/** What is taught is proposed, and a person decides: nothing is saved before, and nothing that went stale. */
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConversation } from '../../src/chat/create-conversation.ts';
import { getConversation } from '../../src/chat/get-conversation.ts';
import { decideProposal } from '../../src/chat/proposals/decide-proposal.ts';
import { listProposals } from '../../src/chat/proposals/list-proposals.ts';
import { presentProposal } from '../../src/chat/proposals/present-proposal.ts';
import { findProposal } from '../../src/chat/proposals/proposal-row.ts';
import { propose } from '../../src/chat/proposals/propose.ts';
import { rehearseProposal } from '../../src/chat/proposals/rehearse-proposal.ts';
import { sendMessage } from '../../src/chat/send-message.ts';
import { skillDefinitionSchema } from '../../src/contract/skills.ts';
import { getSkill } from '../../src/skills/get-skill.ts';
import { writeSkillMd } from '../../src/skills/skill-md/write-skill-md.ts';
import { ensureSystemSkills } from '../../src/skills/system/ensure-system-skills.ts';
import { toolResultsOf, userTextOf } from '../helpers/messages-api.ts';
import { createRunnerBench, type RunnerBench } from '../helpers/runner.ts';

let bench: RunnerBench;
beforeAll(async () => {
  bench = await createRunnerBench(() => ({ text: 'Done.' }));
  await ensureSystemSkills(bench);
});
afterAll(() => bench.close());

const accept = (id: string) => decideProposal(bench, id, { decision: 'accept', actor: 'owner' });

describe('a proposal', () => {
  it('comes of a conversation, and is a skill once a person accepts it', async () => {
    const definition = {
      slug: 'papers',
      name: 'Papers',
      steps: [{ id: 1, prompt: 'Read {{what}}', allowedTools: [] }],
      inputSchema: { type: 'object', properties: { what: { type: 'string' } } },
    };
    bench.api.setScript(({ body }) =>
      JSON.stringify(body.messages).includes('"tool_result"')
        ? { text: 'Proposed.' }
        : { toolCalls: [{ name: 'mcp__alfred__propose_skill', input: { definition } }] },
    );
    const owner = { actor: 'owner', mayLoosen: true };
    const { id } = await createConversation(bench, {}, owner);
    const sent = await sendMessage(bench, id, { text: 'Learn to read my papers', actor: 'owner' });
    await bench.ended(sent.executionId);
    const [proposal] = (await listProposals(bench, { limit: 5 })).items;
    expect(proposal).toMatchObject({
      status: 'open',
      from: { conversationId: id },
      reach: ['Step 1 uses no tool.'],
    });
    await expect(getSkill(bench, 'papers')).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    expect(await accept(proposal?.id ?? '')).toMatchObject({ status: 'accepted', decidedBy: 'owner' });
    expect(await getSkill(bench, 'papers')).toMatchObject({ source: 'taught', version: 1 });
    await expect(accept(proposal?.id ?? '')).rejects.toMatchObject({ code: 'E_CONFLICT' });
  });

  it('comes of a SKILL.md, and is stale once its skill has changed', async () => {
    const skillMd = '---\nname: papers\ndescription: Reads papers\n---\n\nRead the papers, all of them.\n';
    const first = await propose(bench, { from: { skillMd } }, 'owner');
    const second = await propose(bench, { from: { skillMd } }, 'owner');
    expect(first.status).toBe('open');
    await accept(first.id);
    expect((await getSkill(bench, 'papers')).version).toBe(2);
    await expect(accept(second.id)).rejects.toMatchObject({ code: 'E_STALE_PROPOSAL' });
  });

  it('is accepted as it was proposed alone: altered in the database, it can be rejected', async () => {
    const skillMd = '---\nname: garden\ndescription: Waters\n---\n\nSay what to water.\n';
    const { id } = await propose(bench, { from: { skillMd } }, 'owner');
    await bench.db.pool.query(
      `UPDATE proposals SET definition = jsonb_set(definition, '{steps,0,prompt}', '"Pay the gardener."') WHERE id = $1`,
      [id],
    );
    await expect(accept(id)).rejects.toMatchObject({ code: 'E_ROW_ALTERED' });
    await expect(getSkill(bench, 'garden')).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    const rejected = await decideProposal(bench, id, { decision: 'reject', actor: 'owner' });
    expect(rejected).toMatchObject({ status: 'rejected', decidedBy: 'owner' });
  });

  it('is rehearsed as it stands, by a run that it names, and stays a proposal', async () => {
    // One of Alfred's own: what stands in braces elsewhere is no placeholder.
    const sums = { slug: 'sums', name: 'sums', steps: [{ id: 1, prompt: 'Sum up {{first}}.' }] };
    const skillMd = writeSkillMd(skillDefinitionSchema.parse(sums));
    const { id, definition } = await propose(bench, { from: { skillMd } }, 'owner');
    expect(definition).toMatchObject({ steps: [{ prompt: 'Sum up {{first}}.' }] });
    const { executionId } = await rehearseProposal(bench, id, { actor: 'owner' });
    const { execution } = await bench.ended(executionId);
    expect(execution).toMatchObject({
      ...{ skillSlug: 'sums', mode: 'rehearsal', model: 'rehearsal', status: 'succeeded', trigger: 'manual' },
      ...{ input: { first: 'example' }, costUsd: 0, triggerDetail: { proposalId: id } },
    });
    await expect(getSkill(bench, 'sums')).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    const shown = await presentProposal(bench.db.prisma, await findProposal(bench.db.prisma, id));
    expect(shown).toMatchObject({ status: 'open', rehearsalId: executionId });

    const missing = { input: { second: 'x' }, actor: 'owner' };
    await expect(rehearseProposal(bench, id, missing)).rejects.toMatchObject({
      code: 'E_VALIDATION',
      fields: [{ field: '/input/first' }],
    });
    await decideProposal(bench, id, { decision: 'reject', actor: 'owner' });
    await expect(rehearseProposal(bench, id, { actor: 'owner' })).rejects.toMatchObject({
      code: 'E_CONFLICT',
    });
  });

  it('is rehearsed for the skill that it would change without counting as its run', async () => {
    await bench.addSkill({ slug: 'notes', steps: ['Look at the notes'] });
    const skillMd = '---\nname: notes\ndescription: Notes\n---\n\nRead the notes aloud.\n';
    const { id } = await propose(bench, { from: { skillMd } }, 'owner');
    const { executionId } = await rehearseProposal(bench, id, { actor: 'owner' });
    const { execution } = await bench.ended(executionId);
    expect(execution).toMatchObject({ skillVersion: 1, status: 'succeeded' });
    expect(JSON.stringify(execution.trace)).toContain('Read the notes aloud.');
    expect(await getSkill(bench, 'notes')).toMatchObject({ runCount: 0, lastRunAt: null });
  });

  it('comes of an execution, with the tools that it really used', async () => {
    bench.api.setScript(() => ({ text: 'Done.' }));
    await bench.addSkill({ slug: 'wide', steps: ['Do it'] });
    const { execution } = await bench.run('wide');
    const proposal = await propose(bench, { from: { executionId: execution.id }, slug: 'narrow' }, 'owner');
    expect(proposal.definition).toMatchObject({
      slug: 'narrow',
      steps: [{ id: 1, prompt: 'Do it', allowedTools: [] }],
    });
  });
});

describe('teaching in a conversation', () => {
  const canary = 'hunter2-of-the-ledger-93b1';
  const owner = { actor: 'owner', mayLoosen: true };

  it('asks, looks at the tools that are there, mends what was refused, and ends in a proposal', async () => {
    const ledger = path.join(import.meta.dirname, '../helpers/mcp/ledger-server.ts');
    const book = path.join(bench.home, 'ledger.jsonl');
    await bench.addConnection('ledger', [ledger, book], { env: { KEY: { plain: canary } } });
    const definition = (tool: string) => ({
      ...{ slug: 'bills', name: 'Bills', triggerType: 'schedule', triggerConfig: { cron: '0 7 * * 1' } },
      steps: [{ id: 1, prompt: 'Pay what is due.', allowedTools: [tool], approval: 'always' }],
    });
    const proposing = (tool: string) => ({
      toolCalls: [{ name: 'mcp__alfred__propose_skill', input: { definition: definition(tool) } }],
    });
    bench.api.requests.length = 0;
    bench.api.setScript(({ body }) => {
      const last = toolResultsOf(body).at(-1)?.text;
      if (!JSON.stringify(body.messages).includes('On Mondays')) return { text: 'On which days?' };
      if (last === undefined) return { toolCalls: [{ name: 'mcp__alfred__list_tools', input: {} }] };
      if (last.includes('Looks.')) return proposing('mcp__ledger__payAll');
      return last.includes('no such tool')
        ? proposing('mcp__ledger__pay')
        : { text: 'Look at what it pays.' };
    });
    const { id } = await createConversation(bench, {}, owner);
    const say = async (text: string) => {
      const { executionId } = await sendMessage(bench, id, { text, actor: 'owner' });
      const { execution } = await bench.ended(executionId);
      expect(execution).toMatchObject({ status: 'succeeded', error: null });
    };
    await say('Teach a new skill: pay my bills');
    await say('On Mondays at seven');

    const asked = userTextOf((await bench.api.request(0)).body);
    expect(asked).toContain('I say:\n\npay my bills');
    expect(asked).toContain('Rules that do not bend');
    const listed = bench.api.requests.flatMap(({ body }) => toolResultsOf(body)).map(({ text }) => text);
    expect(listed.join('\n')).toContain('mcp__ledger__look (read-only): Looks.');
    expect(bench.api.requests.map(({ raw }) => raw).join()).not.toContain(canary);

    const { messages } = await getConversation(bench, id);
    expect(messages.map(({ text }) => text)).toEqual([
      ...['Teach a new skill: pay my bills', 'On which days?'],
      ...['On Mondays at seven', 'Look at what it pays.'],
    ]);
    const calls = messages.flatMap(({ parts }) => parts.flatMap((one) => ('call' in one ? [one.call] : [])));
    expect(calls.map(({ status }) => status)).toEqual(['done', 'failed', 'done']);
    const [proposal] = (await listProposals(bench, { limit: 5, conversationId: id })).items;
    expect(calls.at(-1)?.proposalId).toBe(proposal?.id);
    expect(proposal).toMatchObject({
      ...{ status: 'open', slug: 'bills', when: expect.stringContaining('At 07:00') },
      reach: ['Step 1 may use “pay” of “ledger”.'],
    });
    expect(proposal?.risks).toEqual([
      'It starts by itself, and has no cap of its own: the VM’s caps alone bound what it costs.',
    ]);
  });

  it('is read in other words too, and "Teach New Skill" itself is not run', async () => {
    bench.api.requests.length = 0;
    bench.api.setScript(({ body }) =>
      toolResultsOf(body).length === 0
        ? { toolCalls: [{ name: 'mcp__alfred__teach_skill', input: { request: 'water the garden' } }] }
        : { text: 'How often?' },
    );
    const { id } = await createConversation(bench, {}, owner);
    const sent = await sendMessage(bench, id, { text: 'From now on, water the garden', actor: 'owner' });
    await bench.ended(sent.executionId);
    const [result] = toolResultsOf((await bench.api.request(1)).body);
    expect(result?.text).toContain('I say:\n\nwater the garden');
    await expect(bench.start('teach-new-skill', { request: 'x' })).rejects.toMatchObject({
      code: 'E_SYSTEM_SKILL',
    });
  });
});
