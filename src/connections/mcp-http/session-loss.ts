/**
 * How servers say that they have forgotten a session. The standard says 404; others answer with whatever their framework does
 * with an unknown key.
 */
import { isRecord } from '../../contract/is-record.ts';

/**
 * `refused`: the request was turned away for it, so that it can be sent again in a new session. `doubtful`: it may have been
 * carried out, and only what follows goes into a new session.
 */
export type SessionLoss = 'none' | 'refused' | 'doubtful';

/** An answer with words is read this far, in bytes; longer ones speak of something else. */
const longestWords = 4_000;

const ofSession =
  /\bsession\b.{0,60}\b(not found|not exist|unknown|invalid|expired|terminated|closed|missing|required)|\b(no|unknown|invalid|expired|missing|bad|no valid)\b.{0,20}\bsession\b|\bnot (been )?initiali[sz]ed\b/is;

/**
 * @param asked the method of the JSON-RPC request that was answered; undefined for a notification, or for listening, which
 * servers refuse for reasons of their own
 * @param worked whether something was answered in this session before
 */
export async function lossOf(
  response: Response,
  { asked, worked }: { asked: string | undefined; worked: boolean },
): Promise<SessionLoss> {
  const { status } = response;
  if (status === 404 || status === 410) return 'refused';
  if (status === 400) return (await wordsOf(response)).match(/session/i) ? 'refused' : 'none';
  if (asked === undefined || !worked) return 'none';
  if (status === 200) return (await isSessionError(response)) ? 'refused' : 'none';
  // Without a word of how to sign in, a login that was taken a moment ago is hardly what is missing.
  if (status === 401) return response.headers.has('www-authenticate') ? 'none' : 'refused';
  if (status !== 422 && status !== 500 && status !== 503) return 'none';
  // Nothing was done with what a server takes for malformed, and asking for a list again changes nothing.
  if (status === 422 || asked !== 'tools/call') return 'refused';
  return (await isSessionError(response)) ? 'refused' : 'doubtful';
}

/** The words of an answer, which stays to be read; cut where it is longer than words are. */
async function wordsOf(response: Response): Promise<string> {
  const reader = response.clone().body?.getReader();
  const chunks: Uint8Array[] = [];
  for (let size = 0; size <= longestWords; size += chunks.at(-1)?.byteLength ?? 0) {
    const next = await reader?.read();
    if (next?.value === undefined) return Buffer.concat(chunks).toString('utf8');
    chunks.push(next.value);
  }
  // Not waited for: one of two readers is let go only when the other is as well.
  void reader?.cancel();
  return Buffer.concat(chunks).toString('utf8', 0, longestWords);
}

/** What a tool's own code stumbled over, which may have sessions of its own with others. */
const internalError = -32_603;

/** True for an error of the protocol, whatever it is sent as, that speaks of the session. */
async function isSessionError(response: Response): Promise<boolean> {
  const isJson = /^application\/json\b/i.test(response.headers.get('content-type') ?? '');
  if (!isJson) return false;
  try {
    const answer: unknown = JSON.parse(await wordsOf(response));
    const error = isRecord(answer) ? answer.error : undefined;
    if (!isRecord(error) || error.code === internalError) return false;
    return typeof error.message === 'string' && ofSession.test(error.message);
  } catch {
    // Longer than an error is, or not JSON after all: the SDK says so better.
    return false;
  }
}
