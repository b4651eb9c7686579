import { beforeEach, describe, expect, it } from 'vitest';
import { provideVault, type VaultBench } from '../../tests/helpers/vault-bench.ts';
import { type Skill, skillDefinitionSchema } from '../contract/skills.ts';
import { openSealed } from '../vault/open.ts';
import { createSkill } from './create-skill.ts';
import { getSkill } from './get-skill.ts';
import { restoreVersion } from './restore-version.ts';
import { triggerSecretLabel, triggerSecretPlace } from './skill-row.ts';
import { updateSkill } from './update-skill.ts';

let { db, vault } = {} as VaultBench;
provideVault((bench) => {
  ({ db, vault } = bench);
});
beforeEach(async () => {
  await db.prisma.skill.deleteMany();
});

const deps = () => ({ db, vault });
const me = { actor: 'owner', mayLoosen: true };
const sealed = { sealed: true, fingerprint: expect.stringMatching(/^[0-9a-f]+$/) };

const create = (triggerType: string, triggerConfig?: Record<string, unknown>): Promise<Skill> =>
  createSkill(
    deps(),
    skillDefinitionSchema.parse({
      slug: 'hook',
      name: 'Hook',
      steps: [{ id: 1, prompt: 'Go.' }],
      triggerType,
      triggerConfig,
    }),
    me,
  );

const patch = (change: Record<string, unknown>) => updateSkill(deps(), 'hook', change, me);

/** The secret as a webhook's signature check would get it. */
async function keptSecret(): Promise<string | null> {
  const row = await db.prisma.skill.findUniqueOrThrow({ where: { slug: 'hook' } });
  if (row.triggerSecret === null) return null;
  return openSealed(vault, triggerSecretPlace(row.id), row.triggerSecret, triggerSecretLabel(row.slug));
}

const everythingStored = async () =>
  JSON.stringify([await db.prisma.skill.findMany(), await db.prisma.skillVersion.findMany()]);

describe('a webhook', () => {
  it.each(['standard', 'github', 'stripe', 'bearer'])('gets a secret for %s, shown once', async (auth) => {
    const made = await create('webhook', { auth });
    const secret = made.triggerConfig.secret;
    expect(made.triggerConfig).toMatchObject({ auth, response: 'accepted', secret: expect.any(String) });
    expect(await keptSecret()).toBe(secret);
    expect((await getSkill(deps(), 'hook')).triggerConfig.secret).toEqual(sealed);
    expect((await patch({ name: 'Other' })).triggerConfig.secret).toEqual(sealed);
    expect(await keptSecret()).toBe(secret);
    expect(await everythingStored()).not.toContain(secret);
  });

  it('is signed by the standard unless it says otherwise', async () => {
    const made = await create('webhook');
    expect(made.triggerConfig).toMatchObject({
      auth: 'standard',
      secret: expect.stringMatching(/^whsec_.{44}$/),
    });
  });

  it('takes a secret that is sent, and shows it never again', async () => {
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const made = await create('webhook', { auth: 'standard', secret });
    expect(made.triggerConfig.secret).toEqual(sealed);
    expect(await keptSecret()).toBe(secret);
    expect(await everythingStored()).not.toContain(secret);
    expect(vault.redactor.text(`the secret is ${secret}`)).not.toContain(secret);
  });

  it.each([
    ['standard', 'not-a-standard-secret'],
    ['standard', `whsec_${Buffer.alloc(8).toString('base64')}`],
    ['standard', `whsec_${Buffer.alloc(32).toString('base64')}!`],
    ['none', 'a-secret-for-nothing'],
    ['bearer', 'short'],
  ])('refuses for %s the secret %s', async (auth, secret) => {
    await expect(create('webhook', { auth, secret })).rejects.toMatchObject({
      code: 'E_VALIDATION',
      fields: [{ field: '/triggerConfig/secret' }],
    });
  });

  it('keeps its secret when the marker comes back, and refuses another marker', async () => {
    await create('webhook', { auth: 'github' });
    const before = await keptSecret();
    const { triggerConfig } = await getSkill(deps(), 'hook');
    await patch({ triggerConfig });
    expect(await keptSecret()).toBe(before);
    await expect(
      patch({ triggerConfig: { secret: { sealed: true, fingerprint: 'ffffffff' } } }),
    ).rejects.toMatchObject({ fields: [{ field: '/triggerConfig/secret' }] });
  });

  it('gets a new secret for null, and for another scheme', async () => {
    await create('webhook', { auth: 'github' });
    const first = await keptSecret();
    const renewed = await patch({ triggerConfig: { secret: null } });
    expect(renewed.triggerConfig.secret).toEqual(expect.any(String));
    const second = await keptSecret();
    expect(second).toBe(renewed.triggerConfig.secret);
    expect(second).not.toBe(first);
    const changed = await patch({ triggerConfig: { auth: 'standard' } });
    expect(changed.triggerConfig.secret).toMatch(/^whsec_/);
  });

  it('loses its secret with its signature, and with its trigger', async () => {
    await create('webhook', { auth: 'github' });
    expect((await patch({ triggerConfig: { auth: 'none' } })).triggerConfig).toEqual({
      auth: 'none',
      response: 'accepted',
    });
    expect(await keptSecret()).toBeNull();
    await patch({ triggerConfig: { auth: 'github' } });
    expect((await patch({ triggerType: 'manual' })).triggerConfig).toEqual({});
    expect(await keptSecret()).toBeNull();
  });

  it('keeps its present secret when an earlier version comes back', async () => {
    await create('webhook', { auth: 'github' });
    const before = await keptSecret();
    await patch({ name: 'Other' });
    const restored = await restoreVersion(deps(), 'hook', 1, me);
    expect(restored.triggerConfig.secret).toEqual(sealed);
    expect(await keptSecret()).toBe(before);
    await patch({ triggerType: 'manual' });
    expect((await restoreVersion(deps(), 'hook', 1, me)).triggerConfig.secret).toEqual(expect.any(String));
  });
});

describe('other triggers', () => {
  it('are checked for their shape', async () => {
    expect(
      (await create('schedule', { cron: '0 7 * * 1-5', timezone: 'Europe/Berlin' })).triggerConfig,
    ).toEqual({
      cron: '0 7 * * 1-5',
      timezone: 'Europe/Berlin',
      missed: 'skip',
      overlap: 'one',
    });
    await expect(patch({ triggerConfig: { timezone: 'Europe/Atlantis' } })).rejects.toMatchObject({
      fields: [{ field: '/triggerConfig/timezone' }],
    });
    await expect(patch({ triggerConfig: { cron: null } })).rejects.toMatchObject({
      fields: [{ field: '/triggerConfig/cron', message: 'is required' }],
    });
    expect((await patch({ triggerType: 'chat', triggerConfig: { phrases: ['go'] } })).triggerConfig).toEqual({
      phrases: ['go'],
    });
    await expect(patch({ triggerConfig: { secret: 'not-for-chat' } })).rejects.toMatchObject({
      fields: [{ field: '/triggerConfig/secret' }],
    });
  });
});
