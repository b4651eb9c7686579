/** On or off. Its label names it; that it is on is said by its place, its colour, and to screen readers. */
import { Switch as BaseSwitch } from '@base-ui/react/switch';

export const Switch = ({
  checked,
  onCheckedChange,
  'aria-invalid': isInvalid,
  ...ids
}: {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean;
  checked: boolean;
  onCheckedChange(isOn: boolean): void;
}) => (
  <BaseSwitch.Root
    {...ids}
    aria-invalid={isInvalid || undefined}
    nativeButton
    render={<button type="button" />}
    checked={checked}
    onCheckedChange={onCheckedChange}
    className="flex h-6 w-10 items-center rounded-full border border-line-strong bg-hover p-0.5 transition-colors data-[checked]:border-accent data-[checked]:bg-accent forced-colors:data-[checked]:bg-[Highlight]"
  >
    <BaseSwitch.Thumb className="size-4.5 rounded-full bg-ink-3 transition-transform data-[checked]:translate-x-4 data-[checked]:bg-accent-ink forced-colors:bg-[ButtonText]" />
  </BaseSwitch.Root>
);
