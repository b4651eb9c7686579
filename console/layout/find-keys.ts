/** The keys of connections, for whoever types "mail key": each leads to the field that takes the new one. */
import { useNavigate } from '@tanstack/react-router';
import type { Connection } from '../../src/contract/connections.ts';
import { secretFieldsOf } from '../connections/secrets-of.ts';
import { KeyRound } from '../ui/icons.tsx';
import { t } from '../words/t.ts';
import type { Section } from './find-settings.ts';

export function useKeys(connections: readonly Connection[]): Section {
  const navigate = useNavigate();
  const items = connections.flatMap((connection) =>
    secretFieldsOf(connection).map(({ name: secret }) => ({
      key: `key ${connection.name} ${secret}`,
      words: `${t('key password secret token replace change login')} ${connection.name} ${secret}`,
      label: t('Replace {name}', { name: `${secret} (${connection.name})` }),
      icon: KeyRound,
      act: () =>
        navigate({ to: '/connections/$name', params: { name: connection.name }, hash: `key-${secret}` }),
    })),
  );
  return { heading: t('Secrets'), items };
}
