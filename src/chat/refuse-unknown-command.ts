import type { Transaction } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import { slips } from '../kernel/slips.ts';
import { teachSlug } from '../skills/system/teach-new-skill.ts';
import { namedSkills, readChatSkills } from './named-skills.ts';

/** So many are named as what may have been meant. */
const mostNamed = 3;

/**
 * What begins with a slash and one word is meant for a skill: where there is none of that name, nobody pays a model to be told
 * so. A path has a second slash; whoever wants the word said as it is begins with two.
 *
 * @throws AlfredError E_VALIDATION, with the names that are most like it
 */
export async function refuseUnknownCommand(db: Pick<Transaction, 'skill'>, text: string): Promise<void> {
  const [, word] = /^\/([a-z0-9_-]+)(?:\s|$)/i.exec(text.trim()) ?? [];
  if (word === undefined) return;
  const skills = await readChatSkills(db);
  const names = skills
    .filter(({ slug, isSystem }) => !isSystem || slug === teachSlug)
    .map(({ slug }) => slug);
  // A phrase counts with a slash before it as well.
  if (names.includes(word) || namedSkills(skills, text).command !== undefined) return;
  const like = names
    .map((name) => ({ name, slips: name.startsWith(word) ? 0 : slips(word.toLowerCase(), name) }))
    .filter(({ name, slips: count }) => count <= Math.max(2, name.length / 3))
    .sort((a, b) => a.slips - b.slips || a.name.localeCompare(b.name, 'en'))
    .slice(0, mostNamed)
    .map(({ name }) => `/${name}`);
  const nearest = like.length === 0 ? '' : ` Nearest: ${like.join(', ')}.`;
  throw new AlfredError('E_VALIDATION', `There is no command or skill called /${word}.${nearest}`, {
    remedy: `To say it to Alfred as it is, begin with two slashes: //${word}`,
    fields: [{ field: '/text', message: `begins with /${word}, which is no skill that runs` }],
  });
}
