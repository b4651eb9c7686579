/** The console as its owner uses it: a real browser, a real VM, real servers; the model is a scripted endpoint. */
import AxeBuilder from '@axe-core/playwright';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startCanary } from '../helpers/canary.ts';
import { type ConsoleOfTest, openConsole } from '../helpers/console.ts';
import { realServer, until } from '../helpers/mcp/stdio-link.ts';
import { type MessagesApi, startMessagesApi } from '../helpers/messages-api.ts';
import { askingQuery, startAskingProgram } from '../helpers/oauth/asking-program.ts';
import { startPushService } from '../helpers/push-service.ts';
import { settledLeftOver, speakInBrackets } from '../helpers/words/left-over.ts';

const key = 'sk-ant-canary-5d1f7c0a9b3e2468';
let model: MessagesApi;
let console: ConsoleOfTest;
let { vm, page, newPage, see, press, follow, open } = {} as ConsoleOfTest;

beforeAll(async () => {
  model = await startMessagesApi(({ body }) =>
    // After a decision the last message is ours, and the tool's answer stands before it.
    JSON.stringify(body.messages).includes('"tool_result"')
      ? { text: 'The report:\n\n- **Two** bills are due.\n- <img src=x onerror=alert(1)> is only text.' }
      : { text: 'I look.', toolCalls: [{ name: 'mcp__files__list_directory', input: { path: 'bills' } }] },
  );
  console = await openConsole();
  ({ vm, page, newPage, see, press, follow, open } = console);
});
afterAll(async () => {
  await console?.close();
  await model?.close();
});
afterEach(async ({ task }) => {
  await console.explain(task);
  expect(console.complaints()).toEqual([]);
});

it('signs in once by the link, which leaves no trace in the address', async () => {
  expect(page.url()).not.toContain('code');
  const cookies = await page.context().cookies();
  expect(cookies).toMatchObject([{ httpOnly: true, sameSite: 'Strict' }]);
  const other = await newPage();
  await other.goto(vm.signInUrl);
  await other.getByRole('alert').waitFor();
  expect(await other.getByRole('alert').innerText()).toMatch(/link/);
  expect(await other.getByText('Home').count()).toBe(0);
  await other.context().close();
  const failed = console.complaints().filter((text) => !text.includes('Failed to load resource'));
  expect(failed).toEqual([]);
});

it('keeps the address, and what was written, over a sign-in', async () => {
  const linkFor = async () => ((await vm.api('POST', '/api/v1/session/links')).body as { url: string }).url;
  const other = await newPage();
  await other.goto(new URL('/executions?status=failed', vm.url).href);
  // It is kept once the page asks to sign in.
  await other.getByLabel('Sign-in link').waitFor();
  await other.goto(await linkFor());
  await other.waitForURL(/\/executions\?status=failed$/);
  await other.goto(new URL('/skills/house-report/edit', vm.url).href);
  await other.getByLabel('What it does').fill('Written before the session ended');
  // Elsewhere, as from another tab.
  await other.request.delete(new URL('/api/v1/session', vm.url).href, { headers: { origin: vm.url } });
  // Whether or not the page was told already, and is behind the one that asks to sign in.
  await other.locator('main button', { hasText: 'Save' }).first().dispatchEvent('click');
  await other.getByRole('heading', { name: 'You are signed out' }).waitFor();
  await other.getByLabel('Sign-in link').fill(await linkFor());
  await other.getByRole('button', { name: 'Sign in' }).click();
  await other.getByRole('heading', { name: 'You are signed out' }).waitFor({ state: 'detached' });
  expect(await other.getByLabel('What it does').inputValue()).toBe('Written before the session ended');
  await expect.poll(() => other.title()).toBe('Edit House report · Alfred');
  const gone = await other.goto(new URL('/no/such/page', vm.url).href);
  expect(gone?.status()).toBe(404);
  await other.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
  await other.goto(new URL('/connections/nobody', vm.url).href);
  await other.getByRole('link', { name: 'All connections' }).waitFor();
  await other.context().close();
  expect(console.complaints().filter((text) => !text.includes('404'))).toEqual([]);
});

it('leads a newcomer from the first page to a run and to what it did', async () => {
  await press('Rehearse without one');
  await press('Not now');
  await press('Not now');
  await press('Run House report');
  await page.getByRole('dialog').getByRole('button', { name: 'Rehearse' }).click();
  await page.waitForURL(/\/executions\/[0-9a-f-]{36}$/);
  await page.getByText('succeeded', { exact: true }).first().waitFor();
  await see('heading', 'What came of it');
  await press(/files list_directory/);
  await page.getByText('Answered', { exact: true }).waitFor();
  await expect.poll(() => page.getByText('Step 2').count()).toBe(1);
  // It stands the same after a reload, and is the latest at home.
  await page.reload();
  await page.getByText('Step 2').waitFor();
  await open('/');
  await page.getByText(/1 run today, none failed/).waitFor();
});

it('connects what is pasted, after showing exactly what would run', async () => {
  await open('/connections/add');
  const line = `node ${realServer('server-everything')}`;
  await page.getByLabel(/A command line/).fill(line);
  await press('Show what it would do');
  await page.getByText(line).last().waitFor();
  expect((await vm.api('GET', '/api/v1/connections')).body).toMatchObject({ items: { length: 2 } });
  await press('Save 1 connection');
  await page.waitForURL(/\/connections\/[a-z]/);
  await page.getByText('waits for approval').waitFor();
  await press('Approve');
  await page.getByText(/^\d+ tools$/).waitFor();
  await press('Test');
  await page.getByText(/works: mcp-servers\/everything/).waitFor();
  await press(/^echo/);
  await page.getByLabel('message').fill('hello from the browser');
  await press('Try it');
  await page.getByText('Echo: hello from the browser').waitFor();
});

