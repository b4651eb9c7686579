/** `/` at the beginning of a message names a skill to run: those that fit, to be chosen from. */
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useId, useState } from 'react';
import type { ListedSkill } from '../../src/contract/listed-skill.ts';
import { skillsQuery } from '../api/queries.ts';
import { OptionList } from '../ui/option-list.tsx';
import { t } from '../words/t.ts';

type SkillMenuState = ReturnType<typeof useSkillMenu>;

/** What is typed of a slug. */
const begun = /^\/([a-z0-9-]*)$/;

export function useSkillMenu(text: string, onText: (text: string) => void) {
  const id = useId();
  const typed = begun.exec(text)?.[1];
  const skills = useQuery({ ...skillsQuery, enabled: typed !== undefined });
  const [active, setActive] = useState(0);
  // Escape leaves the text as it is.
  const [left, setLeft] = useState<string>();
  const options = typed === undefined || left === text ? [] : fitting(skills.data ?? [], typed);
  const isOpen = options.length > 0;
  const chosen = Math.min(active, options.length - 1);
  const take = (skill: ListedSkill) => {
    onText(`/${skill.slug} `);
    setActive(0);
  };
  /** @returns whether the key was the menu's */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    const option = options[chosen];
    if (option === undefined) return false;
    if (event.key === 'ArrowDown') setActive((chosen + 1) % options.length);
    else if (event.key === 'ArrowUp') setActive((chosen + options.length - 1) % options.length);
    else if (event.key === 'Escape') setLeft(text);
    else if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') take(option);
    else return false;
    event.preventDefault();
    return true;
  };
  const textProps = {
    'aria-autocomplete': 'list',
    'aria-haspopup': 'listbox',
    'aria-controls': isOpen ? id : undefined,
    'aria-activedescendant': isOpen ? `${id}-${chosen}` : undefined,
  } as const;
  return { id, options, chosen, take, setActive, onKeyDown, textProps };
}

/** Those that run, the fitting ones first that begin so. */
const fitting = (skills: readonly ListedSkill[], typed: string): ListedSkill[] =>
  skills
    .filter(({ isActive, slug }) => isActive && slug.includes(typed) && slug !== typed)
    // The system's own are talked with: of those, one is begun so.
    .filter(({ isSystem, slug }) => !isSystem || slug === 'teach-new-skill')
    .toSorted((a, b) => Number(b.slug.startsWith(typed)) - Number(a.slug.startsWith(typed)))
    .slice(0, 8);

export function SkillMenu({ menu }: { menu: SkillMenuState }) {
  const { id, options, chosen, take, setActive } = menu;
  return (
    <>
      <p role="status" className="sr-only">
        {options.length === 0
          ? ''
          : t('{options} skills: arrow keys choose, Enter takes {name}', {
              options: options.length,
              name: options[chosen]?.name ?? '',
            })}
      </p>
      {options.length === 0 ? null : (
        <OptionList
          id={id}
          label={t('Skills')}
          options={options}
          chosen={chosen}
          wordsOf={({ slug, name, description }) => ({ name: `/${slug}`, about: description || name })}
          onTake={take}
          onActive={setActive}
          className="inset-x-2 bottom-full mb-2 max-h-72"
        />
      )}
    </>
  );
}
