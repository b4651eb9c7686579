import { describe, expect, it } from 'vitest';
import { provideVault, type VaultBench } from '../../../tests/helpers/vault-bench.ts';
import { findPlaceholders } from '../../contract/placeholders.ts';
import { getSkill } from '../get-skill.ts';
import { removeSkill } from '../remove-skill.ts';
import { updateSkill } from '../update-skill.ts';
import { ensureSystemSkills } from './ensure-system-skills.ts';

let { db, vault } = {} as VaultBench;
provideVault((bench) => {
  ({ db, vault } = bench);
});

const slug = 'teach-new-skill';

describe('system skills', () => {
  it('are made once, whoever starts at the same time', async () => {
    await Promise.all([ensureSystemSkills({ db, vault }), ensureSystemSkills({ db, vault })]);
    await ensureSystemSkills({ db, vault });
    const skill = await getSkill({ db, vault }, slug);
    expect(skill).toMatchObject({
      name: 'Teach New Skill',
      isSystem: true,
      source: 'system',
      triggerType: 'chat',
      version: 1,
      isActive: true,
    });
    expect(skill.steps.flatMap(({ prompt }) => findPlaceholders(prompt))).toEqual(['request']);
    expect(skill.steps.flatMap(({ guidance = '' }) => findPlaceholders(guidance))).toEqual([]);
  });

  it('cannot be removed or renamed, by us or behind our back', async () => {
    await expect(removeSkill({ db }, slug)).rejects.toMatchObject({ code: 'E_SYSTEM_SKILL' });
    await expect(
      updateSkill({ db, vault }, slug, { slug: 'mine' }, { actor: 'owner', mayLoosen: true }),
    ).rejects.toMatchObject({
      code: 'E_SYSTEM_SKILL',
    });
    await expect(db.prisma.skill.delete({ where: { slug } })).rejects.toThrow();
    await expect(db.prisma.skill.update({ where: { slug }, data: { isSystem: false } })).rejects.toThrow();
  });

  it('come up to date while nobody has edited them, and keep what somebody wrote', async () => {
    const { id, steps } = await getSkill({ db, vault }, slug);
    const older = [{ id: 1, prompt: 'An older text.', allowedTools: [] }];
    await updateSkill({ db, vault }, slug, { steps: older }, { actor: 'system', mayLoosen: true });
    await ensureSystemSkills({ db, vault });
    expect(await getSkill({ db, vault }, slug)).toMatchObject({ id, steps, version: 3 });

    const mine = [{ id: 1, prompt: 'My own text.', allowedTools: [] }];
    await updateSkill({ db, vault }, slug, { steps: mine }, { actor: 'owner', mayLoosen: true });
    await ensureSystemSkills({ db, vault });
    expect(await getSkill({ db, vault }, slug)).toMatchObject({ steps: mine, version: 4, isSystem: true });
  });
});
