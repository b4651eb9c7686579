/** Everything that one can go to or do, found by typing. */
import { Dialog } from '@base-ui/react/dialog';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { Moon, Play, Plug, Plus, Sparkles } from 'lucide-react';
import type { ReactNode } from 'react';
import { connectionsQuery, skillsQuery } from '../api/queries.ts';
import { places } from './places.ts';
import { applyTheme, readTheme } from './theme.ts';

const item =
  'flex h-10 items-center gap-3 rounded-md px-3 text-ink-2 aria-selected:bg-hover aria-selected:text-ink [&_svg]:size-4';
const group =
  '[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-3 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-ink-3';

export function CommandPalette({ open, onClose }: { open: boolean; onClose(): void }) {
  const navigate = useNavigate();
  const skills = useQuery({ ...skillsQuery, enabled: open });
  const connections = useQuery({ ...connectionsQuery, enabled: open });
  const act = (what: () => unknown) => () => {
    onClose();
    what();
  };
  const go = (to: string) => act(() => navigate({ to }));
  return (
    <Dialog.Root open={open} onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-10 bg-black/35" />
        <Dialog.Popup className="fixed top-[12dvh] left-1/2 z-20 w-[min(36rem,calc(100vw-1.5rem))] -translate-x-1/2 overflow-hidden rounded-xl border border-line bg-raised shadow-pop">
          <Dialog.Title className="sr-only">Go to or do</Dialog.Title>
          <Command label="Go to or do">
            <Command.Input
              placeholder="Go to, run, add …"
              className="h-12 w-full border-b border-line bg-transparent px-4 text-base outline-none placeholder:text-ink-3"
            />
            <Command.List className="max-h-[50dvh] overflow-y-auto p-1.5">
              <Command.Empty className="px-3 py-8 text-center text-ink-2">
                Nothing of that name.
              </Command.Empty>
              <Command.Group heading="Go to" className={group}>
                {places.map(({ to, name, icon: Icon, keys }) => (
                  <Command.Item key={to} value={`go ${name}`} onSelect={go(to)} className={item}>
                    <Icon aria-hidden="true" />
                    {name}
                    <Keys>{keys}</Keys>
                  </Command.Item>
                ))}
              </Command.Group>
              <Command.Group heading="Do" className={group}>
                <Command.Item onSelect={go('/connections/add')} className={item}>
                  <Plus aria-hidden="true" /> Add a connection
                </Command.Item>
                <Command.Item onSelect={go('/skills/new')} className={item}>
                  <Plus aria-hidden="true" /> Make a skill
                </Command.Item>
                <Command.Item
                  onSelect={act(() => applyTheme(readTheme() === 'dark' ? 'light' : 'dark'))}
                  className={item}
                >
                  <Moon aria-hidden="true" /> Switch between light and dark
                </Command.Item>
              </Command.Group>
              <Command.Group heading="Skills" className={group}>
                {skills.data?.map(({ slug, name, isActive }) => (
                  <Command.Item
                    key={slug}
                    value={`skill ${name} ${slug}`}
                    onSelect={go(`/skills/${slug}`)}
                    className={item}
                  >
                    <Sparkles aria-hidden="true" />
                    {name}
                    {isActive ? null : <Keys>draft</Keys>}
                  </Command.Item>
                ))}
                {skills.data
                  ?.filter(({ isActive }) => isActive)
                  .map(({ slug, name }) => (
                    <Command.Item
                      key={`run ${slug}`}
                      value={`run ${name} ${slug}`}
                      onSelect={go(`/skills/${slug}?run=true`)}
                      className={item}
                    >
                      <Play aria-hidden="true" /> Run {name}
                    </Command.Item>
                  ))}
              </Command.Group>
              <Command.Group heading="Connections" className={group}>
                {connections.data?.map(({ name }) => (
                  <Command.Item
                    key={name}
                    value={`connection ${name}`}
                    onSelect={go(`/connections/${name}`)}
                    className={item}
                  >
                    <Plug aria-hidden="true" /> {name}
                  </Command.Item>
                ))}
              </Command.Group>
            </Command.List>
          </Command>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const Keys = ({ children }: { children: ReactNode }) => (
  <span className="ml-auto font-mono text-xs text-ink-3">{children}</span>
);