it('asks once by which zone the owner lives, where the browser is elsewhere than the machine', async () => {
  const other = await console.samePage({ timezoneId: 'Pacific/Marquesas' });
  await other.goto(vm.url);
  await other.getByText('This browser is in Pacific/Marquesas').waitFor();
  await other.getByRole('button', { name: 'Pacific/Marquesas' }).click();
  await other.getByText('This browser is in').waitFor({ state: 'detached' });
  const budget = async () => ((await vm.api('GET', '/api/v1/budget')).body as { timezone: string }).timezone;
  expect(await budget()).toBe('Pacific/Marquesas');
  // It was answered: from somewhere else one is not asked again.
  const abroad = await console.samePage({ timezoneId: 'Asia/Tokyo' });
  await abroad.goto(vm.url);
  await abroad.getByText('Spent', { exact: true }).first().waitFor();
  expect(await abroad.getByText('This browser is in').count()).toBe(0);
  await vm.api('DELETE', '/api/v1/config/timezone');
  await Promise.all([other.context().close(), abroad.context().close()]);
});

it('takes the key of a model, tries it, and never shows it again', async () => {
  await open('/settings');
  await page.getByLabel('Address', { exact: true }).fill(model.url);
  await page.getByLabel('Model', { exact: true }).fill('claude-sonnet-5-5');
  await page.getByLabel('API key').fill(key);
  await press('Save and try');
  await page.getByText(/is sealed in the vault/).waitFor();
  await page.getByText('claude-sonnet-5-5,').waitFor();
  expect((await vm.api('GET', '/api/v1/model')).body).toMatchObject({
    ...{ model: 'claude-sonnet-5-5', baseUrl: model.url, hasApiKey: true, rehearsal: false },
  });
  expect(model.requests).not.toEqual([]);
  await page.reload();
  await page.getByText(/is sealed in the vault/).waitFor();
  expect(await page.getByLabel('API key').inputValue()).toBe('');
  expect(await page.getByText('Rehearsal', { exact: true }).count()).toBe(0);
});

it('takes settings in units of people, and says at the field what is wrong', async () => {
  await page.getByLabel('A run may take, in minutes').fill('1.5');
  await page.getByLabel('A day may cost, in dollars').fill('lots');
  const save = async (field: string) =>
    await page.locator('form', { hasText: field }).getByRole('button', { name: 'Save' }).click();
  await save('A day may cost');
  await page.locator('[aria-invalid="true"]').waitFor();
  expect(await page.getByLabel('A day may cost, in dollars').getAttribute('aria-invalid')).toBe('true');
  await page.getByLabel('A day may cost, in dollars').fill('');
  await save('A run may take');
  await page.getByText('Saved').first().waitFor();
  const { items } = (await vm.api('GET', '/api/v1/config?limit=200')).body as {
    items: { key: string; value: string }[];
  };
  expect(items.find(({ key }) => key === 'run_timeout_ms')?.value).toBe('90000');
  expect(console.complaints().filter((text) => !text.includes('422'))).toEqual([]);
});

it('adds a channel of notices with the steps beside it, tests it, pauses it, and removes it after asking', async () => {
  const receiver = await startCanary((_request, response) => response.end('thanks'));
  try {
    await open('/settings#notices');
    const panel = page.locator('#notices');
    await panel.getByText('Nobody is told yet').waitFor();
    // One thing to do, which asks for no kind: this browser lets nobody show notices.
    await panel.getByRole('button', { name: 'Tell me by mail' }).click();
    await page.getByRole('dialog', { name: 'Add E-mail' }).getByRole('button', { name: 'Cancel' }).click();
    // This VM has no address but the machine's own.
    await panel.getByText(/^Notices come without links/).waitFor();
    await press('Add a channel');
    await page.getByRole('radio', { name: /^Webhook/ }).check();
    await press('Next');
    const dialog = page.getByRole('dialog', { name: 'Add Webhook' });
    await dialog.getByText('Have your program take a POST').waitFor();
    await dialog.getByText(/^Notices come without links/).waitFor();
    await dialog.getByLabel('Name', { exact: true }).fill('programs');
    await dialog.getByLabel('Address', { exact: true }).fill(receiver.url);
    await dialog.getByRole('button', { name: 'Add it' }).click();
    await dialog.getByText('is in your own network').waitFor();
    await dialog.getByLabel('It stands in my own network').check();
    await dialog.getByLabel('A run came to its end').check();
    await dialog.getByLabel('Quiet hours').check();
    expect(await dialog.getByLabel('From', { exact: true }).inputValue()).toBe('22:00');
    await dialog.getByLabel('Quiet hours').uncheck();
    await dialog.getByRole('button', { name: 'Add it' }).click();
    const made = page.getByRole('dialog', { name: 'The secret that signs' });
    const secret = (await made.locator('code').innerText()).trim();
    expect(secret).toMatch(/^whsec_/);
    await made.getByRole('button', { name: 'I have it' }).click();
    await panel.getByText('Nothing was sent yet').waitFor();
    await panel.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText('programs took the test').waitFor();
    await page.getByText('200 OK: thanks').waitFor();
    new Webhook(secret).verify(receiver.last().body, receiver.last().headers as Record<string, string>);
    await panel.getByRole('button', { name: 'Pause' }).click();
    await panel.getByText('Paused').waitFor();
    await panel.getByRole('button', { name: 'Change' }).click();
    const change = page.getByRole('dialog', { name: 'Change programs' });
    expect(await change.getByLabel('A run came to its end').isChecked()).toBe(true);
    expect(await change.getByLabel('Address', { exact: true }).inputValue()).toBe('');
    await change.getByRole('button', { name: 'Cancel' }).click();
    await panel.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await panel.getByText('Nobody is told yet').waitFor();
    expect(console.complaints().filter((text) => !text.includes('422'))).toEqual([]);
  } finally {
    await receiver.close();
  }
});

