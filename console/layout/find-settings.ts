/** Settings, and pages by other words, for whoever looks for them by typing. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { settingsQuery } from '../api/queries.ts';
import { sections } from '../settings/sections.ts';
import { type Icon, Settings } from '../ui/icons.tsx';
import { t, told } from '../words/t.ts';

/** One line: `key` is its own among all, `words` are what is looked through, before what is shown. */
export type Entry = { key: string; words: string; label: string; icon: Icon; note?: string; act(): unknown };

export type Section = { heading: string; items: Entry[] };

/** Other words that people look for a page by. */
export const alsoOf: Readonly<Record<string, string>> = {
  '/costs': t('money spent bill month'),
  '/vault': t('key secret password rotate recovery audit'),
  '/core': t('provider'),
  '/help': t('how documentation manual'),
};

/** The sections of the settings, and each setting, by its label, its name and the words for its section. */
export function useSettings(): Section {
  const navigate = useNavigate();
  const { data: settings = [] } = useQuery(settingsQuery);
  const entry = (id: string, label: string, words: string): Entry => ({
    key: `settings ${id}`,
    words: `${label} ${words}`,
    label,
    icon: Settings,
    act: () => navigate({ to: '/settings', hash: id }),
  });
  const items = [
    ...sections.map(({ id, title, also: words }) => entry(id, title, words)),
    ...settings.flatMap(({ key, place }) => {
      const section = sections.find(({ id }) => id === place?.panel);
      return place === null || section === undefined
        ? []
        : [entry(key, told(place.label), `${key} ${section.title} ${section.also}`)];
    }),
  ];
  return { heading: t('Settings'), items };
}
