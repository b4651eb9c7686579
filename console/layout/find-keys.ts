/** The keys of connections, for whoever types "mail key": each leads to the field that takes the new one. */
import { useNavigate } from '@tanstack/react-router';
import type { Connection } from '../../src/contract/connections.ts';
import { secretFieldsOf } from '../connections/secrets-of.ts';
import { KeyRound } from '../ui/icons.tsx';
import { t } from '../words/t.ts';
import type { Section } from './find-settings.ts';
import { wordsOf } from './find-words.ts';

/** Whoever types one of these is after a secret, and finds that first. */
export const asksForKey = (typed: string): boolean =>
  wordsOf(typed).some((word) => word.length > 2 && keyWords().some((each) => each.startsWith(word)));

const keyWords = (): string[] => t('key password secret token replace change login').split(' ');

export function useKeys(connections: readonly Connection[]): Section {
  const navigate = useNavigate();
  const items = connections.flatMap((connection) =>
    secretFieldsOf(connection).map(({ name: secret }) => ({
      key: `key ${connection.name} ${secret}`,
      words: `${keyWords().join(' ')} ${connection.name} ${secret}`,
      label: t('Replace {name}', { name: `${secret} (${connection.name})` }),
      icon: KeyRound,
      act: () =>
        navigate({ to: '/connections/$name', params: { name: connection.name }, hash: `key-${secret}` }),
    })),
  );
  return { heading: t('Secrets'), items };
}
