/** Writes settings, one after the other in their order; an empty value takes one away. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/api.ts';
import { ApiError } from '../api/client.ts';
import { configQuery } from '../api/queries.ts';
import { say } from '../ui/toast.ts';
import { keepPreferences } from '../words/language.ts';
import { t } from '../words/t.ts';

/** Those by which the whole page is written: it is loaded anew. */
const preferenceKeys = ['language', 'clock', 'currency', 'currency_rate', 'byte_units'];

async function showPreferences(): Promise<void> {
  const { preferences } = await api.showSession({});
  if (preferences && keepPreferences(preferences)) location.reload();
}

/** `failedKey` is the setting that could not be written; those before it were. */
export function usePutConfig() {
  const queries = useQueryClient();
  const [failedKey, setFailedKey] = useState<string>();
  const put = useMutation({
    mutationFn: async (entries: { key: string; value: string }[]) => {
      for (const { key, value } of entries) {
        setFailedKey(key);
        const known = queries.getQueryData(configQuery.queryKey);
        if (value === '' && known !== undefined && !known.some((entry) => entry.key === key)) continue;
        if (value === '') await api.deleteConfig({ params: { key } }).catch(unlessMissing);
        else await api.putConfig({ params: { key }, body: { value } });
      }
      setFailedKey(undefined);
    },
    onSuccess: async (_, entries) => {
      say(t('Saved'));
      if (entries.some(({ key }) => preferenceKeys.includes(key))) await showPreferences();
    },
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: ['config'] });
      await queries.invalidateQueries({ queryKey: ['model'] });
      await queries.invalidateQueries({ queryKey: ['budget'] });
    },
  });
  return { ...put, failedKey: put.isError ? failedKey : undefined };
}

/** A setting that is not there need not be removed. */
function unlessMissing(error: unknown): void {
  if (!(error instanceof ApiError) || error.problem.status !== 404) throw error;
}
