/**
 * What a program asked for by the address with which it sent the browser here. The router would write values anew that look like
 * JSON to it (`state=1e3`): the query is put away as one value, to the character, before it looks.
 */
const page = '/oauth/authorize';

function putAway(): void {
  if (location.pathname !== page || location.search === '') return;
  if (/^\?asked=[^&]*$/.test(location.search)) return;
  const asked = encodeURIComponent(location.search.slice(1));
  history.replaceState(history.state, '', `${page}?asked=${asked}`);
}

putAway();

/** The query as it came. */
export const readAsked = (search: Record<string, unknown>): { asked?: string } =>
  typeof search.asked === 'string' ? { asked: search.asked } : {};