it('subscribes this browser to notices, encrypted for it alone, and takes that back with the channel', async () => {
  const service = await startPushService();
  const { key: p256dh, auth, endpoint } = service.subscription;
  // Of the push service of its maker, which is not reached from here, the browser has this one's keys.
  const other = await console.samePage({ viewport: { width: 390, height: 844 } });
  await other.addInitScript(`
    Object.defineProperty(Notification, 'permission', { get: () => 'default' });
    Notification.requestPermission = async () => 'granted';
    let made = null;
    const subscription = {
      toJSON: () => ({ endpoint: 'https://push.example/send/1', keys: ${JSON.stringify({ p256dh, auth })} }),
      unsubscribe: async () => { made = null; sessionStorage.setItem('unsubscribed', 'yes'); return true; },
    };
    PushManager.prototype.getSubscription = async () => made;
    PushManager.prototype.subscribe = async (options) => {
      sessionStorage.setItem('asked', JSON.stringify(options));
      made = subscription;
      return made;
    };`);
  try {
    await other.goto(new URL('/settings#notices', vm.url).href);
    const panel = other.locator('#notices');
    await panel.getByRole('button', { name: 'Tell me in this browser' }).click();
    const dialog = other.getByRole('dialog', { name: 'Add Browser' });
    await dialog.getByText('put Alfred on the home screen first').waitFor();
    await dialog.getByLabel('Name', { exact: true }).fill('phone');
    await dialog.getByRole('button', { name: 'Add it' }).click();
    await panel.getByText('this browser').waitFor();
    await panel.getByText('Chrome on Linux, by push.example').waitFor();
    const asked = JSON.parse((await other.evaluate(`sessionStorage.getItem('asked')`)) as string);
    const { publicKey } = (await vm.api('GET', '/api/v1/push-key')).body as { publicKey: string };
    expect(asked).toEqual({ userVisibleOnly: true, applicationServerKey: publicKey });

    const config = { endpoint, key: p256dh, auth, allowPrivateNetwork: true };
    expect((await vm.api('PATCH', '/api/v1/notice-channels/phone', { config })).status).toBe(200);
    await panel.getByRole('button', { name: 'Send a test' }).click();
    await other.getByText('phone took the test').waitFor();
    const [pushed] = await service.pushed();
    expect(pushed).toMatchObject({
      publicKey,
      payload: { title: 'A test from Alfred', path: '/settings#notices' },
    });

    // What came stands where it is shown: in the worker, which has it while no page is open.
    const worker =
      other.context().serviceWorkers()[0] ?? (await other.context().waitForEvent('serviceworker'));
    await other.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
    await worker.evaluate(
      `self.shown = []; registration.showNotification = async (...shown) => { self.shown.push(shown); }`,
    );
    const devtools = await other.context().newCDPSession(other);
    const registered = new Promise<string>((resolve) => {
      devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const [first] = registrations;
        if (first !== undefined) resolve(first.registrationId);
      });
    });
    await devtools.send('ServiceWorker.enable');
    await devtools.send('ServiceWorker.deliverPushMessage', {
      ...{ origin: `${new URL(vm.url).origin}/`, registrationId: await registered },
      data: JSON.stringify(pushed?.payload),
    });
    await until(async () => ((await worker.evaluate('self.shown.length')) as number) > 0);
    expect(await worker.evaluate('self.shown[0]')).toMatchObject([
      'A test from Alfred',
      { body: expect.stringContaining('the channel "phone"'), tag: 'test', icon: '/icon-192.png' },
    ]);

    service.answers(410);
    await panel.getByRole('button', { name: 'Send a test' }).click();
    await panel.getByText('This browser is subscribed no more').waitFor();
    await panel.getByText('Paused').waitFor();
    await panel.getByRole('button', { name: 'Change' }).click();
    const change = other.getByRole('dialog', { name: 'Change phone' });
    await change.getByLabel('Subscribe this browser anew').check();
    await change.getByRole('button', { name: 'Save' }).click();
    await panel.getByText('Paused').waitFor({ state: 'detached' });
    await panel.getByRole('button', { name: 'Remove' }).click();
    await other.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await panel.getByText('Nobody is told yet').waitFor();
    expect(await other.evaluate(`sessionStorage.getItem('unsubscribed')`)).toBe('yes');
  } finally {
    await other.context().close();
    await service.close();
  }
});

it('can be put on the home screen of a phone', async () => {
  const manifest = await page.request.get(new URL('/manifest.webmanifest', vm.url).href);
  expect(manifest.headers()['content-type']).toMatch(/^application\/manifest\+json/);
  const { icons, start_url, display } = await manifest.json();
  expect({ start_url, display }).toEqual({ start_url: '/', display: 'standalone' });
  for (const { src, type } of icons as { src: string; type: string }[]) {
    const icon = await page.request.get(new URL(src, vm.url).href);
    expect({ src, type: icon.headers()['content-type'] }).toEqual({ src, type });
  }
  const devtools = await page.context().newCDPSession(page);
  const { errors } = await devtools.send('Page.getAppManifest');
  expect(errors).toEqual([]);
});

it('opens the link of a notice without a session, decides nothing by it, and shows nothing else', async () => {
  const other = await newPage();
  await other.goto(new URL(`/approve#decide_${'A'.repeat(43)}`, vm.url).href);
  await other.getByText('This link decides about nothing any more').waitFor();
  // Not in the history either.
  expect(other.url()).toBe(new URL('/approve', vm.url).href);
  expect(await other.getByRole('navigation').count()).toBe(0);
  expect(await other.getByRole('button').count()).toBe(0);
  await other.reload();
  await other.getByText('There is nothing to decide here').waitFor();
  await other.context().close();
  expect(console.complaints().filter((text) => !text.includes('404'))).toEqual([]);
});

