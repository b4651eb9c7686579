#!/usr/bin/env bash
# arctic 3.7.0, which has clients for GitHub, Strava, Twitch and others: `scopes()` of the tokens that it gives splits at spaces alone.
# GitHub and Slack put commas between scopes: two of them are one there, whose name nothing has. Of Twitch, which gives a list, and of a
# provider that writes expires_in as text, the tokens are good and the question for their scopes or their end throws.
. "$(dirname "$0")/lib.sh"
install arctic@3.7.0
run scopes.mjs <<'JS'
import { OAuth2Tokens } from 'arctic';
const answers = {
  'with spaces': { scope: 'repo gist', expires_in: 3600 },
  'as GitHub writes it': { scope: 'repo,gist', expires_in: 3600 },
  'as Twitch writes it': { scope: ['user:read:email', 'user:read:follows'], expires_in: 3600 },
  'an end as text': { scope: 'repo', expires_in: '3600' },
};
const ask = (what) => {
  try {
    return JSON.stringify(what());
  } catch (error) {
    return `throws ${error.message}`;
  }
};
for (const [what, answer] of Object.entries(answers)) {
  const tokens = new OAuth2Tokens({ access_token: 'a', token_type: 'bearer', ...answer });
  console.log(what.padEnd(20), ask(() => tokens.scopes()).padEnd(40), ask(() => tokens.accessTokenExpiresInSeconds()));
}
JS
sees <<'TXT'
with spaces          ["repo","gist"]                          3600
as GitHub writes it  ["repo,gist"]                            3600
as Twitch writes it  throws Missing or invalid 'scope' field  3600
an end as text       ["repo"]                                 throws Missing or invalid 'expires_in' field
TXT
