// Signs in with the code behind the `#` of a one-time link. The code is taken out of the address before anything else
// happens, so it stays in no history; it is used by this script alone, so no prefetch of the link can use it up.
const status = document.getElementById('status');
const signOut = document.getElementById('sign-out');

function say(text, state) {
  status.textContent = text;
  status.dataset.state = state;
  signOut.hidden = state !== 'signed-in';
}

async function problemText(response) {
  try {
    const { detail, remedy } = await response.json();
    return [detail, remedy].filter(Boolean).join('. ');
  } catch {
    return `The VM answered ${response.status}.`; // not JSON: something else stands between
  }
}

async function signIn(code) {
  say('Signing in …', 'busy');
  const response = await fetch('/api/v1/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  if (response.ok) say('You are signed in.', 'signed-in');
  else say(await problemText(response), 'failed');
}

async function showSession() {
  const response = await fetch('/api/v1/session');
  if (response.ok) say('It is running, and you are signed in.', 'signed-in');
  else say('It is running. You are not signed in: open the link that `npm start` prints.', 'signed-out');
}

async function begin() {
  const code = new URLSearchParams(location.hash.slice(1)).get('code');
  if (code) {
    history.replaceState(null, '', '/');
    await signIn(code);
  } else {
    await showSession();
  }
}

const start = () => begin().catch(() => say('The VM does not answer. Is it still running?', 'failed'));

signOut.addEventListener('click', async () => {
  await fetch('/api/v1/session', { method: 'DELETE' });
  await showSession();
});

// A link opened in a tab that stands here already changes the fragment alone.
window.addEventListener('hashchange', () => {
  if (location.hash.length > 1) void start();
});

// A page that the browser prepares before anybody asked for it must not sign in.
if (document.prerendering) document.addEventListener('prerenderingchange', start, { once: true });
else void start();