it('writes a skill with tools from the catalogue, runs it with its input, and shows what it costs', async () => {
  await open('/skills/write');
  await page.getByLabel('Name').fill('Bills of a month');
  await expect.poll(() => page.getByLabel('Slug').inputValue()).toBe('bills-of-a-month');
  await press('Save');
  await page.getByText('Say what is to be done.').waitFor();
  await page.getByLabel('What to do').fill('Which bills are there in {{month}}?');
  await press('None: choose tools');
  await page.getByLabel('Find a tool').fill('list_directory');
  await page.getByRole('checkbox', { name: /^list_directory only reads/ }).check();
  await press('Save');
  await see('heading', 'Bills of a month');
  await press('Run');
  await page.getByRole('textbox', { name: 'Month' }).fill('November');
  await page.getByRole('dialog').getByRole('button', { name: 'Run' }).click();
  await page.getByText('succeeded', { exact: true }).first().waitFor();
  // The model's Markdown is drawn; what looks like HTML in it is not.
  await page.locator('li', { hasText: 'Two bills are due.' }).first().waitFor();
  expect(await page.locator('img[src="x"]').count()).toBe(0);
  await page
    .getByText(/\$0\.0\d/)
    .first()
    .waitFor();
  expect(model.requests.at(-1)?.raw).toContain('November');
});

