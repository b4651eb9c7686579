/**
 * Teaching in a conversation: to a message that asks for it, the words of "Teach New Skill" are put, as its owner has them. The
 * record keeps what the owner said alone.
 */
import { z } from 'zod';
import type { SkillDefinition } from '../contract/skills.ts';
import type { Transaction } from '../database/client.ts';
import { renderPlaceholders } from '../skills/placeholders.ts';
import { definitionOf, type SkillRow } from '../skills/skill-row.ts';
import { teachSlug } from '../skills/system/teach-new-skill.ts';
import { rowGuardOf } from '../vault/row-guard.ts';

export type Teacher = {
  /** What a message asks to be taught; undefined where it asks for no such thing. */
  requestIn(message: string): string | undefined;
  /** What the model is told of a request. @throws AlfredError E_ROW_ALTERED when somebody else changed the skill */
  wordsFor(request: string): string;
};

/** Undefined where the owner has switched it off. */
export async function readTeacher(tx: Pick<Transaction, 'skill'>): Promise<Teacher | undefined> {
  const row = await tx.skill.findUnique({ where: { slug: teachSlug } });
  if (row === null || !row.isSystem || !row.isActive) return undefined;
  const phrases = phrasesOf(row);
  return {
    requestIn: (message) => requestIn(message, phrases),
    wordsFor(request) {
      rowGuardOf(tx).check('skills', row);
      return wordsOf(definitionOf(row), request);
    },
  };
}

const phrasesOf = ({ triggerConfig }: SkillRow): string[] =>
  z.object({ phrases: z.array(z.string()).default([]) }).safeParse(triggerConfig).data?.phrases ?? [];

/** Behind `/teach-new-skill`, or behind a phrase of the skill's that the message begins with. */
function requestIn(message: string, phrases: readonly string[]): string | undefined {
  const said = message.trim();
  const begun = [`/${teachSlug}`, ...phrases].find(
    (words) =>
      said.toLowerCase().startsWith(words.toLowerCase()) &&
      !/^[\p{L}\p{N}_-]/u.test(said.slice(words.length)),
  );
  return begun === undefined ? undefined : said.slice(begun.length).replace(/^[\s:,.–—-]+/, '');
}

function wordsOf({ steps }: SkillDefinition, request: string): string {
  const asked = request === '' ? '(They have not said yet what it is to do: ask them.)' : request;
  return steps
    .flatMap(({ prompt, guidance = '' }) => [prompt, guidance])
    .filter((text) => text.trim() !== '')
    .map((text) => renderPlaceholders(text, { request: asked }).text)
    .join('\n\n');
}
