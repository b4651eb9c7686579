/** What holds where a skill says nothing: a value of the settings. */
import { useQuery } from '@tanstack/react-query';
import { configQuery, modelQuery, settingsQuery } from '../api/queries.ts';
import type { FormField } from './skill-draft.ts';

/**
 * The value of a setting as it is stored, its default where nothing is set; or in words where neither says it, such as "no cap".
 *
 * @returns undefined while it is read, and where there is no such setting
 */
export function useInherited(key: string | undefined): { value?: string; words?: string } | undefined {
  const isAsked = { enabled: key !== undefined };
  const config = useQuery({ ...configQuery, ...isAsked });
  const settings = useQuery({ ...settingsQuery, ...isAsked });
  const setting = settings.data?.find((one) => one.key === key);
  if (setting === undefined || config.data === undefined) return undefined;
  const value = config.data.find((entry) => entry.key === key)?.value ?? setting.default;
  if (value !== null) return { value };
  return setting.otherwise === null ? undefined : { words: setting.otherwise };
}

/** Which model answers where the skill names none. */
export function useModel(field: FormField): string | undefined {
  const model = useQuery({ ...modelQuery, enabled: field === 'model' });
  return field === 'model' ? model.data?.model : undefined;
}
