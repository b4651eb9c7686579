/** Every place where a person writes something down: what is private is kept in the database, and a secret in it nowhere. */
import { ask, must, said, vm } from './ground.ts';
import { privateMark, secrets } from './secrets.ts';

const text = `Of ${privateMark}: ${secrets['a setting']}`;
const short = `${privateMark} ${secrets['standard input of the command line']}`;

/** Writes a secret, and what is private, into every text that people write, by whichever route. */
export async function writeEverywhere(executionId: string): Promise<void> {
  await ask('PATCH', `/api/v1/executions/${executionId}/mark`, {
    pinned: true,
    rating: 'good',
    comment: text,
  });
  await ask('PUT', `/api/v1/filters/${encodeURIComponent(short)}`, { filter: { q: text } });
  await ask('GET', `/api/v1/executions?q=${encodeURIComponent(text)}`);
  const { id: conversation = '' } = await ask('POST', '/api/v1/conversations', { title: text });
  await ask('PATCH', `/api/v1/conversations/${conversation}`, { title: short });
  await must(vm.api('POST', '/api/v1/tokens', { name: privateMark, scopes: ['read'] }));
  await ask('PUT', '/api/v1/config/house_note', { value: privateMark });
  await saveSkill();
  await importFolder();
  await tryStep(executionId);
  await decide();
}

/** A skill whose owner wrote a secret into everything that can hold words, changed, and given back its first version. */
async function saveSkill(): Promise<void> {
  const steps = [{ id: 1, prompt: text, guidance: text, allowedTools: [] }];
  const inputSchema = { type: 'object', properties: { note: { type: 'string', default: text } } };
  const words = { name: text, description: text, steps, inputSchema, files: { 'references/a.md': text } };
  await ask('POST', '/api/v1/skills', { slug: 'noted', ...words, frontmatter: { license: text } });
  await ask('PATCH', '/api/v1/skills/noted', { description: `${text}, again` });
  await ask('POST', '/api/v1/skills/noted/versions/1/restore', {});
  await ask('GET', '/api/v1/skills/noted/versions');
}

/** A folder of SKILL.md and what it links to; a step reads that by a tool of its own. */
async function importFolder(): Promise<void> {
  const skillMd = `---\nname: folded\ndescription: About ${privateMark}\nlicense: ${privateMark}\n---\n\nRead [it](references/house.txt): ${text}\n`;
  const files = { 'SKILL.md': skillMd, 'references/house.txt': `The house: ${text}` };
  await ask('POST', '/api/v1/skills/import', { files });
  await ask('GET', '/api/v1/skills/folded');
  await ask('GET', '/api/v1/skills/folded/export');
}

/** A step is tried as it is, and as a draft with a secret in it. */
async function tryStep(executionId: string): Promise<void> {
  const tried = await ask('POST', '/api/v1/skills/succeed/tries', {
    step: 1,
    from: executionId,
    mode: 'live',
  });
  await settled(tried.executionId ?? '');
  const definition = {
    ...{ slug: 'succeed', name: text, description: text },
    steps: [{ id: 1, prompt: `SUCCEED ${text}`, guidance: text, allowedTools: [] }],
  };
  const draft = await ask('POST', '/api/v1/skills/succeed/tries', { step: 1, mode: 'live', definition });
  await settled(draft.executionId ?? '');
}

/** A call is asked about and refused with a word; its channels were told. */
async function decide(): Promise<void> {
  const steps = [
    { id: 1, prompt: 'PRIVATE', allowedTools: ['mcp__imported__echo'], approval: 'always' as const },
  ];
  await ask('POST', '/api/v1/skills', { slug: 'asks', name: 'asks', steps });
  const { executionId = '' } = await ask('POST', '/api/v1/skills/asks/run', {});
  for (;;) {
    const { status } = await must(vm.api('GET', `/api/v1/executions/${executionId}`));
    if (status === 'waiting_approval') break;
    if (status !== 'queued' && status !== 'running') throw new Error(`It is ${status}, and asked nobody`);
  }
  const list = (await must(vm.api('GET', '/api/v1/approvals?status=pending'))) as unknown as {
    items: { id: string }[];
  };
  said.push(JSON.stringify(list));
  for (const { id } of list.items)
    await ask('POST', `/api/v1/approvals/${id}`, { decision: 'deny', note: text });
  await settled(executionId);
}

/** Waits for the end, with its stream of events kept. */
export async function settled(id: string): Promise<string> {
  const headers = { authorization: `Bearer ${vm.token}`, accept: 'text/event-stream' };
  said.push(await (await fetch(new URL(`/api/v1/executions/${id}/events`, vm.url), { headers })).text());
  return (await ask('GET', `/api/v1/executions/${id}`)).status ?? '';
}
