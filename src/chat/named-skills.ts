/** Which skills a person names in a message: what they ask for by name, nobody asks them about again. */
import { parseExactJson } from '../contract/exact-json.ts';
import type { Transaction } from '../database/client.ts';

export type NamedSkills = {
  /** Slugs of active skills that the message names, in whichever words. */
  slugs: string[];
  /** A message that is a command: `/slug …`, or begins with a phrase of the skill's. It is run at once. */
  command: { slug: string; input: Record<string, unknown> } | undefined;
};

type ChatSkill = {
  slug: string;
  name: string;
  phrases: string[];
  inputSchema: unknown;
  isSystem: boolean;
};

/** The skills that a message may name: those that are active. */
export async function readChatSkills(db: Pick<Transaction, 'skill'>): Promise<ChatSkill[]> {
  const rows = await db.skill.findMany({
    where: { isActive: true },
    select: { slug: true, name: true, triggerConfig: true, inputSchema: true, isSystem: true },
  });
  return rows.map(({ triggerConfig, ...row }) => {
    const { phrases } = triggerConfig as { phrases?: unknown };
    return { ...row, phrases: Array.isArray(phrases) ? phrases.map(String) : [] };
  });
}

export const namedSkills = (skills: readonly ChatSkill[], message: string): NamedSkills => ({
  slugs: skills.filter((skill) => isNamed(skill, message)).map(({ slug }) => slug),
  command: commandIn(message, skills),
});

const plain = (text: string): string =>
  ` ${text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;

const isNamed = ({ slug, name, phrases }: ChatSkill, message: string): boolean =>
  [slug, name, ...phrases].some(
    (words) => plain(words).trim() !== '' && plain(message).includes(plain(words)),
  );

/** The system's own skills are talked with, and not run. */
function commandIn(message: string, skills: readonly ChatSkill[]): NamedSkills['command'] {
  const [, slug, rest = ''] = /^\/([a-z0-9-]+)(?:\s+([\s\S]*))?$/.exec(message.trim()) ?? [];
  const bySlug = skills.find((skill) => skill.slug === slug && !skill.isSystem);
  if (bySlug) return { slug: bySlug.slug, input: inputOf(rest, bySlug) };
  for (const skill of skills) {
    if (skill.isSystem) continue;
    const phrase = skill.phrases.find(
      (one) => plain(message).startsWith(plain(one)) && plain(one).trim() !== '',
    );
    if (phrase === undefined) continue;
    const said = message.trim();
    const more = said.toLowerCase().startsWith(phrase.toLowerCase()) ? said.slice(phrase.length) : '';
    return { slug: skill.slug, input: inputOf(more.replace(/^[\s:,.-]+/, ''), skill) };
  }
  return undefined;
}

/** A JSON object as it is, `name=value` by name, any other text as the one thing that the skill is to be told. */
function inputOf(rest: string, { inputSchema }: ChatSkill): Record<string, unknown> {
  const text = rest.trim();
  if (text === '') return {};
  if (text.startsWith('{')) {
    try {
      return parseExactJson(text) as Record<string, unknown>;
    } catch {
      // No JSON: it is what is to be said.
    }
  }
  const pairs = [...text.matchAll(/(?:^|\s)([\w-]+)=("[^"]*"|\S+)/g)];
  if (pairs.length > 0 && pairs.map(([whole]) => whole.trim()).join(' ') === text.replaceAll(/\s+/g, ' '))
    return Object.fromEntries(
      pairs.map(([, name = '', value = '']) => [name, value.replace(/^"(.*)"$/, '$1')]),
    );
  const { properties = {}, required = [] } = (inputSchema ?? {}) as {
    properties?: Record<string, { type?: unknown }>;
    required?: string[];
  };
  const texts = Object.keys(properties).filter((name) => properties[name]?.type === 'string');
  const name = texts.find((one) => required.includes(one)) ?? texts[0];
  return name === undefined ? {} : { [name]: text };
}
