/** A sign-in that is wanted once more, before the window for it has come. */
import { expect, it } from 'vitest';
import { ApiError } from '../console/api/client.ts';
import { openBy, whenSignInWaits, withFreshSignIn } from '../console/sign-in/with-fresh-sign-in.ts';

const stale = () => new ApiError({ status: 403, code: 'E_SIGN_IN_AGAIN', title: 'Sign in again' } as never);

/** Fails as long as nobody signed in anew. */
function guarded(): { act(): Promise<string>; isSignedIn: boolean } {
  const state = {
    isSignedIn: false,
    async act() {
      if (!state.isSignedIn) throw stale();
      return 'done';
    },
  };
  return state;
}

it('waits for a window that is not there yet, has it come, and does what was to be done', async () => {
  const state = guarded();
  let wanted = 0;
  const end = whenSignInWaits(() => {
    wanted += 1;
  });
  const done = withFreshSignIn(state.act);
  await expect.poll(() => wanted).toBe(1);
  const close = openBy((asked) => {
    state.isSignedIn = true;
    asked(true);
  });
  await expect(done).resolves.toBe('done');
  // The window is there now: nobody is told.
  state.isSignedIn = false;
  await expect(withFreshSignIn(state.act)).resolves.toBe('done');
  expect(wanted).toBe(1);
  close();
  end();
});

it('throws what was refused where nobody signs in, and what no sign-in would help', async () => {
  const close = openBy((asked) => asked(false));
  await expect(withFreshSignIn(guarded().act)).rejects.toMatchObject({
    problem: { code: 'E_SIGN_IN_AGAIN' },
  });
  await expect(withFreshSignIn(() => Promise.reject(new Error('other')))).rejects.toThrow('other');
  close();
});
