/** This browser as a channel of notices: what it can do, its subscription, and which channel is its own. */
import { api } from '../../api/api.ts';
import { t } from '../../words/t.ts';

/** Why this browser cannot be told anything here; undefined when it can. */
export function whyNot(): string | undefined {
  if (!window.isSecureContext)
    return t(
      'A browser takes notices at an https address only, or on the machine itself: ask whoever set Alfred up for one.',
    );
  if ('PushManager' in window && 'serviceWorker' in navigator && 'Notification' in window) {
    return Notification.permission === 'denied'
      ? t(
          'Notifications of this page are switched off in this browser. Allow them in its settings of this page, and come back.',
        )
      : undefined;
  }
  return /iP(?:hone|ad|od)/.test(navigator.userAgent)
    ? 'On an iPhone or iPad first put Alfred on the home screen (Share → Add to Home Screen). Open it from there, sign in, and come back to this page.'
    : t('This browser takes no notices. Another one does, or the ntfy app.');
}

/** What of a subscription the channel is set up with. */
export type Subscribed = { device: string; endpoint: string; key: string; auth: string };

/**
 * Asks its owner whether notices may be shown, and subscribes. To be called by their click.
 *
 * @throws Error saying in words why there is none
 */
export async function subscribe(): Promise<Subscribed> {
  if ((await Notification.requestPermission()) !== 'granted')
    throw new Error(t('This browser did not allow it: nothing was changed.'));
  const { publicKey } = await api.readPushKey();
  await navigator.serviceWorker.register('/sw.js');
  const { pushManager } = await navigator.serviceWorker.ready;
  // One for a key that this VM has no more would be in the way.
  await (await pushManager.getSubscription())?.unsubscribe();
  const subscription = await pushManager
    .subscribe({ userVisibleOnly: true, applicationServerKey: publicKey })
    .catch((error: unknown) => {
      throw new Error(
        t(
          'The push service of this browser could not be reached ({message}). Try again, or in another browser.',
          { message: error instanceof Error ? error.message : String(error) },
        ),
      );
    });
  const { endpoint, keys = {} } = subscription.toJSON();
  const device = (await api.listSessions()).items.find(({ isThis }) => isThis)?.browser ?? t('a browser');
  return { device, endpoint: endpoint ?? '', key: keys.p256dh ?? '', auth: keys.auth ?? '' };
}

const place = 'alfred.push';

/** Keeps in this browser which channel is its own. */
export const rememberChannel = (id: string): void => localStorage.setItem(place, id);

export const isThisBrowser = (id: string): boolean => localStorage.getItem(place) === id;

/** Ends its subscription, where the channel is its own: nothing is kept of it at the push service. */
export async function forgetChannel(id: string): Promise<void> {
  if (!isThisBrowser(id)) return;
  localStorage.removeItem(place);
  const registration = await navigator.serviceWorker?.getRegistration();
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}
