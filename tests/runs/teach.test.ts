/** What is taught is proposed, and a person decides: nothing is saved before, and nothing that went stale. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConversation } from '../../src/chat/create-conversation.ts';
import { decideProposal } from '../../src/chat/proposals/decide-proposal.ts';
import { editProposal } from '../../src/chat/proposals/edit-proposal.ts';
import { listProposals } from '../../src/chat/proposals/list-proposals.ts';
import { presentProposal } from '../../src/chat/proposals/present-proposal.ts';
import { findProposal } from '../../src/chat/proposals/proposal-row.ts';
import { propose } from '../../src/chat/proposals/propose.ts';
import { rehearseProposal } from '../../src/chat/proposals/rehearse-proposal.ts';
import { sendMessage } from '../../src/chat/send-message.ts';
import { getSkill } from '../../src/skills/get-skill.ts';
import { ensureSystemSkills } from '../../src/skills/system/ensure-system-skills.ts';
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
    const skillMd = '---\nname: sums\ndescription: Sums\n---\n\nSum up {{first}}.\n';
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
