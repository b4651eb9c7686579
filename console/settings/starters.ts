/** Who and what may start a run, in plain words, each with where that is changed: out of what the VM says of each. */
import type { App } from '../../src/contract/apps.ts';
import type { CoreLink } from '../../src/contract/core.ts';
import type { ListedSkill } from '../../src/contract/listed-skill.ts';
import { ownerTokenName } from '../../src/contract/owner-token.ts';
import { visibleText } from '../../src/contract/visible.ts';
import type { WebhookSender } from '../../src/contract/webhooks.ts';
import type { Token } from '../api/queries.ts';
import { pausedUntilOf, pauseWords } from '../skills/paused.ts';
import { dayTime } from '../ui/format.ts';
import { t } from '../words/t.ts';

/** One line: `isOpen` of what strangers may start. */
export type Starter = {
  key: string;
  name: string;
  how: string;
  isOpen?: boolean;
  at: { to: string; hash?: string; search?: { section: string } };
  /** What is there, in a word or two. */
  where: string;
};

type Skill = Pick<
  ListedSkill,
  'slug' | 'name' | 'isActive' | 'triggerType' | 'triggerConfig' | 'nextRunAt' | 'onFailureSkill'
>;

/** Those that were let in by the owner, with a token or by asking. Whoever only looks is none of them, nor is the owner. */
export function programsOf(apps: readonly App[], tokens: readonly Token[], now: number): Starter[] {
  const isGood = ({ expiresAt }: { expiresAt: string | null }) =>
    expiresAt === null || Date.parse(expiresAt) > now;
  return [
    ...apps.filter(isGood).map(({ id, name, skills }) => ({
      key: id,
      name: visibleText(name),
      how: t('An app that you let in. {what}', { what: startsWhat(skills) }),
      at: { to: '/settings', hash: 'apps' },
      where: t('Apps'),
    })),
    ...tokens
      .filter((token) => isGood(token) && token.name !== ownerTokenName)
      .flatMap((token) => {
        const how = howOfToken(token);
        return how === undefined
          ? []
          : [
              {
                key: token.id,
                name: token.name,
                how,
                at: { to: '/settings', hash: 'tokens' },
                where: t('Access tokens'),
              },
            ];
      }),
  ];
}

/** Undefined for a token that starts nothing. */
function howOfToken({ scopes, skills }: Token): string | undefined {
  const named = scopes.join(', ');
  if (scopes.includes('run'))
    return t('An access token ({scopes}). {what}', { scopes: named, what: startsWhat(skills) });
  return scopes.includes('write')
    ? t('An access token ({scopes}). It changes skills, and so what starts them.', { scopes: named })
    : undefined;
}

const startsWhat = (skills: readonly string[] | null): string =>
  skills === null ? t('It starts any skill.') : t('It starts {skills}.', { skills: skills.join(', ') });

/** People who sign in at the provider, where the owner lets them start something. */
export const coreOf = (core: Pick<CoreLink, 'linked' | 'tokenScopes'> | undefined): Starter[] =>
  core?.linked && core.tokenScopes.includes('start')
    ? [
        {
          key: 'core',
          name: t('People who sign in through Core'),
          how: t('They start any skill that they name.'),
          at: { to: '/core' },
          where: t('Core'),
        },
      ]
    : [];

/** What starts by the clock. */
export const schedulesOf = (skills: readonly Skill[], now: number): Starter[] =>
  active(skills, 'schedule').map((skill) => ({ ...skillLine(skill), how: howOfSchedule(skill, now) }));

function howOfSchedule(skill: Skill, now: number): string {
  const paused = pausedUntilOf(skill, now);
  if (paused !== undefined) return pauseWords(paused, now);
  const { nextRunAt } = skill;
  return nextRunAt === null
    ? t('No time of it is to come.')
    : t('Next: {next}', { next: dayTime(nextRunAt, now) });
}

/** Schemes that many programs share are nobody's name. */
const unnamed = ['standard', 'bearer', 'basic', 'token', 'custom'];

/** What starts when another program calls, and whether anybody could. */
export const hooksOf = (
  skills: readonly Skill[],
  senders: readonly Pick<WebhookSender, 'auth' | 'title'>[],
): Starter[] =>
  active(skills, 'webhook').map((skill) => {
    const { auth = 'standard', secret } = skill.triggerConfig as { auth?: string; secret?: unknown };
    const isOpen = auth === 'none';
    const sender = unnamed.includes(auth) ? undefined : senders.find((one) => one.auth === auth)?.title;
    const how = isOpen
      ? t('Anybody who knows its address: calls are not checked.')
      : secret === undefined
        ? t('It has no secret yet, and starts nothing.')
        : sender === undefined
          ? t('Another program that has its secret: each call is checked.')
          : t('{sender}: each call is checked.', { sender });
    return { ...skillLine(skill), how, isOpen };
  });

/** What starts when another skill's run fails. */
export const handlersOf = (skills: readonly Skill[]): Starter[] =>
  skills
    .filter(({ isActive, onFailureSkill }) => isActive && onFailureSkill !== null)
    .map((skill) => ({
      ...skillLine(skill),
      how: t('When a run of it fails, it starts {skill}.', {
        skill: skills.find(({ slug }) => slug === skill.onFailureSkill)?.name ?? skill.onFailureSkill ?? '',
      }),
    }));

/** Drafts that would start by themselves if they were none. */
export const sleepersOf = (skills: readonly Skill[]): number =>
  skills.filter(
    ({ isActive, triggerType }) => !isActive && (triggerType === 'schedule' || triggerType === 'webhook'),
  ).length;

const active = (skills: readonly Skill[], type: Skill['triggerType']): Skill[] =>
  skills.filter(({ isActive, triggerType }) => isActive && triggerType === type);

const skillLine = ({ slug, name }: Skill) => ({
  key: slug,
  name,
  at: { to: `/skills/${slug}` },
  where: t('The skill'),
});
