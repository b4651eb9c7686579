/** Which skills stand on a connection, and its removal, which names them. */
import { Link } from '@tanstack/react-router';
import type { Connection } from '../../src/contract/connections.ts';
import type { Skill } from '../../src/contract/skills.ts';
import { api } from '../api/api.ts';
import { Panel } from '../ui/panel.tsx';
import { RemoveButton } from '../ui/remove-button.tsx';
import { rich, t } from '../words/t.ts';

type User = Pick<Skill, 'slug' | 'name' | 'isActive'>;

/** The skills whose steps may use a tool of the connection. */
export const usersOf = (
  connection: string,
  skills: readonly Pick<Skill, 'slug' | 'name' | 'isActive' | 'connectionNames'>[],
): User[] => skills.filter(({ connectionNames }) => connectionNames.includes(connection));

export const ConnectionUsers = ({ users }: { users: User[] }) => (
  <Panel title={t('Used by')}>
    {users.length === 0 ? (
      <p className="text-ink-2">
        {rich('No skill uses it yet. <link>Make a skill</link> that does.', {
          link: (words) => (
            <Link to="/skills/new" className="font-medium text-accent hover:underline">
              {words}
            </Link>
          ),
        })}
      </p>
    ) : (
      <ul className="flex flex-wrap gap-x-5 gap-y-1.5">
        {users.map(({ slug, name, isActive }) => (
          <li key={slug}>
            <Link
              to="/skills/$slug"
              params={{ slug }}
              className="font-medium underline decoration-line-strong underline-offset-4 hover:decoration-current"
            >
              {name}
            </Link>
            {isActive ? null : <span className="text-ink-2"> {t('(off)')}</span>}
          </li>
        ))}
      </ul>
    )}
  </Panel>
);

export function RemoveConnection({ connection: { name }, users }: { connection: Connection; users: User[] }) {
  const active = users.filter(({ isActive }) => isActive);
  const isBlocked = active.length > 0;
  return (
    <RemoveButton
      label={t('Remove this connection')}
      title={isBlocked ? t('{name} is in use', { name }) : t('Remove {name}?', { name })}
      remove={() => api.removeConnection({ params: { name } })}
      list="/connections"
      queryKey={['connections']}
      said={[t('{name} was removed', { name })]}
      isBlocked={isBlocked}
    >
      {isBlocked ? (
        <>
          <p>
            {t(
              '{skills, plural, =1 {This skill runs with it. Take its tools away from it, or make it a draft, then remove it.} other {These skills run with it. Take its tools away from them, or make them drafts, then remove it.}}',
              { skills: active.length },
            )}
          </p>
          <ul className="mt-2 space-y-1">
            {active.map(({ slug, name: skill }) => (
              <li key={slug}>
                <Link
                  to="/skills/$slug/edit"
                  params={{ slug }}
                  className="font-medium text-accent hover:underline"
                >
                  {t('Edit {skill}', { skill })}
                </Link>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <>
          <p>{t('Its secrets are removed with it. What its tools did in past runs stays on record.')}</p>
          {users.length > 0 ? (
            <p className="mt-2">
              {rich('{users, plural, one {# draft} other {# drafts}} cannot run without it: {names}.', {
                users: users.length,
                names: (
                  <strong className="font-medium text-ink">
                    {users.map((user) => user.name).join(', ')}
                  </strong>
                ),
              })}
            </p>
          ) : null}
        </>
      )}
    </RemoveButton>
  );
}
