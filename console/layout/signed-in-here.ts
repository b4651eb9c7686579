/**
 * Until when this browser is signed in, as far as it knows: the frame of the console stands in the document before the server is asked, and
 * is shown to nobody who must sign in. What counts is the session, which no script can read.
 */
const place = 'alfred.signed-in';
const notePlace = 'alfred.noted';

export const keepSignedIn = (until: string | null): void => localStorage.setItem(place, until ?? '');
export function forgetSignedIn(): void {
  localStorage.removeItem(place);
  localStorage.removeItem(notePlace);
}

export function isSignedInHere(): boolean {
  const until = localStorage.getItem(place);
  return until === '' || (until !== null && Date.parse(until) > Date.now());
}

/** Whether a note stands above every page: then the heading is not where the frame has it, and the frame goes without. */
export const isNoted = (): boolean => localStorage.getItem(notePlace) !== null;

export function keepNoted(is: boolean): void {
  if (is) localStorage.setItem(notePlace, '');
  else localStorage.removeItem(notePlace);
}
