/** What opens over every page. None of it is there when a page opens, so its code comes when the page stands (shell.tsx). */
import { FreshSignIn } from '../sign-in/fresh-sign-in.tsx';
import { Toasts } from '../ui/toasts.tsx';
import { CommandPalette } from './command-palette.tsx';
import { KeysHelp } from './keys-help.tsx';

export type Open = 'palette' | 'keys';
export type OverPageProps = { open: Open | undefined; onClose(): void };

export const OverPage = ({ open, onClose }: OverPageProps) => (
  <>
    <CommandPalette open={open === 'palette'} onClose={onClose} />
    <KeysHelp open={open === 'keys'} onClose={onClose} />
    <FreshSignIn />
    <Toasts />
  </>
);
