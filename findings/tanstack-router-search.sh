#!/usr/bin/env bash
# @tanstack/react-router 1.170.46: what stands in an address's query is read as JSON where it can be, and written anew in the
# router's own form. A `code` of twenty digits is another number, a `state` of 1e3 is 1000, one in quotes has none, and a
# parameter that stands twice (as `resource` of RFC 8707 may) is one with a list. So the page where a sign-in by OAuth comes
# back, or is asked for, must read `location.search` before the router does.
. "$(dirname "$0")/lib.sh"
install @tanstack/react-router@1.170.46 react@19.3.1 react-dom@19.3.1
run search.mjs <<'JS'
import { createMemoryHistory, createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
for (const query of ['code=12345678901234567890', 'state=1e3', 'state=%22abc%22', 'state=007', 'resource=a&resource=b']) {
  const root = createRootRoute({});
  const callback = createRoute({ getParentRoute: () => root, path: '/callback' });
  const history = createMemoryHistory({ initialEntries: [`/callback?${query}`] });
  const router = createRouter({ routeTree: root.addChildren([callback]), history });
  await router.load();
  const { search, searchStr } = router.state.location;
  const standard = JSON.stringify(Object.fromEntries(new URLSearchParams(query)));
  console.log(`${query}\n  URLSearchParams ${standard}, router ${JSON.stringify(search)}, written as ${searchStr}`);
}
JS
sees <<'SEEN'
code=12345678901234567890
  URLSearchParams {"code":"12345678901234567890"}, router {"code":12345678901234567000}, written as ?code=12345678901234567000
state=1e3
  URLSearchParams {"state":"1e3"}, router {"state":1000}, written as ?state=1000
state=%22abc%22
  URLSearchParams {"state":"\"abc\""}, router {"state":"abc"}, written as ?state=abc
state=007
  URLSearchParams {"state":"007"}, router {"state":"007"}, written as ?state=007
resource=a&resource=b
  URLSearchParams {"resource":"b"}, router {"resource":["a","b"]}, written as ?resource=%5B%22a%22%2C%22b%22%5D
SEEN
