/** Everything that one can go to or do, found by typing. */
import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { connectionsQuery, executionsQuery, skillsQuery } from '../api/queries.ts';
import { namesOf } from '../executions/execution-row.tsx';
import { dayTime, exactTime } from '../ui/format.ts';
import { Activity, Plug, Search } from '../ui/icons.tsx';
import { Moon, Plus } from '../ui/more-icons.tsx';
import { statusWord } from '../ui/status.tsx';
import { t } from '../words/t.ts';
import { takeTyped } from './early-typed.ts';
import { useDays } from './find-days.ts';
import { asksForKey, useKeys } from './find-keys.ts';
import { alsoOf, type Entry, type Section, useSettings } from './find-settings.ts';
import { useLimits, useSkills, useUndo } from './find-skills.ts';
import { useTasks } from './find-tasks.ts';
import { wordsOf } from './find-words.ts';
import { places } from './places.ts';
import { applyTheme, readTheme } from './theme.ts';

/** Every word that was typed stands somewhere in the entry's, but those that every question has. */
const isMeant = ({ words }: Entry, typed: string): boolean =>
  wordsOf(typed).every((word) => words.toLowerCase().includes(word));

export const CommandPalette = ({ open, onClose }: { open: boolean; onClose(): void }) => (
  <Dialog.Root open={open} onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
    <Dialog.Portal>
      <Dialog.Backdrop className="fixed inset-0 z-10 bg-backdrop" />
      <Dialog.Popup className="fixed top-[12dvh] left-1/2 z-20 w-[min(36rem,calc(100vw-1.5rem))] -translate-x-1/2 overflow-hidden rounded-xl border border-line bg-raised shadow-pop">
        <Dialog.Title className="sr-only">{t('Go to or do')}</Dialog.Title>
        <Entries onClose={onClose} />
      </Dialog.Popup>
    </Dialog.Portal>
  </Dialog.Root>
);

/** Goes with the dialog: what was typed is not there any more when it opens again. */
function Entries({ onClose }: { onClose(): void }) {
  const [typed, setTyped] = useState(takeTyped);
  const sections = useSections(typed.trim());
  const choose = (entry: Entry) => {
    onClose();
    entry.act();
  };
  return (
    <Autocomplete.Root
      inline
      open
      items={sections}
      filter={isMeant}
      itemToStringValue={({ words }: Entry) => words}
      value={typed}
      onValueChange={setTyped}
      autoHighlight="always"
      keepHighlight
    >
      <Autocomplete.Input
        aria-label={t('Go to or do')}
        placeholder={t('Go to, run, add …')}
        className="h-12 w-full border-b border-line bg-transparent px-4 text-base outline-none placeholder:text-ink-3"
      />
      <Autocomplete.Empty className="px-3 py-8 text-center text-ink-2 empty:hidden">
        {t('Nothing of that name.')}
      </Autocomplete.Empty>
      <Autocomplete.List
        aria-label={t('Go to or do')}
        className="max-h-[50dvh] overflow-y-auto p-1.5 data-[empty]:hidden"
      >
        {({ heading, items }: Section) => (
          <Autocomplete.Group key={heading} items={items}>
            <Autocomplete.GroupLabel className="px-3 pt-3 pb-1 text-xs text-ink-3">
              {heading}
            </Autocomplete.GroupLabel>
            <Autocomplete.Collection>
              {(entry: Entry) => <Line key={entry.key} entry={entry} onChoose={choose} />}
            </Autocomplete.Collection>
          </Autocomplete.Group>
        )}
      </Autocomplete.List>
    </Autocomplete.Root>
  );
}

function Line({ entry, onChoose }: { entry: Entry; onChoose(entry: Entry): void }) {
  const { label, note, icon: Icon } = entry;
  return (
    <Autocomplete.Item
      value={entry}
      onClick={() => onChoose(entry)}
      className="flex h-10 cursor-default items-center gap-3 rounded-md px-3 text-ink-2 data-[highlighted]:bg-hover data-[highlighted]:text-ink"
    >
      <Icon className="size-4 shrink-0" />
      <span className="truncate">{label}</span>
      {note === undefined ? null : (
        <span className="ml-auto font-mono text-xs whitespace-nowrap text-ink-3">{note}</span>
      )}
    </Autocomplete.Item>
  );
}

function useSections(typed: string): Section[] {
  const navigate = useNavigate();
  const runs = useInfiniteQuery(executionsQuery({}, 20));
  const { data: skills = [] } = useQuery(skillsQuery);
  const { data: connections = [] } = useQuery(connectionsQuery);
  const toSet = useSettings();
  const toDo = useTasks(typed);
  const days = useDays(typed, skills);
  const bySkill = useSkills(skills);
  const limits = useLimits(typed, skills);
  const undo = useUndo(skills);
  const keys = useKeys(connections);
  const go = (to: string) => () => navigate({ to });

  const pages = places.map(({ to, name, icon, keys }) => ({
    key: to,
    words: `go ${name} ${alsoOf[to] ?? ''}`,
    label: name,
    icon,
    note: keys,
    act: go(to),
  }));
  const deeds = [
    { label: t('Add a connection'), icon: Plus, act: go('/connections/add') },
    { label: t('Make a skill'), icon: Plus, act: go('/skills/new') },
    {
      label: t('Switch between light and dark'),
      icon: Moon,
      act: () => applyTheme(readTheme() === 'dark' ? 'light' : 'dark'),
    },
  ].map((deed) => ({ ...deed, key: deed.label, words: deed.label }));
  const toLookAt = connections.map(({ name }) => ({
    key: name,
    words: `connection ${name}`,
    label: name,
    icon: Plug,
    act: go(`/connections/${name}`),
  }));
  const names = namesOf(skills);
  const latest = (runs.data?.pages[0]?.items ?? []).map(({ id, skillSlug, createdAt, status, headline }) => {
    const name = names.get(skillSlug) ?? skillSlug;
    return {
      // Many of them say the same.
      key: id,
      words: `run of ${name} ${skillSlug} ${statusWord(status)} ${exactTime(createdAt)} ${headline ?? ''}`,
      label: headline === null ? name : `${name}: ${headline}`,
      icon: Activity,
      note: dayTime(createdAt),
      act: go(`/executions/${id}`),
    };
  });
  const search = {
    key: 'search',
    // Whatever was typed is meant.
    words: typed,
    label: t('Search all runs for “{typed}”', { typed }),
    icon: Search,
    act: () => navigate({ to: '/executions', search: { q: typed } }),
  };
  const isForKey = asksForKey(typed);
  return [
    ...(isForKey ? [keys] : []),
    { heading: t('Go to'), items: pages },
    { heading: t('Do'), items: [...undo, ...deeds] },
    bySkill,
    { heading: t('Connections'), items: toLookAt },
    // Among all else these would be most of what stands there.
    ...(typed === ''
      ? []
      : [
          ...(isForKey ? [] : [keys]),
          toDo,
          limits,
          toSet,
          { heading: t('Runs'), items: [...days, ...latest, search] },
        ]),
  ];
}