it('keeps every version, shows the difference and goes back', async () => {
  await open('/skills/bills-of-a-month/edit');
  await page.getByLabel('What to do').fill('Which bills of {{month}} are unpaid?');
  await press('Save');
  await see('heading', 'Bills of a month');
  await page.getByRole('button', { name: /^1 / }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('del', { hasText: 'there' }).first().waitFor();
  await dialog.locator('ins', { hasText: 'unpaid' }).first().waitFor();
  await press('Go back to version 1');
  await page.getByText('Version 1 is current again').waitFor();
  const skill = (await vm.api('GET', '/api/v1/skills/bills-of-a-month')).body as { version: number };
  expect(skill.version).toBe(3);
});

it('shows a call that waits for a person, and makes exactly that call when it is approved', async () => {
  await vm.api('POST', '/api/v1/skills', {
    slug: 'asks-first',
    name: 'Asks first',
    steps: [
      { id: 1, prompt: 'List the bills', allowedTools: ['mcp__files__list_directory'], approval: 'always' },
    ],
  });
  const input = { path: 'bills', note: 'pay 10\u202e\u009b0\u200b EUR' };
  model.setScript(({ body }) =>
    JSON.stringify(body.messages).includes('"tool_result"')
      ? { text: 'Done.' }
      : { toolCalls: [{ name: 'mcp__files__list_directory', input }] },
  );
  const started = await vm.api('POST', '/api/v1/skills/asks-first/run', {});
  await open('/');
  await page.getByText('wants to do this with').waitFor();
  await page.getByText('list directory', { exact: true }).waitFor();
  const rows = page.getByRole('article').locator('dl > div');
  expect((await rows.allInnerTexts()).map((text) => text.split(/\n+/))).toEqual([
    ['Path', 'bills'],
    ['Note', String.raw`pay 10\u202e\u009b0\u200b EUR`],
  ]);
  await page.getByText('As it is sent').click();
  await page.getByText('mcp__files__list_directory').waitFor();
  const shown = await page.locator('pre', { hasText: '"bills"' }).innerText();
  expect(shown).toContain(String.raw`"note": "pay 10\u202e\u009b0\u200b EUR"`);
  expect(JSON.parse(shown)).toEqual(input);
  await follow('Asks first');
  await press('Approve');
  await page.getByText('succeeded', { exact: true }).first().waitFor();
  expect(page.url()).toContain((started.body as { executionId: string }).executionId);
});

it('filters executions in the address, and cancels one under way', async () => {
  await open('/executions');
  await page.getByLabel('Mode').selectOption('live');
  await page.waitForURL(/mode=live/);
  await page.reload();
  await see('link', /Bills of a month.*Two bills are due/s);
  await see('heading', /^Today\s*· \d+ runs/);
  expect(await page.getByRole('link', { name: /House report/ }).count()).toBe(0);
  model.setScript(() => ({ text: 'Long. '.repeat(200), eventDelayMs: 60_000 }));
  const started = await vm.api('POST', '/api/v1/skills/bills-of-a-month/run', { input: { month: 'May' } });
  const { executionId } = started.body as { executionId: string };
  const row = page.locator(`a[href="/executions/${executionId}"]`);
  // The list says so by itself.
  await row.getByText('running', { exact: true }).filter({ visible: true }).waitFor();
  await row.click();
  await press('Cancel');
  await page.getByText('cancelled', { exact: true }).first().waitFor();
  await page.goBack();
  await row.getByText('cancelled', { exact: true }).filter({ visible: true }).waitFor();
  await row.click();
  await see('button', 'Run again');
});

it('keeps what the owner says of a result, and finds it again with what it came to', async () => {
  const found = await vm.api('GET', '/api/v1/executions?skill=bills-of-a-month&status=succeeded&limit=1');
  const { items } = found.body as { items: { id: string }[] };
  await open(`/executions/${items[0]?.id}`);
  await press('Pin');
  await press('It was good');
  await press('Comment');
  await page.getByLabel('Your comment').fill('It has **both** bills.');
  await press('Save');
  await press(/^Your comment, to change/);
  await page.keyboard.press('Escape');
  await open('/executions');
  await page.getByLabel('You said', { exact: true }).selectOption('pinned');
  await page.waitForURL(/pinned=/);
  await page.getByText(/^1 run · .+ in all$/).waitFor();
  await page.getByRole('img', { name: 'you said: It has **both** bills.' }).waitFor();
  await press('Saved filters');
  await page.getByRole('menuitem', { name: /^Save what/ }).click();
  // What is said in a corner afterwards has the role of a dialog too.
  const naming = page.getByRole('dialog', { name: 'Save what is looked for' });
  await naming.getByLabel('Name').fill('worth keeping');
  await naming.getByRole('button', { name: 'Save' }).click();
  await naming.waitFor({ state: 'detached' });
  await open('/executions');
  await press('Saved filters');
  await page.getByRole('menuitem', { name: 'worth keeping' }).click();
  await page.waitForURL(/pinned=/);
  await open('/executions?status=cancelled&since=24h');
  await page.getByText(/^\d+ runs? · .+ in all$/).waitFor();
  // A day's letter, and where the money went.
  await open('/');
  // By the keyboard: what is told above it comes later, and moves it.
  await page.getByRole('link', { name: 'Yesterday', exact: true }).press('Enter');
  await page.getByText('No letter of this day').waitFor();
  await page.getByRole('link', { name: 'The day after' }).click();
  await page.locator('article', { hasText: 'It has **both** bills.' }).waitFor();
  await open('/costs?days=7');
  await press('Show a table');
  await page.locator('table').first().locator('tbody tr').first().waitFor();
  await page.getByRole('link', { name: 'files', exact: true }).click();
  await page.waitForURL(/connection=files/);
  await page.getByRole('button', { name: /Connection files/ }).click();
  await page.waitForURL((url) => !url.search.includes('connection'));
});

it('says what the calendar month cost as its cap counts it, and which cap of a skill is used up', async () => {
  await vm.api('PUT', '/api/v1/config/max_cost_per_month_usd', { value: '20' });
  await open('/costs');
  await page.getByText(/ so far, of the \$20\.00 that a month may cost, for \d+ runs/).waitFor();
  const spent = await page.locator('dl div', { hasText: 'Spent' }).locator('dd').innerText();
  await page
    .locator('header', { hasText: `${spent} in ` })
    .first()
    .waitFor();
  const { month } = (await vm.api('GET', '/api/v1/budget')).body as { month: { spentUsd: number } };
  expect(Number(spent.slice(1))).toBeCloseTo(month.spentUsd, 2);
  // The months before, by button, by key and by address; and back.
  await press('The month before');
  await page.waitForURL(/month=\d{4}-\d\d$/);
  const before = new URL(page.url()).searchParams.get('month') ?? '';
  await page.keyboard.press('<');
  await page.waitForURL((url) => (url.searchParams.get('month') ?? before) < before);
  await page.keyboard.press('>');
  await page.waitForURL((url) => url.searchParams.get('month') === before);
  await page.reload();
  await page.getByText(/^\$0 in .+, for 0 runs/).waitFor();
  await page.getByText('Nothing ran in this time.').first().waitFor();
  await press('The month after');
  await page.waitForURL((url) => url.search === '');
  await vm.api('DELETE', '/api/v1/config/max_cost_per_month_usd');
  const cap = (maxCostPerDayUsd: number | null) =>
    vm.api('PATCH', '/api/v1/skills/bills-of-a-month', { maxCostPerDayUsd });
  await cap(0.00001);
  await open('/');
  await page.getByText('Used up: it runs no more today.').waitFor();
  await page.getByRole('button', { name: /^Raise to .+: Bills of a month$/ }).waitFor();
  await follow(/^Bills of a month.* today/s);
  await page.waitForURL(/bills-of-a-month\/edit#maxCostPerDayUsd$/);
  expect((await cap(null)).status).toBe(200);
});

it('runs again what failed, once that was confirmed, and each no second time', async () => {
  await vm.api('POST', '/api/v1/skills', {
    slug: 'no-input',
    name: 'No input',
    steps: [{ id: 1, prompt: 'Go', allowedTools: [] }],
  });
  model.setScript(() => ({ fail: 'bad-request' }));
  await vm.api('POST', '/api/v1/skills/no-input/run?wait=60', {});
  await open('/executions?skill=no-input');
  model.setScript(() => ({ text: 'It went well this time.' }));
  await press('Run 1 failed again');
  await press('Run them again');
  await page.getByRole('link', { name: /No input.*It went well this time/s }).waitFor();
  await press('Run 1 failed again');
  await press('Run them again');
  await page.getByText('1 left out: It was run again already.').waitFor();
});

it('finds everything from the keyboard', async () => {
  /** Enter takes what is highlighted: what was read last comes last. */
  const chosen = (name: RegExp) =>
    page.getByRole('option', { name }).and(page.locator('[data-highlighted]')).waitFor();
  await open('/');
  await page.getByText(/today/).first().waitFor();
  // What was found out is read at home.
  await page.locator('article li', { hasText: 'bills are due' }).first().waitFor();
  // The second counts within a second of the first, and a busy page is slow to say that it has that.
  await Promise.all([page.keyboard.press('g'), page.keyboard.press('v')]);
  await see('heading', 'Vault');
  await page.keyboard.press('?');
  await page.getByRole('dialog').getByText('Go to Vault').waitFor();
  await page
    .getByRole('dialog')
    .getByRole('link', { name: /^All help/ })
    .click();
  await page.getByRole('heading', { name: 'What do you want to do?' }).waitFor();
  await page.getByRole('link', { name: /^Operations/ }).click();
  await page.getByRole('link', { name: 'Money', exact: true }).click();
  await see('heading', 'Money');
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder(/Go to/).fill('bills are due');
  await page
    .getByRole('option', { name: /^Bills of a month: Two bills are due/ })
    .first()
    .waitFor();
  await page.getByPlaceholder(/Go to/).fill('connection memory');
  await chosen(/^memory$/);
  await page.keyboard.press('Enter');
  await see('heading', 'memory');
  // Settings too, by their sections, their labels, and other words for either.
  const look = async (typed: string) => {
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder(/Go to/).fill(typed);
    await page.getByRole('option', { name: 'Search all runs' }).waitFor();
  };
  await look('cap');
  await page.getByRole('option', { name: 'A month may cost, in dollars' }).waitFor();
  await page.keyboard.press('Escape');
  await look('time zone');
  await chosen(/^Time zone/);
  await page.keyboard.press('Enter');
  await page.waitForURL(/settings#timezone$/);
  await page.locator('#timezone input:focus').waitFor();
  await look('who can start');
  await chosen(/^See who and what can start/);
  await page.keyboard.press('Enter');
  await page.waitForURL(/settings#starts$/);
  const starts = page.locator('#starts');
  await starts.getByText(/^\d+ browsers?, by hand and in conversations\.$/).waitFor();
  await starts.getByRole('link', { name: /Signed in$/ }).click();
  await page.waitForURL(/settings#sessions$/);
});

it('finds what was typed and nothing else, and begins anew when it opens again', async () => {
  await open('/');
  await see('heading', /^Good /);
  await page.keyboard.press('Control+k');
  const field = page.getByPlaceholder(/Go to/);
  const found = () => page.getByRole('option').allInnerTexts();
  // Letter by letter: of the many runs that say the same, each is another.
  for (const typed of ['b', 'bills', 'bills of nobody']) await field.fill(typed);
  await expect.poll(found).toEqual(['Search all runs for “bills of nobody”']);
  await page.keyboard.press('Escape');
  await field.waitFor({ state: 'detached' });
  await page.keyboard.press('Control+k');
  expect(await field.inputValue()).toBe('');
  await page.keyboard.press('Escape');
});

it('has on a phone all that there is, behind the last button below', async () => {
  const phone = await console.samePage({ viewport: { width: 390, height: 844 } });
  await phone.goto(vm.url);
  const more = () => phone.getByRole('button', { name: 'More', exact: true }).click();
  await more();
  for (const name of ['Find', 'Stop everything', 'Sign out'])
    await phone.getByRole('button', { name, exact: true }).waitFor();
  await phone.getByRole('link', { name: 'Vault', exact: true }).click();
  await phone.getByRole('heading', { name: 'Vault', exact: true }).waitFor();
  await phone.getByRole('button', { name: 'Stop everything', exact: true }).waitFor({ state: 'hidden' });
  await more();
  await phone.getByRole('button', { name: 'Stop everything', exact: true }).click();
  await phone.getByRole('heading', { name: 'Stop everything?' }).waitFor();
  await phone.keyboard.press('Escape');
  await more();
  await phone.getByRole('button', { name: 'Find', exact: true }).click();
  await phone.getByPlaceholder(/Go to/).waitFor();
  await phone.context().close();
});

it('says that a part of a page did not come, and has the page loaded anew', async () => {
  const other = await console.samePage({});
  for (const address of [/\/assets\/over-page-/, /\/healthz$/])
    await other.route(address, (route) => route.abort());
  await other.goto(vm.url);
  await other.getByRole('heading', { name: /^Good / }).waitFor();
  await other.keyboard.press('Control+k');
  await other.getByRole('alert').getByText('The server does not answer.').waitFor();
  await other.unrouteAll();
  await other.getByRole('button', { name: 'Try again' }).click();
  await other.getByRole('button', { name: 'Load the page anew' }).click();
  await other.getByRole('heading', { name: /^Good / }).waitFor();
  await other.keyboard.press('Control+k');
  await other.getByPlaceholder(/Go to/).waitFor();
  await other.context().close();
  // As the browser reports what did not come.
  const failed = console.complaints().filter((text) => !text.includes('Failed to load resource'));
  expect(failed).toEqual([]);
});

it('asks before a loss, and says what becomes of the record', async () => {
  await open('/skills/bills-of-a-month');
  await press('Remove this skill');
  const dialog = page.getByRole('alertdialog');
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  await press('Remove this skill');
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await page.getByText('Its executions stay on record.').waitFor();
  expect((await vm.api('GET', '/api/v1/skills/bills-of-a-month')).status).toBe(404);
});

it('replays a run whose skill is gone, and sets both side by side', async () => {
  const latest = await vm.api('GET', '/api/v1/executions?skill=bills-of-a-month&limit=1');
  const { items } = latest.body as { items: { id: string }[] };
  await open(`/executions/${items[0]?.id}`);
  await press('Replay');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Its skill was removed: the version that ran is replayed.').waitFor();
  await dialog.getByLabel('Model').fill('rehearsal');
  await dialog.getByRole('button', { name: 'Replay' }).click();
  await page.waitForURL(/\/executions\/[^/]+\/comparison$/);
  await page.getByText(/^(They differ in|Both said and did)/).waitFor();
  await page.getByRole('link', { name: 'The replay' }).click();
  await page.getByText(/No tool was called: it is a replay of an earlier run/).waitFor();
  await page.getByRole('link', { name: 'Side by side' }).waitFor();
});

it('lets its owner in by a passkey and a password, and asks again before who gets in is changed', async () => {
  const local = vm.url.replace('127.0.0.1', 'localhost');
  const other = await console.samePage({});
  const device = await other.context().newCDPSession(other);
  await device.send('WebAuthn.enable');
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true } as const;
  const { authenticatorId } = await device.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...options,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await other.goto(new URL('/settings', vm.url).href);
  await other.getByRole('button', { name: 'Go there, signed in' }).click();
  await other.waitForURL(`${local}/settings`);
  await other.getByLabel('A new passkey on').fill('my laptop');
  await other.getByRole('button', { name: 'Add it' }).click();
  await other.getByText('for localhost · never used').waitFor();
  // One device has one.
  await other.getByLabel('A new passkey on').fill('my laptop, again');
  await other.getByRole('button', { name: 'Add it' }).click();
  await other.getByText('has a passkey for Alfred already').waitFor();

  // From no page: one that hears of it meanwhile would be come back to, in place of Home.
  const signOut = async () => {
    await other.goto('about:blank');
    await other.request.delete(`${local}/api/v1/session`, { headers: { origin: local } });
    await other.goto(local);
  };
  const byPasskey = () => other.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await signOut();
  await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await byPasskey();
  await other.getByText('No passkey was used').waitFor();
  await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
  await byPasskey();
  await other.getByRole('heading', { name: /^Good / }).waitFor();
  const elsewhere = await newPage();
  await elsewhere.goto(vm.url);
  await elsewhere.getByRole('link', { name: local }).waitFor();
  await elsewhere.context().close();

  await other.goto(`${local}/settings`);
  await other.getByText(/since .* by a passkey/).waitFor();
  // As of a sign-in of long ago; what follows is the server's own.
  await other.route('**/api/v1/session/links', (route) => route.fulfill({ status: 403, json: stale }), {
    times: 1,
  });
  await other.getByRole('button', { name: 'Make a link' }).click();
  await other
    .getByRole('dialog', { name: 'Is it you?' })
    .getByRole('button', { name: /passkey/ })
    .click();
  await other.getByText(`${local}/#code=`).waitFor();
  await other.getByRole('button', { name: 'Set a password' }).click();
  await other.getByLabel('New password').fill('a sentence of ours');
  await other.getByLabel('The same again').fill('a sentence of theirs');
  await other.getByRole('button', { name: 'Set it' }).click();
  await other.getByText('This is not the same.').waitFor();
  await other.getByLabel('The same again').fill('a sentence of ours');
  await other.getByRole('button', { name: 'Set it' }).click();
  await other.getByText('The password signs you in').waitFor();
  await other.getByRole('button', { name: 'Rename', exact: true }).click();
  const renaming = other.getByRole('dialog', { name: 'Rename the passkey' });
  await renaming.getByLabel('Name').fill('my old laptop');
  await renaming.getByRole('button', { name: 'Save' }).click();
  await renaming.waitFor({ state: 'detached' });
  await other.getByText('my old laptop', { exact: true }).waitFor();
  await other.getByRole('button', { name: 'Remove', exact: true }).click();
  await other.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await other.getByText('The passkey signs nobody in any more').waitFor();
  await signOut();
  await other.getByLabel('Password').fill('a sentence of theirs');
  await other.getByRole('button', { name: 'Sign in' }).click();
  await other.getByText('The password is not right').waitFor();
  await other.getByLabel('Password').fill('a sentence of ours');
  await other.getByRole('button', { name: 'Sign in' }).click();
  await other.getByRole('heading', { name: /^Good / }).waitFor();
  await other.goto(`${local}/settings`);
  await other.getByRole('button', { name: 'Remove the password' }).click();
  await other.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await other.getByText('There is no password any more').waitFor();
  await signOut();
  await other.getByLabel('Sign-in link').waitFor();
  expect(await other.getByRole('button', { name: 'Sign in with a passkey' }).count()).toBe(0);
  await other.context().close();
  expect(console.complaints().filter((text) => !text.includes('403'))).toEqual([]);
});

const stale = {
  type: 'about:blank',
  title: 'Forbidden',
  status: 403,
  code: 'E_SIGN_IN_AGAIN',
  detail: 'Old',
};

it('lets a program in that asks by OAuth, for the chosen skill alone, and shuts it out', async () => {
  const app = await startAskingProgram(new URL('/mcp', vm.url));
  try {
    await expect(app.connect()).rejects.toThrow();
    // Its owner is asked to sign in first, where nobody is.
    const other = await newPage();
    await other.goto((await app.askedFor).href);
    const { url } = (await vm.api('POST', '/api/v1/session/links')).body as { url: string };
    await other.getByLabel('Sign-in link').fill(url);
    await other.getByRole('button', { name: 'Sign in', exact: true }).click();
    await other.getByRole('heading', { name: 'The e2e editor asks to run your skills' }).waitFor();
    await other.getByText('Nobody: any program').waitFor();
    await other.getByRole('radio', { name: /^Chosen skills/ }).check();
    await other.getByRole('checkbox', { name: 'House report' }).check();
    // Whatever comes to the front waits for a moment before it can be pressed.
    await other.locator('button[type="submit"]:enabled', { hasText: 'Let it in' }).waitFor();
    // Answers once it cannot be.
    await other.evaluate(`new Promise((resolve) => {
      const button = document.querySelector('main button[type="submit"]');
      new MutationObserver(() => button.disabled && resolve()).observe(button, { attributes: true });
      window.dispatchEvent(new Event('focus'));
    })`);
    // As of a sign-in of long ago: whoever finds the page open lets nobody in.
    await other.route('**/api/v1/apps/decide', (route) => route.fulfill({ status: 403, json: stale }), {
      times: 1,
    });
    await other.getByRole('button', { name: 'Let it in' }).click();
    const again = other.getByRole('dialog', { name: 'Is it you?' });
    const fresh = (await vm.api('POST', '/api/v1/session/links')).body as { url: string };
    await again.getByLabel('Sign-in link').fill(fresh.url);
    await again.getByRole('button', { name: 'Sign in', exact: true }).click();
    const client = await app.comeBack();
    await other.context().close();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['house-report', 'get_execution']);
    await open('/settings');
    const row = page.getByRole('list', { name: 'Programs that were let in' }).getByText('The e2e editor');
    await row.waitFor();
    expect((await vm.cli(['token', 'list'])).stdout).toContain('The e2e editor (app)');
    await page
      .locator('#starts')
      .getByRole('link', { name: /The e2e editor.*It starts house-report\./ })
      .waitFor();
    await press('Shut out');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Shut out' }).click();
    // Behind a dialog no role is found: first it goes, which it does once the program is out.
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await row.waitFor({ state: 'detached' });
    await expect(client.callTool({ name: 'get_execution', arguments: {} })).rejects.toThrow();
    expect(console.complaints().filter((text) => !text.includes('403'))).toEqual([]);
  } finally {
    await app.close();
  }
});

it('speaks German where its owner wants it, and says nothing past its catalog', async () => {
  await open('/settings');
  await page.getByLabel('Language', { exact: true }).selectOption('de');
  await page.locator('#language').getByRole('button', { name: 'Save' }).click();
  try {
    await see('heading', 'Einstellungen');
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    await follow('Start');
    await see('heading', /^Gute/);
    const other = await console.samePage({});
    const told = await speakInBrackets(other);
    const { items } = (await vm.api('GET', '/api/v1/executions?limit=1')).body as { items: { id: string }[] };
    const places = [
      '/',
      '/executions',
      `/executions/${items[0]?.id}`,
      '/skills',
      '/connections',
      '/settings',
    ];
    const left: Record<string, string[]> = {};
    for (const place of places) {
      await other.goto(new URL(place, vm.url).href);
      await other.locator('main h1').first().waitFor();
      await other.getByText('Lädt').first().waitFor({ state: 'detached' });
      left[place] = await settledLeftOver(other, told);
    }
    await other.context().close();
    // German words are longer: they are to fit on the narrowest page as well, without brackets, in the letters of the system too, which
    // a page keeps where its own come late.
    const narrow = await console.samePage({ viewport: { width: 320, height: 844 } });
    for (const place of [...places, '/skills/house-report/edit', '/connections/add', '/costs', '/vault']) {
      await narrow.goto(new URL(place, vm.url).href);
      await narrow.locator('main h1').first().waitFor();
      await narrow.getByText('Lädt').first().waitFor({ state: 'detached' });
      const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      await expect
        .poll(async () => ({ place, overflow: await narrow.evaluate(overflow) }))
        .toEqual({ place, overflow: 0 });
    }
    // What is held over a page is named by the browser, in no language.
    await narrow.goto(new URL('/skills', vm.url).href);
    await narrow.locator('main h1').first().waitFor();
    await expect
      .poll(async () => {
        await narrow.evaluate(`(() => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(['x'], 'SKILL.md'));
          window.dispatchEvent(new DragEvent('dragover', { dataTransfer }));
        })()`);
        return await narrow.getByText(/^Legen Sie die SKILL\.md/).count();
      })
      .toBe(1);
    await narrow.context().close();
    expect(left).toEqual(Object.fromEntries(places.map((place) => [place, []])));
  } finally {
    await vm.api('DELETE', '/api/v1/config/language');
    await page.reload();
  }
  await see('heading', /^Good /);
});

it('is accessible and fits on every kind of screen, in light and dark, wide and on a phone', {
  timeout: 600_000,
}, async () => {
  const latest = (await vm.api('GET', '/api/v1/executions?limit=1')).body as { items: { id: string }[] };
  // One of each kind; scripts/looks.ts goes through all of them, in more looks and with long words.
  const paths = [
    '/',
    '/executions',
    `/executions/${latest.items[0]?.id}`,
    `/executions/${latest.items[0]?.id}/comparison`,
    '/days/2026-11-27',
    '/costs',
    '/help/operations?section=money',
    '/skills',
    '/skills/house-report/edit',
    '/connections/memory',
    '/connections/add',
    '/proposals',
    '/settings',
    `/oauth/authorize?${await askingQuery(vm.url)}`,
  ];
  for (const look of [
    { colorScheme: 'light', viewport: { width: 1280, height: 900 } },
    { colorScheme: 'dark', viewport: { width: 390, height: 844 } },
  ] as const) {
    const other = await console.samePage(look);
    for (const path of paths) {
      await other.goto(new URL(path, vm.url).href);
      await other.locator('main h1').waitFor();
      await other.getByText('Loading', { exact: true }).first().waitFor({ state: 'detached' });
      const axe = new AxeBuilder({ page: other });
      // Built alike, they differ in their colours.
      if (look.colorScheme === 'dark') axe.withRules(['color-contrast']);
      const { violations } = await axe.analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      const found = serious.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' · ')}`,
      );
      expect({ path, look: look.colorScheme, found }).toEqual({ path, look: look.colorScheme, found: [] });
      // The narrowest that a page must fit on: 320 pixels, or 1,280 at four times their size.
      if (look.colorScheme === 'dark') await other.setViewportSize({ width: 320, height: 844 });
      const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      await expect
        .poll(async () => ({ path, overflow: await other.evaluate(overflow) }))
        .toEqual({ path, overflow: 0 });
      await other.setViewportSize(look.viewport);
    }
    await other.context().close();
  }
});

it('says that the server is away where a proxy says it, and goes on when it is back', async () => {
  const gateway = { status: 502, contentType: 'text/html', body: '<h1>502 Bad Gateway</h1>' };
  const other = await console.samePage({});
  await other.goto(new URL('/executions', vm.url).href);
  await other.getByRole('heading', { name: 'Executions' }).first().waitFor();
  await other.route(/\/api\/v1\//, (route) => route.fulfill(gateway));
  // What is asked next, the stream among it, is answered by the proxy.
  await other.getByRole('link', { name: 'Skills', exact: true }).first().click();
  await other.getByText('The server does not answer.').first().waitFor();
  await other.unrouteAll();
  await other.getByText('The server does not answer.').first().waitFor({ state: 'hidden' });
  await other.context().close();
  expect(console.complaints().filter((text) => !text.includes('502'))).toEqual([]);
});

it('opens the streams of a page again that a proxy answered in place of the server', async () => {
  const gateway = { status: 502, contentType: 'text/html', body: '<h1>502 Bad Gateway</h1>' };
  const other = await console.samePage({});
  let refused = 0;
  await other.route(/\/events(\?|$)/, (route) => {
    refused += 1;
    return route.fulfill(gateway);
  });
  const steps = [{ id: 1, prompt: 'Look around.' }];
  await vm.api('POST', '/api/v1/skills', { slug: 'looks', name: 'Looks', steps });
  const run = (await vm.api('POST', '/api/v1/skills/looks/run', {})).body as { executionId: string };
  await other.goto(new URL(`/executions/${run.executionId}`, vm.url).href);
  await expect.poll(() => refused).toBeGreaterThan(1);
  await other.unrouteAll();
  const opened = new Set<string>();
  other.on('response', (answer) => {
    if (answer.status() === 200 && /\/events(\?|$)/.test(answer.url()))
      opened.add(new URL(answer.url()).pathname);
  });
  await expect
    .poll(() => [...opened].sort())
    .toEqual(['/api/v1/events', `/api/v1/executions/${run.executionId}/events`]);
  await other.context().close();
  expect(console.complaints().filter((text) => !text.includes('502'))).toEqual([]);
});
