/** A fetch of what the owner alone names: any address may be dialled, and the machine's proxy is asked for it. */
import { fetch, type RequestInit, type Response } from 'undici';
import { createOwnDialer } from './dialer.ts';

const dispatcher = createOwnDialer();

/** @throws TypeError as the global fetch */
export const fetchOwn = (url: string, init: RequestInit): Promise<Response> =>
  fetch(url, { ...init, dispatcher });
