/** What the console says of versions of skills, and which it takes to be meant. Pure functions, without a browser. */
import { expect, it } from 'vitest';
import { likelyVersion } from '../console/executions/likely-version.ts';
import { pausedUntilOf, pauseWords } from '../console/skills/paused.ts';
import { savedWords } from '../console/skills/who-saved.ts';

it.each([
  // What ended it stands in the skill, which was changed since: that is what is to be tried.
  ['failed', 'E_COST_CAP', 2, 'current'],
  ['failed', 'E_COST_CAP_SKILL', 2, 'current'],
  ['failed', 'E_MAX_TURNS', 2, 'current'],
  ['failed', 'E_OUTPUT_SCHEMA', 2, 'current'],
  // What ended it stands elsewhere, or nothing did.
  ['failed', 'E_COST_CAP_DAY', 2, 'original'],
  ['failed', 'E_MODEL_OVERLOADED', 2, 'original'],
  ['failed', 'constructor', 2, 'original'],
  ['succeeded', null, 2, 'original'],
  ['cancelled', 'E_COST_CAP', 2, 'original'],
  // There is no other.
  ['failed', 'E_COST_CAP', undefined, 'original'],
] as const)('%s by %s, with version %s since: %s is meant', (status, errorCode, current, meant) => {
  expect(likelyVersion({ status, errorCode }, current)).toBe(meant);
});

it.each([
  [1, null, 'owner', 'made, by you'],
  [3, null, 'owner', 'changed, by you'],
  [2, 'taught: proposal 01a2', 'owner', 'taught, by you'],
  [1, 'imported from SKILL.md', 'token:7', 'imported from a SKILL.md, by the access token “laptop”'],
  [1, 'from the template morning', 'token:8', 'made from a template, by an access token that is gone'],
  [4, 'restored from version 2', 'app:9', 'back to version 2, by an app that you let in'],
  [2, 'the connection mail is called post', 'owner', 'a connection was renamed: mail is post, by you'],
  [1, 'ships with Alfred', 'system', 'comes with Alfred, by Alfred itself'],
  [2, 'as Mara wished', 'core:4', 'as Mara wished, by somebody who came by Core'],
])('version %i with the note %j of %s: %s', (version, note, createdBy, words) => {
  expect(savedWords({ version, note, createdBy }, [{ id: '7', name: 'laptop' }])).toBe(words);
});

it('says of a pause the day on which it starts again, and of one that is over nothing', () => {
  const now = new Date(2026, 11, 1, 12).getTime();
  const skill = (pausedUntil?: string) => ({
    ...{ isActive: true, triggerType: 'schedule' as const },
    triggerConfig: { cron: '0 7 * * *', ...(pausedUntil === undefined ? {} : { pausedUntil }) },
  });
  const beforeSunday = new Date(new Date(2026, 11, 6).getTime() - 1).toISOString();
  expect(pausedUntilOf(skill(beforeSunday), now)).toBe(beforeSunday);
  expect(pauseWords(beforeSunday, now)).toBe('Paused until Sun, Dec 6');
  // Where its next time alone is left out.
  expect(pauseWords(new Date(2026, 11, 2, 7).toISOString(), now)).toMatch(/^Paused until Wed, Dec 2, 0?7:00/);
  expect(pausedUntilOf(skill(), now)).toBeUndefined();
  expect(pausedUntilOf(skill(new Date(2026, 10, 6).toISOString()), now)).toBeUndefined();
  expect(pausedUntilOf({ ...skill(beforeSunday), isActive: false }, now)).toBeUndefined();
});
