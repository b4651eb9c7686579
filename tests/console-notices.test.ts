/** What a new channel of notices begins with. Pure functions, without a browser. */
import { expect, it } from 'vitest';
import { bodyOf, newDraft } from '../console/settings/channels/channel-draft.ts';
import { channelKindNames, kindFacts } from '../src/contract/channel-kinds.ts';

it('makes up a topic that nobody guesses, another each time, and nothing else', () => {
  const [topic = '', other] = [newDraft('ntfy'), newDraft('ntfy')].map(({ values }) => values.topic);
  expect(topic).toMatch(kindFacts('ntfy').fields.topic?.pattern ?? /$^/);
  expect(topic.length).toBeGreaterThan(20);
  expect(other).not.toBe(topic);
  expect(bodyOf({ ...newDraft('ntfy'), values: { topic } }, undefined).config).toMatchObject({ topic });
  const others = channelKindNames.filter((kind) => kind !== 'ntfy');
  expect(others.flatMap((kind) => Object.keys(newDraft(kind).values))).toEqual([]);
});
