import { type Clock, systemClock } from '../kernel/clock.ts';
import { AlfredError } from '../kernel/errors.ts';

export type WebhookRate = {
  /**
   * Counts a delivery that was proved to come from its sender.
   *
   * @param id the skill's
   * @param perMinute of this hook
   * @throws AlfredError E_RATE_LIMITED
   */
  count(id: string, perMinute: number): void;
};

const windowMs = 60_000;

/**
 * How many deliveries a hook takes a minute. Unsigned floods are not counted here: whoever knows a hook's address could
 * otherwise shut its sender out.
 */
export function createWebhookRate(clock: Clock = systemClock): WebhookRate {
  const windows = new Map<string, { began: number; count: number }>();
  return {
    count(id, perMinute) {
      const now = clock.now().getTime();
      let window = windows.get(id);
      if (window === undefined || now - window.began >= windowMs || now < window.began) {
        window = { began: now, count: 0 };
        windows.set(id, window);
      }
      if (++window.count <= perMinute) return;
      const seconds = Math.ceil((window.began + windowMs - now) / 1000);
      throw new AlfredError('E_RATE_LIMITED', `This webhook takes ${perMinute} deliveries a minute`, {
        remedy: `Send it again in ${seconds} s, or set "perMinute" in the skill's trigger.`,
      });
    },
  };
}
