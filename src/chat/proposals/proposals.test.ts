/** What is proposed against what is there: made whole, told in plain words, stale in time, and accepted once. */
import { beforeEach, describe, expect, it } from 'vitest';
import { keepConnection } from '../../../tests/helpers/skills.ts';
import { provideVault, type VaultBench } from '../../../tests/helpers/vault-bench.ts';
import { skillDefinitionSchema } from '../../contract/skills.ts';
import { createSkill } from '../../skills/create-skill.ts';
import { getSkill } from '../../skills/get-skill.ts';
import { listVersions } from '../../skills/list-versions.ts';
import { removeSkill } from '../../skills/remove-skill.ts';
import { ensureSystemSkills } from '../../skills/system/ensure-system-skills.ts';
import { updateSkill } from '../../skills/update-skill.ts';
import { decideProposal } from './decide-proposal.ts';
import { editProposal } from './edit-proposal.ts';
import { listProposals } from './list-proposals.ts';
import { presentProposal } from './present-proposal.ts';
import { findProposal } from './proposal-row.ts';
import { keepProposal, propose } from './propose.ts';

let { db, vault } = {} as VaultBench;
provideVault((bench) => {
  ({ db, vault } = bench);
});
beforeEach(async () => {
  await db.prisma.proposal.deleteMany();
  await db.prisma.skill.deleteMany({ where: { isSystem: false } });
  await db.prisma.connection.deleteMany();
  await keepConnection(db, { name: 'files', tools: ['read', 'write'] });
});

const deps = () => ({ db, vault });
const owner = { actor: 'owner', mayLoosen: true };
const made = { origin: { skillMd: true }, actor: 'owner' };
const papers = (over: object = {}) => ({
  slug: 'papers',
  name: 'Papers',
  steps: [{ id: 1, prompt: 'Read the papers.', allowedTools: ['mcp__files__read'] }],
  ...over,
});
const shown = async (id: string) => presentProposal(db.prisma, await findProposal(db.prisma, id));
const accept = (id: string) => decideProposal(deps(), id, { decision: 'accept', actor: 'owner' });
const createPapers = (over: object = {}) =>
  createSkill(deps(), skillDefinitionSchema.parse(papers(over)), owner);

describe('accepted', () => {
  it('twice at one moment, it is one skill of one version', async () => {
    const { id } = await keepProposal(deps(), papers(), made);
    const results = await Promise.allSettled([accept(id), accept(id), accept(id)]);
    const refused = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused).toHaveLength(2);
    for (const reason of refused) expect(reason).toMatchObject({ code: 'E_CONFLICT' });
    expect((await listVersions(deps(), 'papers', { limit: 9 })).items).toHaveLength(1);
    expect(await getSkill(deps(), 'papers')).toMatchObject({ source: 'taught', version: 1 });
  });

  it('is saved and decided in one, or neither', async () => {
    const { id } = await keepProposal(deps(), papers(), made);
    await db.pool.query(
      `ALTER TABLE proposals ADD CONSTRAINT "no_more" CHECK (status <> 'accepted') NOT VALID`,
    );
    try {
      await expect(accept(id)).rejects.toThrow();
    } finally {
      await db.pool.query('ALTER TABLE proposals DROP CONSTRAINT "no_more"');
    }
    await expect(getSkill(deps(), 'papers')).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    expect((await shown(id)).status).toBe('open');
    expect(await accept(id)).toMatchObject({ status: 'accepted', skill: { slug: 'papers', version: 1 } });
  });

  it('shows the secret that was made for its hook, and the proposal holds none', async () => {
    const hook = papers({ triggerType: 'webhook', triggerConfig: { auth: 'bearer' } });
    const withSecret = { ...hook, triggerConfig: { auth: 'bearer', secret: 'a-secret-of-ones-own' } };
    await expect(keepProposal(deps(), withSecret, made)).rejects.toMatchObject({
      code: 'E_VALIDATION',
      fields: [{ field: '/triggerConfig/secret' }],
    });
    const { id, when } = await keepProposal(deps(), hook, made);
    expect(when).toBe('Whenever its webhook is called');
    const { skill, ...proposal } = await accept(id);
    expect(skill?.triggerConfig.secret).toEqual(expect.any(String));
    expect(JSON.stringify(proposal)).not.toContain(skill?.triggerConfig.secret);
  });
});

