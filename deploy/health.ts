/** The container's health check: asks whichever program runs here whether it is ready. */
const address = process.env.ALFRED_HEALTH_URL ?? 'http://127.0.0.1:4280/readyz';
const answer = await fetch(address, { signal: AbortSignal.timeout(4000) }).catch(() => undefined); // not there: not ready
process.exit(answer?.ok === true ? 0 : 1);
