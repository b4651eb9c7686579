/** A link by which somebody sets their password: on its way by mail, or shown once to whoever made it. */
import { Button } from '../ui/button.tsx';
import { ShownOnce } from '../ui/copy.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { api } from './api.ts';

export type Sent = { login: string; url: string | null };

/** In place of any before. */
export const linkFor = async ({ id, login }: { id: string; login: string }): Promise<Sent> => ({
  login,
  url: (await api.sendLink({ params: { id } })).url,
});

export const LinkSent = ({ sent: { login, url }, onClose }: { sent: Sent; onClose(): void }) => (
  <Dialog
    open
    onClose={onClose}
    isKept={url !== null}
    title={`A link for ${login}`}
    lead="They set a password by it, and are signed in. A link that they were given before is good no more."
    footer={<Button onClick={onClose}>Done</Button>}
  >
    {url === null ? (
      <p role="status">It is on its way by mail.</p>
    ) : (
      <ShownOnce text={url}>
        <p className="text-[13px] text-ink-2">
          This Core sends no mail to {login}: hand it over yourself. It works once, within a week.
        </p>
      </ShownOnce>
    )}
  </Dialog>
);
