/** `/` at the beginning of a message names a skill to run: those that fit, to be chosen from. */
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useId, useState } from 'react';
import type { ListedSkill } from '../../src/contract/listed-skill.ts';
import { skillsQuery } from '../api/queries.ts';

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
  const { options, chosen } = menu;
  return (
    <>
      <p role="status" className="sr-only">
        {options.length === 0
          ? ''
          : `${options.length} skills: arrow keys choose, Enter takes ${options[chosen]?.name}`}
      </p>
      {options.length === 0 ? null : <Options menu={menu} />}
    </>
  );
}

function Options({ menu: { id, options, chosen, take, setActive } }: { menu: SkillMenuState }) {
  return (
    <div
      id={id}
      role="listbox"
      aria-label="Skills"
      className="absolute inset-x-2 bottom-full z-10 mb-2 max-h-72 overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-pop"
    >
      {options.map((skill, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the text field has the focus, and its keys choose here
        <div
          key={skill.slug}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          // The field keeps the focus.
          onMouseDown={(event) => event.preventDefault()}
          onMouseEnter={() => setActive(index)}
          onClick={() => take(skill)}
          className="cursor-pointer rounded-md px-2.5 py-1.5 aria-selected:bg-hover"
        >
          <span className="block truncate font-mono text-[13px]">/{skill.slug}</span>
          <span className="block truncate text-xs text-ink-2">{skill.description || skill.name}</span>
        </div>
      ))}
    </div>
  );
}
