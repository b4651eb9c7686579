/** What stands for an owner's values where a server looks at their form, and calls that change nothing. */
import type { Trial } from './trial.ts';

const key = 'k9f3a7c2e8b14d60aa517f2be3c4d5a6';
const hex = '0123456789abcdef0123456789abcdef';

/** By server, then by what stands in angle brackets in its example; `<any>` for every other. */
export const standIns: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  notion: { '<any>': `ntn_${key}` },
  airtable: { '<any>': `pat${key}` },
  'brave-search': { '<any>': `BSA${key}` },
  tavily: { '<any>': `tvly-${key}` },
  perplexity: { '<any>': `pplx-${key}` },
  firecrawl: { '<any>': `fc-${key}` },
  apify: { '<any>': `apify_api_${key}` },
  'google-maps': { '<any>': `AIzaSy${key}` },
  youtube: { '<any>': `AIzaSy${key}` },
  replicate: { '<any>': `r8_${key}` },
  linear: { '<any>': `lin_api_${key}` },
  slack: { '<any>': `xoxp-${key}` },
  'slack-bot': { '<any>': `xoxb-${key}` },
  hubspot: { '<any>': `pat-na1-${key}` },
  resend: { '<any>': `re_${key}` },
  stripe: { '<any>': `rk_test_${key}` },
  twilio: { '<your-account-sid>': `AC${hex}`, '<your-api-key>': `SK${hex}` },
  gitlab: { '<any>': `glpat-${key}` },
  github: { '<any>': `ghp_${key}` },
  sentry: { '<any>': `sntryu_${key}` },
  launchdarkly: { '<any>': `api-${key}` },
  figma: { '<any>': `figd_${key}` },
  context7: { '<any>': `ctx7sk-${key}` },
  postman: { '<any>': `PMAK-${key}` },
  supabase: { '<any>': `sbp_${key}` },
  grafana: { '<any>': `glsa_${key}` },
  pinecone: { '<any>': `pcsk_${key}` },
  digitalocean: { '<any>': `dop_v1_${key}` },
  cloudflare: { '<your-account-id>': hex },
  netlify: { '<any>': `nfp_${key}` },
  wordpress: { '<any>': 'abcd efgh ijkl mnop qrst uvwx' },
};

/** `{folder}` is the folder that the server may use. Of the others, a tool that only looks is called. */
export const calls: Readonly<Record<string, NonNullable<Trial['call']>>> = {
  everything: { tool: 'echo', args: { message: 'hello' } },
  files: { tool: 'list_directory', args: { path: '{folder}' } },
  memory: { tool: 'read_graph', args: {} },
  'sequential-thinking': {
    tool: 'sequentialthinking',
    args: { thought: 'one', nextThoughtNeeded: false, thoughtNumber: 1, totalThoughts: 1 },
  },
  dbhub: { tool: 'execute_sql', args: { sql: 'select name, price from goods order by name' } },
  sqlite: { tool: 'list_tables', args: {} },
  'obsidian-old': { tool: 'search_notes', args: { query: 'house' } },
  'desktop-commander': { tool: 'list_directory', args: { path: '{folder}', depth: 1 } },
  time: { tool: 'days_in_month', args: { date: '2028-02-01' } },
  mermaid: { tool: 'generate_mermaid_diagram', args: { mermaid: 'graph TD; A-->B', outputType: 'mermaid' } },
};
