/** What would be hit if a secret were changed: "what breaks if I rotate this?" */
import type { SecretDependents } from '../contract/secret-uses.ts';
import type { Database } from '../database/client.ts';
import type { Place } from '../vault/place.ts';

type SkillFacts = {
  id: string;
  slug: string;
  isActive: boolean;
  connectionNames: string[];
  triggerType: string;
  nextRunAt: Date | null;
};

export type Dependents = {
  /** @param label as the secret is named */
  of(place: Place, label: string): SecretDependents;
};

/** Reads what there is once, for any number of secrets. */
export async function readDependents(db: Pick<Database, 'prisma'>): Promise<Dependents> {
  const [skills, connections] = await Promise.all([
    db.prisma.skill.findMany({
      select: {
        id: true,
        slug: true,
        isActive: true,
        connectionNames: true,
        triggerType: true,
        nextRunAt: true,
      },
      orderBy: { slug: 'asc' },
    }),
    db.prisma.connection.findMany({ select: { id: true, name: true } }),
  ]);
  const nameOf = new Map(connections.map(({ id, name }) => [id, name]));
  return { of: (place, label) => dependentsOf(place, label, skills, nameOf) };
}

function dependentsOf(
  { table, rowId }: Place,
  label: string,
  skills: readonly SkillFacts[],
  nameOf: ReadonlyMap<string, string>,
): SecretDependents {
  if (table === 'connections') {
    const name = nameOf.get(rowId);
    const users = skills.filter(
      ({ connectionNames }) => name !== undefined && connectionNames.includes(name),
    );
    return {
      ...hitsOf(users),
      connections: name === undefined ? [] : [name],
      note: `Put the new value into the connection "${name}"; it is opened with it at its next call. No skill has to be changed.`,
    };
  }
  if (table === 'skills') {
    const own = skills.filter(({ id }) => id === rowId);
    return {
      ...hitsOf(own),
      connections: [],
      note: 'Whoever sends to this webhook must sign with the new secret from that moment on: deliveries signed with the old one are refused.',
    };
  }
  if (table === 'notice_channels') {
    return {
      ...hitsOf([]),
      connections: [],
      note: 'Put the new value into the channel of notices (alfred notice change): the next notice is sent with it, and those that wait as well.',
    };
  }
  return {
    ...(configHits[label] ?? none)(skills),
    connections: [],
    note: configNotes[label] ?? unread(label),
  };
}

const hitsOf = (skills: readonly SkillFacts[]) => ({
  skills: skills.map(({ slug, isActive }) => ({ slug, isActive })),
  schedules: skills
    .filter(({ isActive, triggerType }) => isActive && triggerType === 'schedule')
    .map(({ slug, nextRunAt }) => ({ slug, nextRunAt: nextRunAt?.toISOString() ?? null })),
  hooks: skills
    .filter(({ isActive, triggerType }) => isActive && triggerType === 'webhook')
    .map(({ slug }) => ({ slug, path: `/hooks/${slug}` })),
});

const none = () => hitsOf([]);

/** Every live run asks the model. */
const configHits: Record<string, (skills: readonly SkillFacts[]) => ReturnType<typeof hitsOf>> = {
  anthropic_api_key: hitsOf,
};

const configNotes: Record<string, string> = {
  anthropic_api_key:
    'Every live run asks the model with it. Put the new key (alfred config set anthropic_api_key) before the old one is revoked: the next model call takes it, runs under way as well.',
  vm_auth_secret: 'The VM shows it to Alfred Core. It is changed by linking anew.',
  push_key:
    'Browsers that are told of what happens know this VM by it. It does not change: with another key each would have to be added anew.',
  audit_signing_key:
    'It signs the checkpoints of the audit chain. It does not change: another key would be an alarm.',
};

const unread = (key: string) => `The VM itself does not read ${key}: nothing of it breaks.`;
