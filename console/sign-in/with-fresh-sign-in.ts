/**
 * What changes who gets in wants a sign-in of the last minutes. Who is told so signs in once more, over the page
 * (fresh-sign-in.tsx), and what they were about to do is done. The window comes later than the page: until then it is waited for.
 */
import { ApiError } from '../api/client.ts';

export type Asked = (isSignedIn: boolean) => void;

let waiting: Asked | undefined;
const wait = (asked: Asked): void => {
  waiting = asked;
};
let open = wait;
let onWaiting = (): void => {};

const isStale = (error: unknown): boolean =>
  error instanceof ApiError && error.problem.code === 'E_SIGN_IN_AGAIN';

/** Does it, after another sign-in where one is wanted. @throws what it throws */
export async function withFreshSignIn<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (!isStale(error) || !(await new Promise<boolean>(ask))) throw error;
    return await act();
  }
}

function ask(asked: Asked): void {
  open(asked);
  if (waiting !== undefined) onWaiting();
}

/** From now on `by` opens the window, and at once for who waits. @returns what ends that */
export function openBy(by: (asked: Asked) => void): () => void {
  open = by;
  if (waiting !== undefined) by(waiting);
  waiting = undefined;
  return () => {
    open = wait;
  };
}

/** Calls `then` when a sign-in is wanted that no window is there for yet. */
export function whenSignInWaits(then: () => void): () => void {
  onWaiting = then;
  return () => {
    onWaiting = () => {};
  };
}
