/**
 * The address at which a sign-in to a connection's server ended. It holds a code: it is taken out of the address bar before
 * anything else happens, so that it stays in no history.
 */
function take(): string | undefined {
  if (location.pathname !== '/oauth/callback' || location.search === '') return undefined;
  const { href } = location;
  history.replaceState(history.state, '', location.pathname);
  return href;
}

export const cameBackTo = take();
