/** What else can be done with a thing, behind three dots. */
import { Menu as BaseMenu } from '@base-ui/react/menu';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { cx } from './cx.ts';
import { Check, Ellipsis } from './icons.tsx';

/** @param label what a screen reader says of the three dots, or of another icon */
export const Menu = ({
  label,
  look = 'plain',
  icon = <Ellipsis aria-hidden="true" className="size-4" />,
  className,
  opensAtOnce = false,
  children,
}: {
  label: string;
  look?: 'plain' | 'quiet';
  icon?: ReactNode;
  /** It takes the place of a button that was pressed. */
  opensAtOnce?: boolean;
  className?: string | undefined;
  children: ReactNode;
}) => (
  <BaseMenu.Root defaultOpen={opensAtOnce}>
    <BaseMenu.Trigger aria-label={label} render={<Button size="icon" look={look} className={className} />}>
      {icon}
    </BaseMenu.Trigger>
    <BaseMenu.Portal>
      <BaseMenu.Positioner sideOffset={4} align="end" className="z-20 outline-none">
        <BaseMenu.Popup className="min-w-52 rounded-lg border border-line bg-raised p-1 shadow-pop outline-none transition-opacity data-[ending-style]:opacity-0 data-[starting-style]:opacity-0">
          {children}
        </BaseMenu.Popup>
      </BaseMenu.Positioner>
    </BaseMenu.Portal>
  </BaseMenu.Root>
);

export const MenuItem = ({
  icon,
  onSelect,
  isDanger = false,
  disabled = false,
  children,
}: {
  icon: ReactNode;
  onSelect(): void;
  isDanger?: boolean;
  disabled?: boolean;
  children: ReactNode;
}) => (
  <BaseMenu.Item
    onClick={onSelect}
    disabled={disabled}
    className={cx(
      'flex w-full cursor-default items-center gap-2.5 rounded-md px-2.5 py-1.5 outline-none select-none',
      'data-[disabled]:opacity-50 data-[highlighted]:bg-hover',
      isDanger && 'text-bad',
    )}
  >
    <span className="shrink-0 [&_svg]:size-4">{icon}</span>
    {children}
  </BaseMenu.Item>
);

/** One of several that can be had at once: the menu stays open. */
export const MenuChoice = ({
  isChosen,
  onChoose,
  children,
}: {
  isChosen: boolean;
  onChoose(isChosen: boolean): void;
  children: ReactNode;
}) => (
  <BaseMenu.CheckboxItem
    checked={isChosen}
    onCheckedChange={onChoose}
    closeOnClick={false}
    className="flex w-full cursor-default items-center gap-2.5 rounded-md px-2.5 py-1.5 outline-none select-none data-[highlighted]:bg-hover"
  >
    <span className="size-4 shrink-0">
      <BaseMenu.CheckboxItemIndicator>
        <Check aria-hidden="true" className="size-4" />
      </BaseMenu.CheckboxItemIndicator>
    </span>
    {children}
  </BaseMenu.CheckboxItem>
);

export const MenuLine = () => <BaseMenu.Separator className="my-1 h-px bg-line" />;