describe('a change of a skill', () => {
  it('keeps what it says nothing of, takes away what it takes away, and names new tools', async () => {
    await createPapers({
      maxCostUsd: 0.5,
      inputSchema: { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } } },
    });
    const proposal = await keepProposal(
      deps(),
      papers({
        steps: [{ id: 1, prompt: 'Read.', allowedTools: ['mcp__files__read', 'mcp__files__write'] }],
        inputSchema: { type: 'object', properties: { a: { type: 'string' } } },
      }),
      made,
    );
    expect(proposal).toMatchObject({
      baseVersion: 1,
      newTools: ['mcp__files__write'],
      definition: { maxCostUsd: 0.5 },
    });
    expect(proposal.diff.map(({ part, field }) => `${part}: ${field}`)).toEqual([
      'The skill: Inputs',
      'Step 1: What to do',
      'Step 1: Tools',
    ]);
    await accept(proposal.id);
    expect(await getSkill(deps(), 'papers')).toMatchObject({
      version: 2,
      source: 'manual',
      maxCostUsd: 0.5,
      inputSchema: { type: 'object', properties: { a: { type: 'string' } } },
    });
    expect((await getSkill(deps(), 'papers')).inputSchema?.properties).not.toHaveProperty('b');
  });

  it('keeps the secret of its hook', async () => {
    const made1 = await createPapers({ triggerType: 'webhook', triggerConfig: { auth: 'bearer' } });
    const { id } = await keepProposal(deps(), papers({ name: 'Newer papers' }), made);
    const before = await getSkill(deps(), 'papers');
    const { skill } = await accept(id);
    expect(typeof made1.triggerConfig.secret).toBe('string');
    expect(skill).toMatchObject({ name: 'Newer papers', triggerConfig: before.triggerConfig });
  });

  it('says what is looser than it is now', async () => {
    await createPapers({
      maxCostUsd: 0.5,
      steps: [{ id: 1, prompt: 'Read.', allowedTools: ['mcp__files__write'], approval: 'always' }],
    });
    const { risks } = await keepProposal(
      deps(),
      papers({
        maxCostUsd: null,
        steps: [{ id: 1, prompt: 'Read.', allowedTools: ['mcp__files__write'], approval: 'never' }],
      }),
      made,
    );
    expect(risks.join('\n')).toContain('asks nobody before');
    expect(risks.join('\n')).toContain('lifts the cap of $0.5');
  });

  it('is none of a system skill', async () => {
    await ensureSystemSkills(deps());
    await expect(keepProposal(deps(), papers({ slug: 'chat' }), made)).rejects.toMatchObject({
      code: 'E_SYSTEM_SKILL',
    });
  });
});

describe('stale', () => {
  it('says that its skill was made, changed or removed since; looked at anew, it is open again', async () => {
    const fresh = await keepProposal(deps(), papers(), made);
    await createPapers();
    expect(await shown(fresh.id)).toMatchObject({
      status: 'stale',
      staleBecause: ['A skill "papers" was made since; this would change it.'],
    });
    const change = await keepProposal(deps(), papers({ name: 'Mine' }), made);
    await updateSkill(deps(), 'papers', { description: 'By hand' }, owner);
    expect((await shown(change.id)).staleBecause).toEqual([
      'The skill "papers" changed since: it is version 2 now, and was 1.',
    ]);
    await expect(accept(change.id)).rejects.toMatchObject({ code: 'E_STALE_PROPOSAL' });
    expect(await editProposal(deps(), change.id, {})).toMatchObject({ status: 'open', baseVersion: 2 });
    await accept(change.id);
    expect(await getSkill(deps(), 'papers')).toMatchObject({ name: 'Mine', version: 3 });
    await removeSkill(deps(), 'papers');
    const { id } = await keepProposal(deps(), papers(), made);
    expect((await shown(id)).status).toBe('open');
  });

  it('says which tool went, or became another', async () => {
    const { id } = await keepProposal(deps(), papers(), made);
    await db.prisma.connection.deleteMany();
    await keepConnection(db, { name: 'files', tools: ['read'], off: { read: 'changed' } });
    expect((await shown(id)).staleBecause).toEqual(['The tool "read" of "files" became another since.']);
    await db.prisma.connection.deleteMany();
    expect((await shown(id)).staleBecause).toEqual(['The connection "files" was removed since.']);
    await expect(accept(id)).rejects.toMatchObject({ code: 'E_STALE_PROPOSAL' });
    await expect(editProposal(deps(), id, {})).rejects.toMatchObject({ code: 'E_UNKNOWN_TOOL' });
    const draft = await editProposal(deps(), id, { definition: papers({ isActive: false }) });
    expect(draft).toMatchObject({ status: 'open', when: expect.stringMatching(/^Not yet: it is a draft/) });
  });
});

describe('proposed', () => {
  it('names what is wrong, so that it can be mended', async () => {
    const wrong = papers({ steps: [{ id: 1, prompt: 'Go.', allowedTools: ['mcp__files__fly'] }] });
    await expect(keepProposal(deps(), wrong, made)).rejects.toMatchObject({
      code: 'E_UNKNOWN_TOOL',
      fields: [{ field: '/steps/0/allowedTools/0' }],
    });
    await expect(keepProposal(deps(), papers({ slug: 'No Slug' }), made)).rejects.toMatchObject({
      fields: [{ field: '/slug' }],
    });
    const never = papers({ triggerType: 'schedule', triggerConfig: { cron: '0 0 31 2 *' } });
    await expect(keepProposal(deps(), never, made)).rejects.toMatchObject({
      fields: [{ field: '/triggerConfig/cron' }],
    });
  });

  it('of a SKILL.md with tools of other programs, it is a draft that says so', async () => {
    const skillMd = '---\nname: bash-it\ndescription: Bashes\nallowed-tools: Bash\n---\n\nDo it.\n';
    const { notes, definition } = await propose(deps(), { from: { skillMd } }, 'owner');
    expect(definition).toMatchObject({ slug: 'bash-it', isActive: false });
    expect(notes.join()).toContain('it names tools of another program');
  });

  it('is listed by its status and its conversation', async () => {
    const conversationId = '0198f000-0000-7000-8000-000000000001';
    const origin = { conversationId };
    const { id } = await keepProposal(deps(), papers(), { origin, actor: 'owner' });
    const other = await keepProposal(deps(), papers({ slug: 'other' }), made);
    await decideProposal(deps(), other.id, { decision: 'reject', actor: 'owner' });
    const ids = async (query: object) =>
      (await listProposals({ db }, { limit: 9, ...query })).items.map((one) => one.id);
    expect(await ids({ conversationId })).toEqual([id]);
    expect(await ids({ status: 'rejected' })).toEqual([other.id]);
    expect(await ids({})).toEqual([other.id, id]);
  });
});
